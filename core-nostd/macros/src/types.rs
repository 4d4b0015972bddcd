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

/// The closure trait of a bound, if it is one: parameter types and result.
pub(crate) fn fn_bound<'a>(
    bounds: impl IntoIterator<Item = &'a TypeParamBound>,
) -> Option<&'a syn::ParenthesizedGenericArguments> {
    bounds.into_iter().find_map(|b| match b {
        TypeParamBound::Trait(t) => {
            let s = t.path.segments.last()?;
            match &s.arguments {
                PathArguments::Parenthesized(p)
                    if s.ident == "Fn" || s.ident == "FnMut" || s.ident == "FnOnce" =>
                {
                    Some(p)
                }
                _ => None,
            }
        }
        _ => None,
    })
}

/// The parameter and result types if a type is a function or closure: `impl Fn(..)`, `&dyn Fn(..)`, `fn(..)`.
pub(crate) fn closure_type(ty: &Type) -> Option<(Vec<Type>, ReturnType)> {
    let of = |p: &syn::ParenthesizedGenericArguments| {
        (p.inputs.iter().cloned().collect(), p.output.clone())
    };
    match ty {
        Type::ImplTrait(t) => fn_bound(&t.bounds).map(of),
        Type::TraitObject(t) => fn_bound(&t.bounds).map(of),
        Type::Reference(r) => closure_type(&r.elem),
        Type::Paren(p) => closure_type(&p.elem),
        Type::Group(p) => closure_type(&p.elem),
        Type::BareFn(f) => Some((
            f.inputs.iter().map(|a| a.ty.clone()).collect(),
            f.output.clone(),
        )),
        _ => None,
    }
}

impl Cx {
    /// The bound `Fn(..) -> .. + Copy` over proxies.
    pub(crate) fn closure_bound(&mut self, inputs: &[Type], output: &ReturnType) -> TokenStream {
        let ins: Vec<_> = inputs.iter().map(|t| self.ty(t)).collect();
        let out = self.ret_ty(output);
        quote!(::core::ops::Fn(#(#ins),*) -> #out + ::core::marker::Copy)
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
        if let Some((ins, out)) = closure_type(t) {
            let bound = self.closure_bound(&ins, &out);
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
                    "trait objects and `impl Trait` other than closures cannot be used in a `#[differentiable]` function; use a generic parameter or an enum",
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
                Some(Generic::Closure) => return quote!(#p),
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
