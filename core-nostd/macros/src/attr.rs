//! The arguments of `#[differentiable(…)]`.

use proc_macro2::{Ident, TokenStream};
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
    /// The body is not staged: programs call the function itself.
    pub(crate) opaque: Option<Ident>,
    /// Reverse mode takes its derivative forward.
    pub(crate) forward: Option<Ident>,
    /// Its derivative is zero.
    pub(crate) non_differentiable: Option<Ident>,
}

impl Attr {
    pub(crate) fn parse(tokens: TokenStream) -> syn::Result<Attr> {
        let mut attr = Attr {
            krate: quote!(::cotangent),
            jvp: None,
            vjp: None,
            opaque: None,
            forward: None,
            non_differentiable: None,
        };
        let parser = |input: syn::parse::ParseStream<'_>| {
            while !input.is_empty() {
                let key = input.call(<syn::Ident as syn::ext::IdentExt>::parse_any)?;
                let path = |input: syn::parse::ParseStream<'_>| -> syn::Result<Path> {
                    input.parse::<Token![=]>()?;
                    input.parse()
                };
                match key.to_string().as_str() {
                    "jvp" => attr.jvp = Some(path(input)?),
                    "vjp" => attr.vjp = Some(path(input)?),
                    "crate" => {
                        let path = path(input)?;
                        attr.krate = quote!(#path);
                    }
                    "opaque" => attr.opaque = Some(key),
                    "forward" => attr.forward = Some(key),
                    "non_differentiable" => attr.non_differentiable = Some(key),
                    _ => {
                        return Err(syn::Error::new(
                            key.span(),
                            "expected `jvp = function`, `vjp = function`, `opaque`, `forward`, `non_differentiable` or `crate = path`",
                        ));
                    }
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
        if let (Some(no), Some(_)) = (
            &attr.non_differentiable,
            attr.jvp.as_ref().or(attr.vjp.as_ref()),
        ) {
            return Err(syn::Error::new(
                no.span(),
                "a function with a rule has a derivative; leave one of the two out",
            ));
        }
        let derived = attr.jvp.is_none() && attr.vjp.is_none() && attr.opaque.is_none();
        if let Some(key) = &attr.forward
            && !(derived && attr.non_differentiable.is_none())
        {
            return Err(syn::Error::new(
                key.span(),
                "`forward` is for a derivative that is taken of the body; leave one of the two out",
            ));
        }
        Ok(attr)
    }
    /// Whether it says something of a function that an impl block or trait has no place for.
    pub(crate) fn of_a_function(&self) -> bool {
        self.jvp.is_some()
            || self.vjp.is_some()
            || self.opaque.is_some()
            || self.forward.is_some()
            || self.non_differentiable.is_some()
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
            (None, None) if self.forward.is_some() => quote!(__b.forward_rule();),
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
