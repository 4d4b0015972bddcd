//! The state of rewriting one function body: names in scope, enclosing loops, errors found.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{format_ident, quote};
use std::collections::HashMap;

/// What a name stands for in the twin.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub(crate) enum Kind {
    /// A `mut` binding: a `Var` that is read where the name is.
    Mut,
    /// A `&mut` reference: the `Var` itself.
    Ref,
    /// A value.
    Val,
    /// A value, or a `&mut` reference that only its type tells: reads of its parts go through `val`.
    Maybe,
    /// A value of a type with no leaves (a closure) in a Rust variable of its own.
    Native,
}

/// What a generic parameter is.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub(crate) enum Generic {
    /// A number: its proxy is `Expr<T>`.
    Scalar,
    /// A closure or function: stands for itself.
    Closure,
    /// Something with a trait of the user's: in the twin it is the proxy itself.
    Proxy,
}

/// An enclosing loop or labelled block.
pub(crate) struct Loop {
    /// Its label in the source.
    pub(crate) label: Option<String>,
    /// The token that `break` goes to.
    pub(crate) brk: Ident,
    /// The token that `continue` goes to; none for a labelled block.
    pub(crate) cont: Option<Ident>,
}

/// The state.
pub(crate) struct Cx {
    /// Path of the facade, or of the core.
    pub(crate) krate: TokenStream,
    /// The innermost scope is last.
    scopes: Vec<HashMap<String, Kind>>,
    /// The innermost loop is last; a closure starts afresh.
    pub(crate) loops: Vec<Loop>,
    /// Closures bound to a name: which of their parameters are slices.
    slices: HashMap<String, Vec<bool>>,
    /// Generic parameters by name.
    pub(crate) generics: HashMap<String, Generic>,
    /// What `Self` is, in an impl block: the plain type.
    pub(crate) self_ty: Option<syn::Type>,
    /// The pattern being rewritten always matches.
    pub(crate) irrefutable: bool,
    /// Where `return` and `?` go.
    pub(crate) ret: Option<Ident>,
    /// The statement that gives the function a derivative rule.
    pub(crate) rule: TokenStream,
    errors: Vec<syn::Error>,
    fresh: usize,
}

impl Cx {
    pub(crate) fn new(krate: TokenStream) -> Cx {
        Cx {
            krate,
            scopes: vec![HashMap::new()],
            loops: Vec::new(),
            slices: HashMap::new(),
            generics: HashMap::new(),
            self_ty: None,
            irrefutable: false,
            ret: None,
            rule: TokenStream::new(),
            errors: Vec::new(),
            fresh: 0,
        }
    }
    /// Records an error at a place.
    pub(crate) fn error(&mut self, span: Span, message: impl std::fmt::Display) {
        self.errors.push(syn::Error::new(span, message));
    }
    /// Records an error and stands in for the expression.
    pub(crate) fn unsupported(
        &mut self,
        span: Span,
        message: impl std::fmt::Display,
    ) -> TokenStream {
        self.error(span, message);
        quote!(__s::diverge(__b))
    }
    pub(crate) fn take_errors(&mut self) -> Vec<syn::Error> {
        std::mem::take(&mut self.errors)
    }
    /// A name that nothing else has.
    pub(crate) fn fresh(&mut self, base: &str) -> Ident {
        self.fresh += 1;
        format_ident!("__{}{}", base, self.fresh)
    }
    pub(crate) fn push(&mut self) {
        self.scopes.push(HashMap::new());
    }
    pub(crate) fn pop(&mut self) {
        self.scopes.pop();
    }
    pub(crate) fn bind(&mut self, name: &Ident, kind: Kind) {
        if let Some(s) = self.scopes.last_mut() {
            s.insert(name.to_string(), kind);
        }
    }
    /// The kind of a name bound in the body.
    pub(crate) fn lookup(&self, name: &Ident) -> Option<Kind> {
        let name = name.to_string();
        self.scopes.iter().rev().find_map(|s| s.get(&name).copied())
    }
    /// Notes which parameters of a closure bound to a name are slices: an array given there is borrowed as one.
    pub(crate) fn closure_slices(&mut self, name: &Ident, c: &syn::ExprClosure) {
        let slice = |p: &syn::Pat| match p {
            syn::Pat::Type(t) => match &*t.ty {
                syn::Type::Reference(r) => {
                    r.mutability.is_none() && matches!(&*r.elem, syn::Type::Slice(_))
                }
                _ => false,
            },
            _ => false,
        };
        let of = c.inputs.iter().map(slice).collect();
        self.slices.insert(name.to_string(), of);
    }
    /// Whether parameter `i` of the closure of that name is a slice.
    pub(crate) fn is_slice_param(&self, name: &Ident, i: usize) -> bool {
        let of = self.slices.get(&name.to_string());
        of.and_then(|v| v.get(i)).copied().unwrap_or(false)
    }
    /// All names of a kind in scope, the innermost of each name.
    pub(crate) fn names(&self, kind: Kind) -> Vec<String> {
        let mut seen: HashMap<&str, Kind> = HashMap::new();
        for s in self.scopes.iter().rev() {
            for (n, k) in s {
                seen.entry(n).or_insert(*k);
            }
        }
        let mut out: Vec<String> = seen
            .into_iter()
            .filter(|(_, k)| *k == kind)
            .map(|(n, _)| n.to_string())
            .collect();
        out.sort();
        out
    }
    /// The loop or block that a `break` or `continue` of that label leaves.
    pub(crate) fn find_loop(
        &self,
        label: Option<&syn::Lifetime>,
        need_cont: bool,
    ) -> Option<&Loop> {
        let label = label.map(|l| l.ident.to_string());
        self.loops.iter().rev().find(|l| match &label {
            Some(name) => l.label.as_ref() == Some(name),
            None => l.cont.is_some() || !need_cont && l.label.is_none(),
        })
    }
}

/// The user's place with the macro's hygiene: generated names resolve also when the body comes from a `macro_rules!`.
pub(crate) fn at(span: Span) -> Span {
    span.resolved_at(Span::call_site())
}

/// A name at another place; raw names stay raw.
pub(crate) fn respan(id: &Ident, span: Span) -> Ident {
    let mut id = id.clone();
    id.set_span(span);
    id
}

/// `__b.at(line, column)` of the source place.
pub(crate) fn mark(span: Span) -> TokenStream {
    let (line, col) = line_col(span);
    quote!(__b.at(#line, #col))
}

/// Line and column, from 1.
pub(crate) fn line_col(span: Span) -> (u32, u32) {
    if !proc_macro::is_available() {
        return (0, 0);
    }
    let s = span.unwrap();
    (s.line() as u32, s.column() as u32)
}

/// The identifier a user's name has in the twin: `self` cannot be bound by `let`.
pub(crate) fn name(id: &Ident) -> Ident {
    if id == "self" {
        Ident::new("__self", at(id.span()))
    } else {
        id.clone()
    }
}
