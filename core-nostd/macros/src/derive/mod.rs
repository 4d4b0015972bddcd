//! `#[derive(Differentiable)]`: how a struct or enum crosses into a program (`Datum`) and what stands for it in a twin (`Diff`,
//! the proxy `P__Staged`, the places of its fields `P__Refs`).

mod datum;
mod proxy;
mod staged;

use proc_macro2::TokenStream;
use quote::quote;
use syn::{Data, DeriveInput, Field, Fields, Variant};

/// The fields or variants of the type.
pub(crate) enum Shape<'a> {
    Struct(&'a Fields),
    Enum(Vec<&'a Variant>),
}

impl<'a> Shape<'a> {
    /// All fields, of all variants, in order.
    fn fields(&self) -> Vec<&'a Field> {
        match self {
            Shape::Struct(f) => f.iter().collect(),
            Shape::Enum(vs) => vs.iter().flat_map(|v| v.fields.iter()).collect(),
        }
    }
}

/// Expands the derive. The crate is `::cotangent` unless `#[cotangent(crate = path)]` says otherwise.
pub(crate) fn expand(input: &DeriveInput) -> syn::Result<TokenStream> {
    let mut krate = quote!(::cotangent);
    for a in input
        .attrs
        .iter()
        .filter(|a| a.path().is_ident("cotangent"))
    {
        a.parse_nested_meta(|m| {
            if m.path.is_ident("crate") {
                let path: syn::Path = m.value()?.parse()?;
                krate = quote!(#path);
                Ok(())
            } else {
                Err(m.error("expected `crate = path`"))
            }
        })?;
    }
    let krate = &krate;
    let shape = match &input.data {
        Data::Struct(s) => Shape::Struct(&s.fields),
        Data::Enum(e) if e.variants.is_empty() => {
            return Err(syn::Error::new_spanned(
                &input.ident,
                "an enum without variants has no values to differentiate",
            ));
        }
        Data::Enum(e) => Shape::Enum(e.variants.iter().collect()),
        Data::Union(u) => {
            return Err(syn::Error::new_spanned(
                u.union_token,
                "a union cannot be differentiated: which field is meant is not known",
            ));
        }
    };
    let datum = datum::expand(input, &shape, &quote!(#krate::__stage::data));
    let staged = staged::expand(input, &shape, krate);
    Ok(quote!(#datum #staged))
}
