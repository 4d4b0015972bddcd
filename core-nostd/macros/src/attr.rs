//! The arguments of `#[differentiable(…)]`.

use proc_macro2::TokenStream;
use quote::quote;
use syn::parse::Parser;
use syn::{Path, Token};

/// What was asked for.
pub(crate) struct Attr {
    /// Path of the crate: the facade, or the core.
    pub(crate) krate: TokenStream,
    /// A rule for forward mode.
    pub(crate) jvp: Option<Path>,
    /// A rule for reverse mode.
    pub(crate) vjp: Option<Path>,
}

impl Attr {
    pub(crate) fn parse(tokens: TokenStream) -> syn::Result<Attr> {
        let mut attr = Attr {
            krate: quote!(::cotangent),
            jvp: None,
            vjp: None,
        };
        let parser = |input: syn::parse::ParseStream<'_>| {
            while !input.is_empty() {
                let key = input.call(<syn::Ident as syn::ext::IdentExt>::parse_any)?;
                if key != "crate" && key != "jvp" && key != "vjp" {
                    return Err(syn::Error::new(
                        key.span(),
                        "expected `jvp = function`, `vjp = function` or `crate = path`",
                    ));
                }
                input.parse::<Token![=]>()?;
                let path: Path = input.parse()?;
                match key.to_string().as_str() {
                    "jvp" => attr.jvp = Some(path),
                    "vjp" => attr.vjp = Some(path),
                    _ => attr.krate = quote!(#path),
                }
                if !input.is_empty() {
                    input.parse::<Token![,]>()?;
                }
            }
            Ok(())
        };
        parser.parse2(tokens)?;
        if let (Some(_), Some(vjp)) = (&attr.jvp, &attr.vjp) {
            return Err(syn::Error::new_spanned(
                vjp,
                "one rule is enough: the `jvp` rule serves both modes",
            ));
        }
        Ok(attr)
    }
    /// The statement of the build function that sets the rule. The rule of a generic function has the same type parameters, `generics`.
    pub(crate) fn rule(&self, generics: &[TokenStream]) -> TokenStream {
        let set = |path: &Path, method: TokenStream| {
            let callee = callee(path, generics);
            quote!(__b.#method(#callee);)
        };
        match (&self.jvp, &self.vjp) {
            (Some(p), _) => set(p, quote!(jvp_rule)),
            (None, Some(p)) => set(p, quote!(vjp_rule)),
            (None, None) => quote!(),
        }
    }
}

/// An annotated function as the front end's `Callee`, with those type arguments.
pub(crate) fn callee(path: &Path, generics: &[TokenStream]) -> TokenStream {
    let generics = (!generics.is_empty()).then(|| quote!(::<#(#generics),*>));
    let name = path
        .segments
        .last()
        .map(|s| s.ident.to_string())
        .unwrap_or_default();
    quote!(__s::Callee { name: #name, key: __s::key(#path::__build #generics), build: #path::__build #generics })
}
