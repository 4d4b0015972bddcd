//! Procedural macros of Cotangent.

mod api;
mod derive;

use proc_macro::TokenStream;

/// Lets a struct or enum be used in `#[differentiable]` functions, passed to them and returned from them.
///
/// Each field must be a number, `bool`, array, vector, slice, tuple, `Option`, `Result` or another type with this derive. A gradient with respect
/// to a value has the same type: floating-point fields hold the derivative, all others are copied.
#[proc_macro_derive(Differentiable, attributes(cotangent))]
pub fn derive_differentiable(item: TokenStream) -> TokenStream {
    let input = syn::parse_macro_input!(item as syn::DeriveInput);
    derive::expand(&input)
        .unwrap_or_else(syn::Error::into_compile_error)
        .into()
}
