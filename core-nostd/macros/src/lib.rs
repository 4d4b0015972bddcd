//! Procedural macros of Cotangent.
//!
//! `#[differentiable]` keeps a function's tokens as they are and adds a *twin*: the same Rust over proxies, which the core's
//! `stage` module defines. Everything here is syntax: types are rustc's business. Start with `func`, then `expr`.
//!
//! * `func`: a function and its twin, signatures; `api`: what a user calls on a function
//! * `cx`: names in scope, loops, errors: the state of rewriting one body
//! * `expr`: expressions; `control`: branches, blocks, jumps; `loops`; `closure`; `place`: variables, fields, elements, assignment;
//!   `pattern`: patterns as tests and bindings; `call`: paths, calls, literals of structs; `macros`: the macros that may be used; `types`: types
//! * `impl_block`: methods; `traits`: traits of the user's; `nested`: derivatives called in a body; `opaque`: functions that
//!   are not staged; `attr`: the attribute's arguments
//! * `derive`: `#[derive(Differentiable)]`; `diagnose`: what is said where something is not supported

mod api;
mod attr;
mod call;
mod closure;
mod control;
mod cx;
mod derive;
mod diagnose;
mod expr;
mod func;
mod impl_block;
mod loops;
mod macros;
mod nested;
mod opaque;
mod pattern;
mod place;
mod traits;
mod types;

use proc_macro::TokenStream;

/// Makes a function differentiable: callable as before, and the source of its derivatives.
///
/// * `#[differentiable(jvp = rule)]`: the derivative is given by `rule`, an annotated function that takes the arguments, then a
///   tangent for each that holds floating-point numbers, and returns the result and its tangent. Serves forward and reverse mode.
/// * `#[differentiable(vjp = rule)]`: `rule` takes the arguments, then a cotangent of the result, and returns the cotangents of the
///   arguments that hold floating-point numbers. Serves reverse mode.
/// * `#[differentiable(opaque)]`: programs call the function itself, so its body may be any Rust: a call of a C library, say. It should give
///   the same result for the same arguments; it may be called more than once where a derivative computes again. With a rule beside it
///   (`opaque, jvp = rule`) it has a derivative, without it is an error to differentiate it.
/// * `#[differentiable(forward)]`: in reverse mode the function is differentiated forward, together with its value, and only its derivatives are kept:
///   for a function of few numbers with much work inside (a solver, a simulator), which otherwise keeps what every step of that computes.
/// * `#[differentiable(non_differentiable)]`: the derivative is zero, whatever the body does.
/// * `#[differentiable(crate = path)]` names the crate if it is not `::cotangent`.
#[proc_macro_attribute]
pub fn differentiable(attr: TokenStream, item: TokenStream) -> TokenStream {
    func::expand(attr.into(), item.into()).into()
}

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
