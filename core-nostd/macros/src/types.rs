//! Types: the proxy type that a plain type becomes in the twin.

use crate::cx::{Cx, Generic, at};
use crate::diagnose;
use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::spanned::Spanned;
use syn::visit_mut::VisitMut;
use syn::{GenericArgument, PathArguments, ReturnType, Type, TypeParamBound, TypePath};

const PRIMITIVES: &[&str] = &[
    "f32", "f64", "bool", "i8", "i16", "i32", "i64", "isize", "u8", "u16", "u32", "u64", "usize",
];

/// Whether a name is a primitive number or `bool`.
pub(crate) fn is_primitive(name: &str) -> bool {
    PRIMITIVES.contains(&name)
}

/// What stands for itself in the twin: a closure or an iterator, which have no leaves.
#[derive(Clone)]
pub(crate) enum Native {
    /// Parameter types and result.
    Closure(Vec<Type>, ReturnType),
    /// The item's type; whether it is only what an iterator is made of.
    Iter(Type, bool),
}

/// The closure or iterator that bounds demand, if they do.
pub(crate) fn native_bound<'a>(
    bounds: impl IntoIterator<Item = &'a TypeParamBound>,
) -> Option<Native> {
    bounds.into_iter().find_map(|b| {
        let TypeParamBound::Trait(t) = b else {
            return None;
        };
        let s = t.path.segments.last()?;
        let name = s.ident.to_string();
        match (&s.arguments, name.as_str()) {
            (PathArguments::Parenthesized(p), "Fn" | "FnMut" | "FnOnce") => Some(Native::Closure(
                p.inputs.iter().cloned().collect(),
                p.output.clone(),
            )),
            (
                PathArguments::AngleBracketed(a),
                "Iterator" | "DoubleEndedIterator" | "ExactSizeIterator" | "IntoIterator",
            ) => a.args.iter().find_map(|a| match a {
                GenericArgument::AssocType(t) if t.ident == "Item" => {
                    Some(Native::Iter(t.ty.clone(), name == "IntoIterator"))
                }
                _ => None,
            }),
            _ => None,
        }
    })
}

/// What stands for itself in the twin: `impl Fn(..)`, `&dyn Fn(..)`, `fn(..)`, `impl Iterator<..>`.
pub(crate) fn native_type(ty: &Type) -> Option<Native> {
    match ty {
        Type::ImplTrait(t) => native_bound(&t.bounds),
        Type::TraitObject(t) => native_bound(&t.bounds),
        Type::Reference(r) => native_type(&r.elem),
        Type::Paren(p) => native_type(&p.elem),
        Type::Group(p) => native_type(&p.elem),
        Type::BareFn(f) => Some(Native::Closure(
            f.inputs.iter().map(|a| a.ty.clone()).collect(),
            f.output.clone(),
        )),
        _ => None,
    }
}

impl Cx {
    /// The bound over proxies: `Fn(..) -> .. + Copy`, `Iter<Item = ..>`.
    pub(crate) fn native(&mut self, n: &Native) -> TokenStream {
        let stage = {
            let krate = &self.krate;
            quote!(#krate::__stage)
        };
        match n {
            Native::Closure(inputs, output) => {
                let ins: Vec<_> = inputs.iter().map(|t| self.ty(t)).collect();
                let out = self.ret_ty(output);
                quote!(::core::ops::Fn(#(#ins),*) -> #out + ::core::marker::Copy)
            }
            Native::Iter(item, false) => {
                let item = self.ty(item);
                quote!(#stage::Iter<'__b, Item = #item>)
            }
            Native::Iter(item, true) => {
                let item = self.ty(item);
                quote!(#stage::IntoStagedIter<'__b, Iter: #stage::Iter<'__b, Item = #item>> + ::core::marker::Copy)
            }
        }
    }
    /// The proxy type of a return type.
    pub(crate) fn ret_ty(&mut self, r: &ReturnType) -> TokenStream {
        match r {
            ReturnType::Default => quote!(()),
            ReturnType::Type(_, t) => self.ty(t),
        }
    }
    /// The proxy type of a plain type.
    pub(crate) fn ty(&mut self, t: &Type) -> TokenStream {
        let sp = at(t.span());
        if let Some(n) = native_type(t) {
            let bound = self.native(&n);
            return quote_spanned!(sp=> impl #bound);
        }
        match t {
            Type::Infer(_) => quote!(_),
            Type::Paren(p) => self.ty(&p.elem),
            Type::Group(p) => self.ty(&p.elem),
            Type::Tuple(t) => {
                let parts: Vec<_> = t.elems.iter().map(|t| self.ty(t)).collect();
                quote_spanned!(sp=> (#(#parts,)*))
            }
            Type::Array(a) => {
                let (elem, n) = (self.ty(&a.elem), &a.len);
                quote_spanned!(sp=> __s::Arr<'__b, #elem, {#n}>)
            }
            Type::Slice(s) => {
                let elem = self.ty(&s.elem);
                quote_spanned!(sp=> __s::Seq<'__b, #elem>)
            }
            Type::Reference(r) if r.mutability.is_some() => {
                let elem = self.ty(&r.elem);
                quote_spanned!(sp=> __s::Var<'__b, #elem>)
            }
            Type::Reference(r) => self.ty(&r.elem),
            Type::Path(p) => self.path_ty(p),
            Type::Never(_) => quote!(_),
            Type::TraitObject(_) | Type::ImplTrait(_) => {
                self.error(
                    t.span(),
                    "trait objects and `impl Trait` other than closures and iterators cannot be used in a `#[differentiable]` function; use a generic parameter or an enum",
                );
                quote!(())
            }
            _ => {
                self.error(
                    t.span(),
                    "this kind of type cannot be used in a `#[differentiable]` function",
                );
                quote!(())
            }
        }
    }
    fn path_ty(&mut self, p: &TypePath) -> TokenStream {
        let sp = at(p.span());
        let Some(last) = p.path.segments.last() else {
            return quote!(());
        };
        let name = last.ident.to_string();
        let args: Vec<&Type> = match &last.arguments {
            PathArguments::AngleBracketed(a) => a
                .args
                .iter()
                .filter_map(|a| match a {
                    GenericArgument::Type(t) => Some(t),
                    _ => None,
                })
                .collect(),
            _ => Vec::new(),
        };
        let single = p.path.segments.len() == 1 && p.qself.is_none();
        if single && is_primitive(&name) {
            let id = &last.ident;
            return quote_spanned!(sp=> __s::Expr<'__b, ::core::primitive::#id>);
        }
        if single {
            match self.generics.get(&name) {
                Some(Generic::Scalar) => {
                    let id = &last.ident;
                    return quote_spanned!(sp=> __s::Expr<'__b, #id>);
                }
                Some(Generic::Closure | Generic::Proxy) => return quote!(#p),
                None => {}
            }
        }
        match (name.as_str(), &args[..]) {
            ("Vec", [t]) => {
                let t = self.ty(t);
                return quote_spanned!(sp=> __s::Seq<'__b, #t>);
            }
            ("Option", [t]) => {
                let t = self.ty(t);
                return quote_spanned!(sp=> __s::Opt<'__b, #t>);
            }
            ("Result", [t, e]) => {
                let (t, e) = (self.ty(t), self.ty(e));
                return quote_spanned!(sp=> __s::Res<'__b, #t, #e>);
            }
            _ => {}
        }
        if let Some(why) = diagnose::std_name(&name) {
            self.error(last.ident.span(), why);
            return quote!(());
        }
        let mut plain = Type::Path(p.clone());
        Lifetimes("'static").visit_type_mut(&mut plain);
        quote_spanned!(sp=> <#plain as __s::Diff>::Proxy<'__b>)
    }
}

/// Replaces every lifetime in a type.
pub(crate) struct Lifetimes(pub(crate) &'static str);

impl VisitMut for Lifetimes {
    fn visit_lifetime_mut(&mut self, l: &mut syn::Lifetime) {
        *l = syn::Lifetime::new(self.0, l.span());
    }
    fn visit_type_reference_mut(&mut self, r: &mut syn::TypeReference) {
        r.lifetime = Some(syn::Lifetime::new(self.0, r.and_token.span));
        self.visit_type_mut(&mut r.elem);
    }
}
