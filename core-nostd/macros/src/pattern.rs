//! Patterns, as tests and bindings on a value or a place.
//!
//! An enum's proxy and the places of its parts have, for each variant `V`, `__is_V(self)`, and `__get_V(self)` which gives a
//! struct or tuple of the payload's proxies or places; see `derive::staged`.

use crate::cx::{Cx, Kind, at};
use crate::expr::is_const;
use proc_macro2::TokenStream;
use quote::{format_ident, quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{Expr, Member, Pat, RangeLimits};

/// What a pattern is matched against.
#[derive(Clone)]
pub(crate) enum Access {
    /// A value.
    Val(TokenStream),
    /// A value that may turn out to be a place.
    Maybe(TokenStream),
    /// A place; through a reference (`true`) bindings are references into it, else they copy unless they say `ref mut`.
    Place(TokenStream, bool),
    /// The payload of a variant in a place: a struct or tuple of places.
    Payload(TokenStream, bool),
}

/// What a pattern does.
#[derive(Default)]
pub(crate) struct Matched {
    /// Tests, in order. Later ones may only be evaluated where earlier ones hold.
    pub(crate) tests: Vec<TokenStream>,
    /// Bindings: name, kind, value.
    pub(crate) binds: Vec<(syn::Ident, Kind, TokenStream)>,
}

impl Access {
    fn field(&self, m: &Member) -> Access {
        match self {
            Access::Val(t) => Access::Val(quote!(#t.#m)),
            Access::Maybe(t) => match m {
                Member::Unnamed(_) => Access::Maybe(quote!(#t.#m)),
                Member::Named(_) => Access::Val(quote!(__s::val(#t).#m)),
            },
            Access::Place(t, r) => Access::Place(quote!(__s::refs(#t).#m), *r),
            Access::Payload(t, r) => Access::Place(quote!(#t.#m), *r),
        }
    }
    /// The payload of a variant.
    fn payload(&self, variant: &syn::Ident) -> Access {
        let get = format_ident!("__get_{}", variant);
        match self {
            Access::Val(t) => Access::Val(quote!(#t.#get())),
            Access::Maybe(t) => Access::Maybe(quote!(#t.#get())),
            Access::Place(t, r) | Access::Payload(t, r) => {
                Access::Payload(quote!(__s::refs(#t).#get()), *r)
            }
        }
    }
    /// What is there.
    pub(crate) fn read(&self) -> TokenStream {
        match self {
            Access::Val(t) => t.clone(),
            Access::Maybe(t) => quote!(__s::val(#t)),
            Access::Place(t, _) | Access::Payload(t, _) => quote!(__s::rd(#t)),
        }
    }
}

/// The variant that a path names, if it is one: `Enum::V`, `Some`, `None`, `Ok`, `Err`.
pub(crate) fn variant(path: &syn::Path) -> Option<&syn::Ident> {
    let last = &path.segments.last()?.ident;
    let text = last.to_string();
    if path.segments.len() == 1 {
        return matches!(text.as_str(), "Some" | "None" | "Ok" | "Err").then_some(last);
    }
    let ty = path.segments[path.segments.len() - 2].ident.to_string();
    let camel = text.starts_with(|c: char| c.is_uppercase())
        && (text.len() == 1 || text.chars().any(|c| c.is_lowercase()));
    (camel && ty.starts_with(|c: char| c.is_uppercase())).then_some(last)
}

impl Cx {
    /// Binds the names of a pattern that always matches.
    pub(crate) fn bind_pattern(
        &mut self,
        pat: &Pat,
        value: &TokenStream,
        kind: Kind,
    ) -> TokenStream {
        let access = match kind {
            Kind::Ref => Access::Place(value.clone(), true),
            Kind::Maybe => Access::Maybe(value.clone()),
            _ => Access::Val(value.clone()),
        };
        // It always matches, so an upper-case name is no constant.
        let outer = std::mem::replace(&mut self.irrefutable, true);
        let m = self.pattern(pat, &access);
        self.irrefutable = outer;
        self.bindings(m.binds)
    }

    /// Emits bindings and brings the names in scope.
    pub(crate) fn bindings(&mut self, binds: Vec<(syn::Ident, Kind, TokenStream)>) -> TokenStream {
        let mut out = TokenStream::new();
        for (id, kind, v) in binds {
            let sp = at(id.span());
            self.bind(&id, kind);
            out.extend(match kind {
                Kind::Mut => quote_spanned!(sp=> let #id = __s::var(__b, #v);),
                _ => quote_spanned!(sp=> let #id = #v;),
            });
        }
        out
    }

    /// All tests of a pattern as one condition; `None` if it always matches.
    pub(crate) fn condition(&mut self, tests: Vec<TokenStream>) -> Option<TokenStream> {
        let mut it = tests.into_iter().rev();
        let mut all = it.next()?;
        for t in it {
            all = quote!({
                let __k = __s::if_(__b, #t);
                let __v = #all;
                let __k = __k.else_(__v);
                __k.end(__s::lit(__b, false))
            });
        }
        Some(all)
    }

    /// Tests and bindings of a pattern.
    pub(crate) fn pattern(&mut self, pat: &Pat, on: &Access) -> Matched {
        let mut m = Matched::default();
        self.pattern_into(pat, on, &mut m);
        m
    }

    fn pattern_into(&mut self, pat: &Pat, on: &Access, m: &mut Matched) {
        let sp = at(pat.span());
        match pat {
            Pat::Wild(_) | Pat::Rest(_) => {}
            Pat::Paren(p) => self.pattern_into(&p.pat, on, m),
            Pat::Type(t) => {
                let ty = self.ty(&t.ty);
                match on {
                    Access::Val(v) => {
                        let v = Access::Val(quote_spanned!(sp=> { let __v: #ty = #v; __v }));
                        self.pattern_into(&t.pat, &v, m);
                    }
                    _ => self.pattern_into(&t.pat, on, m),
                }
            }
            Pat::Reference(r) => match on {
                // `&x` and `&mut x` copy what the reference refers to.
                Access::Maybe(t) => {
                    let v = Access::Val(quote_spanned!(sp=> __s::val(#t)));
                    self.pattern_into(&r.pat, &v, m);
                }
                _ => self.pattern_into(&r.pat, &Access::Val(on.read()), m),
            },
            Pat::Ident(p) => self.ident_pattern(p, on, m),
            Pat::Tuple(t) => self.fields(t.elems.iter(), on, m, None),
            Pat::TupleStruct(t) => {
                let on = self.variant_test(&t.path, on, m);
                self.fields(t.elems.iter(), &on, m, None);
            }
            Pat::Struct(s) => {
                let on = self.variant_test(&s.path, on, m);
                for f in &s.fields {
                    self.pattern_into(&f.pat, &on.field(&f.member), m);
                }
            }
            Pat::Path(p) => self.path_pattern(p, on, m),
            Pat::Lit(l) => {
                let v = self.value(&Expr::Lit(l.clone()));
                let x = on.read();
                m.tests.push(quote_spanned!(sp=> __s::eq(__b, #x, #v)));
            }
            Pat::Range(r) => {
                let x = on.read();
                if let Some(lo) = &r.start {
                    let lo = self.pattern_value(lo);
                    m.tests.push(quote_spanned!(sp=> __s::ge(__b, #x, #lo)));
                }
                if let Some(hi) = &r.end {
                    let hi = self.pattern_value(hi);
                    m.tests.push(match r.limits {
                        RangeLimits::HalfOpen(_) => quote_spanned!(sp=> __s::lt(__b, #x, #hi)),
                        RangeLimits::Closed(_) => quote_spanned!(sp=> __s::le(__b, #x, #hi)),
                    });
                }
            }
            Pat::Or(o) => self.or_pattern(o, on, m),
            Pat::Slice(s) => self.slice_pattern(s, on, m),
            Pat::Const(_) | Pat::Macro(_) | Pat::Verbatim(_) | _ => {
                self.error(
                    pat.span(),
                    "this pattern cannot be used in a `#[differentiable]` function",
                );
            }
        }
    }

    fn pattern_value(&mut self, e: &Expr) -> TokenStream {
        self.value(e)
    }

    fn ident_pattern(&mut self, p: &syn::PatIdent, on: &Access, m: &mut Matched) {
        let sp = at(p.span());
        if p.subpat.is_none()
            && p.by_ref.is_none()
            && p.mutability.is_none()
            && is_const(&p.ident)
            && !self.irrefutable
        {
            let path = syn::Path::from(p.ident.clone());
            self.path_pattern(
                &syn::PatPath {
                    attrs: vec![],
                    qself: None,
                    path,
                },
                on,
                m,
            );
            return;
        }
        let (kind, v) = match on {
            Access::Place(t, _) if p.by_ref.is_some() && p.mutability.is_some() => {
                (Kind::Ref, t.clone())
            }
            Access::Place(t, true) if p.mutability.is_none() => (Kind::Ref, t.clone()),
            Access::Maybe(t) if p.mutability.is_none() => (Kind::Maybe, t.clone()),
            _ if p.mutability.is_some() => (Kind::Mut, on.read()),
            _ => (Kind::Val, on.read()),
        };
        m.binds
            .push((p.ident.clone(), kind, quote_spanned!(sp=> #v)));
        if let Some((_, sub)) = &p.subpat {
            self.pattern_into(sub, on, m);
        }
    }

    /// A constant, a unit struct or a unit variant.
    fn path_pattern(&mut self, p: &syn::PatPath, on: &Access, m: &mut Matched) {
        let sp = at(p.span());
        if let Some(v) = variant(&p.path) {
            let is = format_ident!("__is_{}", v, span = sp);
            let x = on.read();
            m.tests.push(quote_spanned!(sp=> #x.#is()));
            return;
        }
        let x = on.read();
        let v = quote_spanned!(sp=> __s::konst(__b, &#p));
        m.tests.push(quote_spanned!(sp=> __s::eq(__b, #x, #v)));
    }

    /// Tests the variant that a path names, and gives its payload; the thing itself if the path is a struct's.
    fn variant_test(&mut self, path: &syn::Path, on: &Access, m: &mut Matched) -> Access {
        let sp = at(path.span());
        match variant(path) {
            Some(v) => {
                let is = format_ident!("__is_{}", v, span = sp);
                let x = on.read();
                m.tests.push(quote_spanned!(sp=> #x.#is()));
                on.payload(v)
            }
            None => on.clone(),
        }
    }

    /// The fields of a tuple, around `..` if there is one.
    fn fields<'a>(
        &mut self,
        pats: impl ExactSizeIterator<Item = &'a Pat> + Clone,
        on: &Access,
        m: &mut Matched,
        arity: Option<usize>,
    ) {
        let n = pats.len();
        let rest = pats.clone().position(|p| matches!(p, Pat::Rest(_)));
        for (i, p) in pats.enumerate() {
            match (rest, arity) {
                (Some(r), _) if i == r => {}
                (Some(r), Some(a)) if i > r => {
                    let i = syn::Index::from(a - (n - i));
                    self.pattern_into(p, &on.field(&Member::Unnamed(i)), m);
                }
                (Some(r), None) if i > r => self.error(
                    p.span(),
                    "patterns after `..` in a tuple cannot be used in a `#[differentiable]` function; write `_` for each field",
                ),
                _ => self.pattern_into(p, &on.field(&Member::Unnamed(i.into())), m),
            }
        }
    }

    fn or_pattern(&mut self, o: &syn::PatOr, on: &Access, m: &mut Matched) {
        let mut any: Option<TokenStream> = None;
        for case in &o.cases {
            let c = self.pattern(case, on);
            if !c.binds.is_empty() {
                self.error(
                    case.span(),
                    "an or-pattern that binds names cannot be used in a `#[differentiable]` function; write one arm for each",
                );
            }
            let Some(c) = self.condition(c.tests) else {
                return; // One case always matches.
            };
            any = Some(match any {
                None => c,
                Some(a) => quote!(((#a) | (#c))),
            });
        }
        m.tests.extend(any);
    }

    fn slice_pattern(&mut self, s: &syn::PatSlice, on: &Access, m: &mut Matched) {
        let sp = at(s.span());
        let n = s.elems.len();
        let is_rest = |p: &Pat| match p {
            Pat::Rest(_) => true,
            Pat::Ident(i) => i
                .subpat
                .as_ref()
                .is_some_and(|(_, p)| matches!(**p, Pat::Rest(_))),
            _ => false,
        };
        let rest = s.elems.iter().position(is_rest);
        let x = on.read();
        let len = quote_spanned!(sp=> __s::AsSeq::as_seq(#x).len());
        let fixed = if rest.is_some() { n - 1 } else { n };
        m.tests.push(match rest {
            None => quote_spanned!(sp=> __s::eq(__b, #len, __s::lit(__b, #fixed))),
            Some(_) => quote_spanned!(sp=> __s::ge(__b, #len, __s::lit(__b, #fixed))),
        });
        for (i, p) in s.elems.iter().enumerate() {
            let index = match rest {
                Some(r) if i > r => {
                    let back = n - i;
                    quote_spanned!(sp=> (#len - __s::lit(__b, #back)))
                }
                _ => quote_spanned!(sp=> __s::lit(__b, #i)),
            };
            if rest == Some(i) {
                if let Pat::Ident(p) = p {
                    let back = n - 1 - i;
                    let span = quote_spanned!(sp=> __s::Span {
                        lo: ::core::option::Option::Some(__s::lit(__b, #i)),
                        hi: ::core::option::Option::Some(#len - __s::lit(__b, #back)),
                    });
                    let (kind, v) = match on {
                        Access::Place(t, true) => (
                            Kind::Ref,
                            quote_spanned!(sp=> __s::slice_mut(#t, #span, ())),
                        ),
                        _ => (Kind::Val, quote_spanned!(sp=> __s::slice(#x, #span, ()))),
                    };
                    m.binds.push((p.ident.clone(), kind, v));
                }
                continue;
            }
            let e = match on {
                Access::Place(t, r) => {
                    Access::Place(quote_spanned!(sp=> __s::elem(#t, #index, ())), *r)
                }
                _ => Access::Val(quote_spanned!(sp=> __s::at(#x, #index, ()))),
            };
            self.pattern_into(p, &e, m);
        }
    }
}
