//! The proxy types of the fields of a derived type.
//!
//! A type without type parameters is `<X as Diff>::Proxy<'__b>`, which rustc works out. In a generic type the parameter `T` of
//! the generated struct *is* the proxy, so types that mention `T` are mapped by their syntax.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::visit::Visit;
use syn::visit_mut::VisitMut;
use syn::{GenericArgument, Generics, Ident, Lifetime, PathArguments, Type};

pub(super) struct Proxies<'a> {
    params: Vec<&'a Ident>,
    rt: TokenStream,
}

impl<'a> Proxies<'a> {
    pub(super) fn new(generics: &'a Generics, rt: &TokenStream) -> Self {
        Proxies {
            params: generics.type_params().map(|t| &t.ident).collect(),
            rt: rt.clone(),
        }
    }
    /// The proxies where type parameters are plain types.
    pub(super) fn plain(rt: &TokenStream) -> Self {
        Proxies {
            params: Vec::new(),
            rt: rt.clone(),
        }
    }
    /// The proxy type of a field of that type.
    pub(super) fn of(&self, ty: &Type) -> TokenStream {
        let rt = &self.rt;
        if !self.mentions(ty) {
            let ty = without_lifetimes(ty);
            return quote!(<#ty as #rt::Diff>::Proxy<'__b>);
        }
        match ty {
            Type::Paren(t) => self.of(&t.elem),
            Type::Group(t) => self.of(&t.elem),
            Type::Reference(t) => self.of(&t.elem),
            Type::Slice(t) => {
                let e = self.of(&t.elem);
                quote!(#rt::Seq<'__b, #e>)
            }
            Type::Array(t) => {
                let (e, n) = (self.of(&t.elem), &t.len);
                quote!(#rt::Arr<'__b, #e, { #n }>)
            }
            Type::Tuple(t) => {
                let es = t.elems.iter().map(|t| self.of(t));
                quote!((#(#es,)*))
            }
            Type::Path(p) => self.path(p),
            other => quote!(<#other as #rt::Diff>::Proxy<'__b>),
        }
    }
    fn path(&self, p: &syn::TypePath) -> TokenStream {
        let rt = &self.rt;
        if p.qself.is_none()
            && let Some(id) = p.path.get_ident()
        {
            return quote!(#id);
        }
        let mut path = p.path.clone();
        let Some(last) = path.segments.last_mut() else {
            return quote!(#path);
        };
        let mut args = Vec::new();
        if let PathArguments::AngleBracketed(a) = &last.arguments {
            for a in &a.args {
                match a {
                    GenericArgument::Type(t) => args.push(self.of(t)),
                    GenericArgument::Const(c) => args.push(quote!(#c)),
                    _ => {}
                }
            }
        }
        if last.ident == "Vec" {
            return quote!(#rt::Seq<'__b, #(#args),*>);
        }
        if last.ident == "Option" {
            return quote!(#rt::Opt<'__b, #(#args),*>);
        }
        if last.ident == "Result" {
            return quote!(#rt::Res<'__b, #(#args),*>);
        }
        // Another derived generic type: its proxy struct is its neighbour.
        last.ident = format_ident!("{}__Staged", last.ident);
        last.arguments = PathArguments::None;
        quote!(#path<'__b, #(#args),*>)
    }
    /// Whether a type parameter occurs in the type.
    fn mentions(&self, ty: &Type) -> bool {
        struct Find<'p>(&'p [&'p Ident], bool);
        impl<'ast> Visit<'ast> for Find<'_> {
            fn visit_ident(&mut self, i: &'ast Ident) {
                self.1 |= self.0.contains(&i);
            }
        }
        let mut find = Find(&self.params, false);
        find.visit_type(ty);
        find.1
    }
}

/// References live as long as anything: the proxy has no borrows.
fn without_lifetimes(ty: &Type) -> Type {
    struct Static;
    impl VisitMut for Static {
        fn visit_lifetime_mut(&mut self, l: &mut Lifetime) {
            *l = Lifetime::new("'static", l.span());
        }
        fn visit_type_reference_mut(&mut self, r: &mut syn::TypeReference) {
            r.lifetime = Some(Lifetime::new("'static", r.and_token.span));
            self.visit_type_mut(&mut r.elem);
        }
    }
    let mut ty = ty.clone();
    Static.visit_type_mut(&mut ty);
    ty
}
