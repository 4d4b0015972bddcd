//! Paths, calls, methods, struct literals, and the macros that may be used.

use crate::cx::{Cx, Generic, Kind, at, line_col, mark, name, respan};
use crate::diagnose;
use crate::expr::{is_const, local_name};
use crate::pattern::variant;
use crate::types::is_primitive;
use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, format_ident, quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{
    Expr, ExprCall, ExprMethodCall, ExprPath, ExprStruct, Path, PathArguments, Type, TypePath,
};

/// Methods that only read: the receiver need not be written back.
const READS: &[&str] = &[
    "len",
    "is_empty",
    "iter",
    "clone",
    "to_vec",
    "abs",
    "sqrt",
    "sin",
    "cos",
    "tan",
    "exp",
    "ln",
    "powi",
    "powf",
    "max",
    "min",
    "copied",
    "cloned",
    "first",
    "last",
    "windows",
    "chunks",
    "contains",
    "is_some",
    "is_none",
    "unwrap",
    "tanh",
    "as_slice",
    "get",
    "sum",
    "map",
    "into_iter",
    "unwrap_or",
    "mul_add",
    "pow",
    "floor",
    "to_owned",
    "concat",
];
/// Methods that may trap: the source place is set after the receiver was evaluated.
const TRAPS: &[&str] = &[
    "unwrap",
    "expect",
    "swap",
    "remove",
    "insert",
    "split_at",
    "copy_from_slice",
    "clamp",
    "pow",
    "abs",
    "step_by",
    "windows",
    "chunks",
    "chunks_exact",
    "rem_euclid",
    "div_euclid",
    "sum",
    "product",
];
/// Names of derivatives that can be called on a function inside another.
const DERIVATIVES: &[&str] = &[
    "gradient",
    "value_and_gradient",
    "gradient_wrt",
    "value_and_gradient_wrt",
    "jvp",
    "vmap",
];

/// What a path in front of `::name` is.
enum Prefix {
    /// Its name resolves methods on this proxy type without the builder: a number.
    Number(TokenStream),
    /// A user's type.
    User,
    /// `Vec`, with its proxy type.
    Vec(TokenStream),
    /// A module, or nothing.
    Module,
}

impl Cx {
    /// The type in front of the last segment.
    fn prefix(&mut self, p: &ExprPath) -> Prefix {
        if let Some(q) = &p.qself {
            let _ = q;
            return Prefix::User;
        }
        let n = p.path.segments.len();
        if n < 2 {
            return Prefix::Module;
        }
        let mut path = p.path.clone();
        path.segments.pop();
        path.segments.pop_punct();
        let Some(last) = path.segments.last() else {
            return Prefix::Module;
        };
        let id = last.ident.to_string();
        let generic = self.generics.get(&id) == Some(&Generic::Scalar);
        let bare = last.arguments.is_empty();
        if path.segments.len() == 1 && id == "Vec" && bare {
            return Prefix::Vec(quote!(__s::Seq::<'__b, _>));
        }
        let ty = Type::Path(TypePath { qself: None, path });
        if n == 2 && (is_primitive(&id) || generic) {
            return Prefix::Number(self.ty(&ty));
        }
        if id == "Vec" {
            return Prefix::Vec(self.ty(&ty));
        }
        if id.starts_with(|c: char| c.is_uppercase()) {
            Prefix::User
        } else {
            Prefix::Module
        }
    }

    /// A path as a value.
    pub(crate) fn path_value(&mut self, p: &ExprPath) -> TokenStream {
        let sp = at(p.span());
        if let Some(id) = p.path.get_ident() {
            if let Some(kind) = self.lookup(id) {
                let n = name(id);
                return match kind {
                    Kind::Mut => quote_spanned!(sp=> __s::rd(#n)),
                    _ => quote!(#n),
                };
            }
            match id.to_string().as_str() {
                "None" => return quote_spanned!(sp=> __s::none(__b)),
                "Some" => return quote_spanned!(sp=> (move |__x| __s::some(__b, __x))),
                "Ok" => return quote_spanned!(sp=> (move |__x| __s::ok(__b, __x))),
                "Err" => return quote_spanned!(sp=> (move |__x| __s::err(__b, __x))),
                _ => {}
            }
        }
        let Some(last) = p.path.segments.last() else {
            return quote!(#p);
        };
        if is_const(&last.ident) {
            return quote_spanned!(sp=> __s::konst(__b, &#p));
        }
        let f = &last.ident;
        let args = &last.arguments;
        match self.prefix(p) {
            Prefix::Number(t) => quote_spanned!(sp=> <#t>::#f #args),
            Prefix::Vec(t) => quote_spanned!(sp=> <#t>::#f #args),
            Prefix::User => {
                let f = with_prefix(&p.path, "__fn_");
                quote_spanned!(sp=> #f(__b))
            }
            Prefix::Module => {
                let (path, generics) = split_generics(&p.path);
                quote_spanned!(sp=> #path::__as_fn #generics(__b))
            }
        }
    }

    /// The arguments of a call. Array expressions given where a slice may be expected stay arrays: the callee converts.
    pub(crate) fn args<'a>(&mut self, args: impl Iterator<Item = &'a Expr>) -> Vec<TokenStream> {
        args.map(|a| self.value(a)).collect()
    }

    pub(crate) fn call(&mut self, c: &ExprCall) -> TokenStream {
        let sp = at(c.span());
        let func = match &*c.func {
            Expr::Paren(p) => &*p.expr,
            Expr::Group(p) => &*p.expr,
            f => f,
        };
        let Expr::Path(p) = func else {
            let f = self.value(func);
            let args = self.args(c.args.iter());
            return quote_spanned!(sp=> (#f)(#(#args),*));
        };
        if let Some(id) = p.path.get_ident()
            && let Some(kind) = self.lookup(id)
        {
            let f = match kind {
                Kind::Mut => self.value(func),
                _ => local_name(id),
            };
            let mut args = self.args(c.args.iter());
            for (i, a) in args.iter_mut().enumerate() {
                if self.is_slice_param(id, i) {
                    *a = quote_spanned!(sp=> __s::ToSeq::to_seq(#a));
                }
            }
            return quote_spanned!(sp=> #f(#(#args),*));
        }
        if let Some(ts) = self.known_call(p, c) {
            return ts;
        }
        let m = mark(c.func.span());
        let Some(last) = p.path.segments.last() else {
            return quote!();
        };
        let f = last.ident.clone();
        if variant(&p.path).is_some() {
            let args = self.args(c.args.iter());
            let f = with_prefix(&p.path, "__s_");
            return quote_spanned!(sp=> #f(__b, #(#args),*));
        }
        if is_const(&f) {
            // A tuple struct.
            let args = self.args(c.args.iter());
            let fields = args.iter().enumerate().map(|(i, a)| {
                let i = syn::Index::from(i);
                quote!(#i: #a)
            });
            let b = syn::Index::from(args.len());
            return self.struct_of(sp, &p.path, quote!(#(#fields,)* #b: __b));
        }
        if is_derivative(&p.path) {
            let stage = format_ident!("__stage_{}", f, span = f.span());
            let generics = &last.arguments;
            let mut path = p.path.clone();
            path.segments.pop();
            path.segments.pop_punct();
            let args = if f == "vmap" {
                c.args.iter().map(|a| self.lane_arg(a)).collect()
            } else {
                self.args(c.args.iter())
            };
            return quote_spanned!(sp=> { #m; #path::#stage #generics(__b, #(#args),*) });
        }
        let generics = &last.arguments;
        match self.prefix(p) {
            Prefix::Number(t) => {
                let args = self.args(c.args.iter());
                quote_spanned!(sp=> { #m; <#t>::#f #generics(#(#args),*) })
            }
            Prefix::Vec(t) => {
                let args = self.args(c.args.iter());
                match f.to_string().as_str() {
                    "new" => quote_spanned!(sp=> <#t>::empty(__b)),
                    "with_capacity" => {
                        quote_spanned!(sp=> { let _ = (#(#args),*); <#t>::empty(__b) })
                    }
                    "from" => quote_spanned!(sp=> __s::AsSeq::as_seq(#(#args),*)),
                    _ => quote_spanned!(sp=> <#t>::#f(#(#args),*)),
                }
            }
            Prefix::User => {
                let args = self.args(c.args.iter());
                let f = with_prefix(&p.path, "__s_");
                let q = p.qself.as_ref().map(|q| &q.ty);
                match q {
                    Some(t) if p.path.segments.len() == 1 => {
                        quote_spanned!(sp=> <#t>::#f(__b, #(#args),*))
                    }
                    _ => quote_spanned!(sp=> #f(__b, #(#args),*)),
                }
            }
            Prefix::Module => {
                let (path, generics) = split_generics(&p.path);
                let args = self.args(c.args.iter());
                quote_spanned!(sp=> { #m; #path::__stage #generics(__b, #(#args),*) })
            }
        }
    }

    /// An argument of a batch: `each(..)` or `shared(..)`.
    fn lane_arg(&mut self, a: &Expr) -> TokenStream {
        let sp = at(a.span());
        if let Expr::Call(c) = a
            && let Expr::Path(p) = &*c.func
            && let Some(last) = p.path.segments.last()
            && (last.ident == "each" || last.ident == "shared")
        {
            let f = &last.ident;
            let args = self.args(c.args.iter());
            return quote_spanned!(sp=> __s::#f(#(#args),*));
        }
        self.unsupported(
            a.span(),
            "the arguments of a batch are written `each(&items)` or `shared(value)`",
        )
    }

    /// Calls of functions of the standard library and of Cotangent that the twin knows.
    fn known_call(&mut self, p: &ExprPath, c: &ExprCall) -> Option<TokenStream> {
        let sp = at(c.span());
        let segs: Vec<String> = p
            .path
            .segments
            .iter()
            .map(|s| s.ident.to_string())
            .collect();
        let last = segs.last()?.as_str();
        let before = segs.len().checked_sub(2).map(|i| segs[i].as_str());
        if let Some(b) = before
            && let Some(why) = diagnose::std_name(b)
        {
            return Some(self.unsupported(p.span(), why));
        }
        let f = match (before, last) {
            (None, "Some") => quote_spanned!(sp=> __s::some),
            (None, "Ok") => quote_spanned!(sp=> __s::ok),
            (None, "Err") => quote_spanned!(sp=> __s::err),
            (Some("mem"), "swap") => quote_spanned!(sp=> __s::swap),
            (Some("mem"), "replace") => quote_spanned!(sp=> __s::replace),
            (Some("mem"), "take") => quote_spanned!(sp=> __s::take),
            (Some("iter"), "repeat") => quote_spanned!(sp=> __s::repeat),
            (Some("iter"), "repeat_n") => quote_spanned!(sp=> __s::repeat_n),
            (Some("iter"), "once") => quote_spanned!(sp=> __s::once),
            (Some("iter"), "zip") => quote_spanned!(sp=> __s::zip),
            (Some("array"), "from_fn") => quote_spanned!(sp=> __s::array_from_fn),
            (Some("cmp"), "max") => quote_spanned!(sp=> __s::max),
            (Some("cmp"), "min") => quote_spanned!(sp=> __s::min),
            (_, "ignore") if matches!(c.args.first(), Some(Expr::Closure(f)) if f.inputs.is_empty() && c.args.len() == 1) =>
            {
                let f = self.value(&c.args[0]);
                return Some(quote_spanned!(sp=> __s::stop_gradient(__b, (#f)())));
            }
            (Some("debug"), "value" | "cotangent") if c.args.len() == 2 => {
                return Some(self.shown(last, c));
            }
            (_, "stop_gradient") => quote_spanned!(sp=> __s::stop_gradient),
            (Some("checkpoint"), "slots") => quote_spanned!(sp=> __s::checkpoint_slots),
            (Some("checkpoint"), "bytes") => quote_spanned!(sp=> __s::checkpoint_bytes),
            (Some("checkpoint"), "recompute") => quote_spanned!(sp=> __s::checkpoint_recompute),
            (_, "hook") if c.args.len() == 2 => {
                let x = self.value(&c.args[0]);
                let Expr::Path(g) = &c.args[1] else {
                    return Some(self.unsupported(
                        c.args[1].span(),
                        "a hook must be the name of a `#[differentiable]` function, since the backward pass calls it",
                    ));
                };
                let callee = crate::attr::callee(&g.path, &[]);
                return Some(quote_spanned!(sp=> __s::hook(__b, #x, #callee)));
            }
            (None | Some("mem"), "drop") => {
                let args = self.args(c.args.iter());
                return Some(quote_spanned!(sp=> { let _ = (#(#args),*); }));
            }
            (Some("Complex" | "Complex64" | "Complex32"), "new") => {
                quote_spanned!(sp=> __s::complex)
            }
            (Some("Complex" | "Complex64" | "Complex32"), "from_polar") => {
                quote_spanned!(sp=> __s::from_polar)
            }
            (Some("Complex" | "Complex64" | "Complex32"), "cis") => {
                quote_spanned!(sp=> __s::cis)
            }
            (Some(_), "default") if c.args.is_empty() => {
                if before == Some("Default") {
                    return Some(quote_spanned!(sp=> __s::default(__b)));
                }
                let generic = before.is_some_and(|b| self.generics.contains_key(b));
                return match self.prefix(p) {
                    Prefix::Number(t) | Prefix::Vec(t) => {
                        Some(quote_spanned!(sp=> __s::default::<#t>(__b)))
                    }
                    // It takes no arguments, so it is a constant.
                    Prefix::User if !generic => Some(quote_spanned!(sp=> __s::konst(__b, &#p()))),
                    Prefix::User | Prefix::Module => None,
                };
            }
            _ => return None,
        };
        let args = self.args(c.args.iter());
        Some(quote_spanned!(sp=> #f(__b, #(#args),*)))
    }

    /// `debug::value("name", x)`, `debug::cotangent("name", x)`.
    fn shown(&mut self, what: &str, c: &ExprCall) -> TokenStream {
        let sp = at(c.span());
        let Expr::Lit(syn::ExprLit {
            lit: syn::Lit::Str(label),
            ..
        }) = &c.args[0]
        else {
            return self.unsupported(c.args[0].span(), "the name is a string literal");
        };
        let x = self.value(&c.args[1]);
        let krate = &self.krate;
        let show = format_ident!("show_{what}");
        let (line, _) = line_col(c.span());
        let here = mark(c.span());
        quote_spanned!(sp=> {
            #here;
            let __x = #x;
            __s::#show(__b, __x, #what, #krate::__shown(#what, #label, ::core::file!(), #line))
        })
    }

    pub(crate) fn method(&mut self, m: &ExprMethodCall) -> TokenStream {
        let sp = at(m.method.span());
        // With the macro's hygiene: rustc's message for a missing method then names the attribute.
        let f = &respan(&m.method, sp);
        let text = f.to_string();
        let generics = m.turbofish.as_ref().map(|t| {
            let args: Vec<_> = t
                .args
                .iter()
                .map(|a| match a {
                    syn::GenericArgument::Type(t) => self.ty(t),
                    a => quote!(#a),
                })
                .collect();
            quote!(::<#(#args),*>)
        });
        let place = self.is_place(&m.receiver);
        let on_place = text.ends_with("_mut") || text == "by_ref";
        let here = mark(m.method.span());
        let recv_kind = match &*m.receiver {
            Expr::Path(p) => p.path.get_ident().and_then(|id| self.lookup(id)),
            _ => None,
        };
        // Receiver before arguments, as Rust evaluates them.
        if on_place {
            let p = if place || recv_kind.is_some() {
                self.lvalue(&m.receiver)
            } else {
                self.value(&m.receiver)
            };
            let args = self.method_args(m);
            return quote_spanned!(sp=> #p.#f #generics(#(#args),*));
        }
        if place && !READS.contains(&text.as_str()) {
            let p = self.lvalue(&m.receiver);
            let args = self.method_args(m);
            return quote_spanned!(sp=> {
                let __p = #p;
                let __o = __s::rd(__p);
                let mut __t = __o;
                #here;
                let __r = __t.#f #generics(#(#args),*);
                __s::AsVal::back(__p, &__o, &__t);
                __r
            });
        }
        if recv_kind == Some(Kind::Maybe) && !READS.contains(&text.as_str()) {
            let p = self.lvalue(&m.receiver);
            let args = self.method_args(m);
            return quote_spanned!(sp=> {
                let __p = #p;
                let __o = __s::val(__p);
                let mut __t = __o;
                #here;
                let __r = __t.#f #generics(#(#args),*);
                __s::AsVal::back(__p, &__o, &__t);
                __r
            });
        }
        let r = self.base(&m.receiver);
        let args = self.method_args(m);
        if TRAPS.contains(&text.as_str()) {
            return quote_spanned!(sp=> { let mut __t = #r; #here; __t.#f #generics(#(#args),*) });
        }
        quote_spanned!(sp=> (#r).#f #generics(#(#args),*))
    }

    fn method_args(&mut self, m: &ExprMethodCall) -> Vec<TokenStream> {
        if m.method == "expect" || m.method == "expect_err" {
            return m.args.iter().map(|a| quote!(#a)).collect();
        }
        self.args(m.args.iter())
    }

    pub(crate) fn struct_literal(&mut self, s: &ExprStruct) -> TokenStream {
        let sp = at(s.path.span());
        if variant(&s.path).is_some() {
            let fields: Vec<_> = s
                .fields
                .iter()
                .map(|f| {
                    let v = self.value(&f.expr);
                    (f.member.to_token_stream(), v)
                })
                .collect();
            return self.variant_literal(sp, &s.path, &fields);
        }
        let start = s.rest.as_ref().map(|e| {
            if is_default(e) {
                let path = &s.path;
                return quote_spanned!(sp=> __s::konst(__b, &<#path as ::core::default::Default>::default()));
            }
            self.base(e)
        });
        let values: Vec<_> = s.fields.iter().map(|f| self.value(&f.expr)).collect();
        let members = s.fields.iter().map(|f| &f.member);
        if s.fields
            .iter()
            .any(|f| matches!(f.member, syn::Member::Unnamed(_)))
        {
            let rest = match start {
                Some(v) => quote!(..#v),
                None => {
                    let n = syn::Index::from(s.fields.len());
                    quote!(#n: __b)
                }
            };
            return self.struct_of(sp, &s.path, quote!(#(#members: #values,)* #rest));
        }
        // The derive gives the struct's name a value that makes a blank proxy: its type parameters are inferred from what
        // the fields are set to, and its lifetimes need not be known.
        let mut path = s.path.clone();
        if let Some(last) = path.segments.last_mut() {
            last.arguments = PathArguments::None;
        }
        let start = start.unwrap_or_else(|| quote_spanned!(sp=> #path.__blank(__b)));
        quote_spanned!(sp=> {
            let mut __p = #start;
            #(__p.#members = #values;)*
            __p
        })
    }

    /// A struct's proxy. A type alias to a projection may name a struct in a literal; the projection itself may not.
    fn struct_of(&mut self, sp: Span, path: &Path, fields: TokenStream) -> TokenStream {
        // An alias cannot name the parameters of a generic function: the proxy is named itself.
        if self.mentions_generic(path) {
            let mut path = path.clone();
            if let Some(last) = path.segments.last_mut() {
                last.ident = format_ident!("{}__Staged", last.ident, span = last.ident.span());
                last.arguments = PathArguments::None;
            }
            return quote_spanned!(sp=> #path { #fields });
        }
        let alias = self.fresh("A");
        let ty: Type = match (&self.self_ty, path.is_ident("Self")) {
            (Some(t), true) => t.clone(),
            _ => Type::Path(TypePath {
                qself: None,
                path: path.clone(),
            }),
        };
        quote_spanned!(sp=> {
            type #alias<'__x> = <#ty as __s::Diff>::Proxy<'__x>;
            #alias { #fields }
        })
    }

    /// Whether the arguments of a path's last name mention a generic parameter of the function.
    fn mentions_generic(&self, path: &Path) -> bool {
        fn any(tokens: TokenStream, cx: &Cx) -> bool {
            tokens.into_iter().any(|t| match t {
                proc_macro2::TokenTree::Ident(i) => cx.generics.contains_key(&i.to_string()),
                proc_macro2::TokenTree::Group(g) => any(g.stream(), cx),
                _ => false,
            })
        }
        path.segments
            .last()
            .is_some_and(|s| any(s.arguments.to_token_stream(), self))
    }

    /// A struct variant: a blank payload, filled.
    fn variant_literal(
        &mut self,
        sp: Span,
        path: &Path,
        fields: &[(TokenStream, TokenStream)],
    ) -> TokenStream {
        let blank = with_prefix(path, "__blank_");
        let make = with_prefix(path, "__make_");
        let sets = fields.iter().map(|(m, x)| quote!(__p.#m = #x;));
        quote_spanned!(sp=> {
            let mut __p = #blank(__b);
            #(#sets)*
            #make(__b, __p)
        })
    }
}

/// `Default::default()`.
fn is_default(e: &Expr) -> bool {
    let Expr::Call(c) = e else { return false };
    let Expr::Path(p) = &*c.func else {
        return false;
    };
    let segs: Vec<_> = p
        .path
        .segments
        .iter()
        .map(|s| s.ident.to_string())
        .collect();
    c.args.is_empty() && segs.ends_with(&["Default".into(), "default".into()])
}

/// A path without the generic arguments of its last segment, and those.
/// The names get the macro's hygiene: then rustc's message for a function without a twin names the attribute.
fn split_generics(p: &Path) -> (Path, TokenStream) {
    let mut path = p.clone();
    for s in &mut path.segments {
        s.ident.set_span(at(s.ident.span()));
    }
    let Some(last) = path.segments.last_mut() else {
        return (path, quote!());
    };
    match std::mem::replace(&mut last.arguments, PathArguments::None) {
        PathArguments::AngleBracketed(a) => {
            let args = &a.args;
            (path, quote!(::<#args>))
        }
        _ => (path, quote!()),
    }
}

/// A path with the last name prefixed.
fn with_prefix(p: &Path, prefix: &str) -> Path {
    let mut path = p.clone();
    if let Some(last) = path.segments.last_mut() {
        last.ident = format_ident!("{}{}", prefix, last.ident, span = last.ident.span());
    }
    path
}

/// Whether a path is a derivative of a function: `f::gradient`, or `P__m::gradient` of a method.
fn is_derivative(path: &Path) -> bool {
    let n = path.segments.len();
    if n < 2 {
        return false;
    }
    let function = path.segments[n - 2].ident.to_string();
    let method = function.contains("__");
    DERIVATIVES.iter().any(|d| path.segments[n - 1].ident == d)
        && (method || function.starts_with(|c: char| !c.is_uppercase()))
}
