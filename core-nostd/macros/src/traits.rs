//! `#[differentiable] trait Shape { … }`: a twin trait `Shape__Staged` over proxies, for functions generic over `S: Shape`.
//!
//! `#[differentiable] impl Shape for P` implements it for the proxy of `P` (see `impl_block`); in the twin of a function with a
//! parameter `S: Shape`, `S` is the proxy and the body is emitted at each call. `Shape__Staged` must be in scope where `Shape` is
//! used so: in the same module, or by a glob import.

use crate::cx::{Cx, Generic};
use crate::func::{Twin, quiet, stage_params, twin};
use crate::impl_block::substitute;
use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::{ToTokens, format_ident, quote};
use syn::spanned::Spanned;
use syn::{FnArg, ItemTrait, Path, Signature, TraitItem, TypeParamBound, parse_quote, parse2};

/// Traits of the standard library and of Cotangent: bounds that say nothing about a twin.
const PLAIN: &[&str] = &[
    "Copy",
    "Clone",
    "Debug",
    "Display",
    "Default",
    "PartialEq",
    "Eq",
    "PartialOrd",
    "Ord",
    "Hash",
    "Send",
    "Sync",
    "Sized",
    "Unpin",
    "Add",
    "Sub",
    "Mul",
    "Div",
    "Rem",
    "Neg",
    "Not",
    "AddAssign",
    "SubAssign",
    "MulAssign",
    "DivAssign",
    "RemAssign",
    "BitAnd",
    "BitOr",
    "BitXor",
    "Shl",
    "Shr",
    "Sum",
    "Product",
    "From",
    "Into",
    "TryFrom",
    "TryInto",
    "AsRef",
    "Datum",
    "Diff",
    "FromPrimitive",
    "ToPrimitive",
    "NumCast",
    "Zero",
    "One",
    "Signed",
    "Unsigned",
    "NumAssign",
    "FloatConst",
];
/// Bounds that make a parameter a number.
const NUMBERS: &[&str] = &["Float", "Scalar", "Num", "Real", "Int"];

/// The user's traits among bounds, if the parameter is not a number by another of them.
pub(crate) fn staged_traits<'a>(bounds: impl IntoIterator<Item = &'a TypeParamBound>) -> Vec<Path> {
    let mut out = Vec::new();
    for b in bounds {
        let TypeParamBound::Trait(t) = b else {
            continue;
        };
        let Some(last) = t.path.segments.last() else {
            continue;
        };
        let name = last.ident.to_string();
        if NUMBERS.contains(&name.as_str()) {
            return Vec::new();
        }
        if !PLAIN.contains(&name.as_str()) {
            out.push(t.path.clone());
        }
    }
    out
}

/// Whether an impl of a trait of that name is one of its twin too.
pub(crate) fn is_staged(path: &Path) -> bool {
    !staged_traits(&[TypeParamBound::Trait(parse_quote!(#path))]).is_empty()
}

/// The path of the twin trait.
pub(crate) fn twin_path(path: &Path) -> Path {
    let mut path = path.clone();
    if let Some(last) = path.segments.last_mut() {
        last.ident = format_ident!("{}__Staged", last.ident, span = last.ident.span());
    }
    path
}

/// How a method of a trait takes its receiver, and the signature with it as an ordinary first parameter.
pub(crate) fn free_signature(sig: &Signature, this: &Ident) -> (Option<bool>, Signature) {
    let mut sig = sig.clone();
    let Some(FnArg::Receiver(r)) = sig.inputs.first() else {
        return (None, sig);
    };
    let mutable = r.reference.is_some() && r.mutability.is_some();
    sig.inputs[0] = match (&r.reference, &r.mutability) {
        (Some((and, life)), m) => parse_quote!(#this: #and #life #m Self),
        (None, m) => parse_quote!(#m #this: Self),
    };
    (Some(mutable), sig)
}

/// The declaration of a method of the twin trait, without its body: the same in the trait and in its impls.
pub(crate) fn declaration(
    cx: &Cx,
    sig: &Signature,
    t: &Twin,
    receiver: Option<bool>,
) -> TokenStream {
    let (decls, _) = stage_params(cx, t);
    let (ret, generics, wheres) = (&t.ret, &t.decls, &t.wheres);
    let wheres = (!wheres.is_empty()).then(|| quote!(where #(#wheres),*));
    match receiver {
        None => {
            let name = format_ident!("__s_{}", sig.ident);
            quote!(fn #name<#(#generics),*>(__b: __s::B<'__b>, #(#decls),*) -> #ret #wheres)
        }
        Some(mutable) => {
            let (name, decls) = (&sig.ident, &decls[1..]);
            let this = if mutable {
                quote!(&mut self)
            } else {
                quote!(self)
            };
            quote!(fn #name<#(#generics),*>(#this, #(#decls),*) -> #ret #wheres)
        }
    }
}

/// The twin of a trait.
pub(crate) fn expand(krate: &TokenStream, item: &ItemTrait) -> TokenStream {
    if let Some(p) = item.generics.params.first() {
        return syn::Error::new(
            p.span(),
            "a trait with parameters has no differentiable twin; write it without",
        )
        .to_compile_error();
    }
    let this = Ident::new("__self", Span::call_site());
    let mut errors = TokenStream::new();
    let mut out = Vec::new();
    for i in &item.items {
        match i {
            TraitItem::Const(c) => {
                let (id, ty) = (&c.ident, &c.ty);
                out.push(quote!(const #id: #ty;));
            }
            TraitItem::Fn(f) => {
                let (receiver, sig) = free_signature(&f.sig, &this);
                let block = f.default.clone().unwrap_or_else(|| parse_quote!({}));
                let Ok(block) = parse2(substitute(block.into_token_stream(), &this, &quote!(Self)))
                else {
                    continue;
                };
                let mut cx = Cx::new(krate.clone());
                cx.generics.insert("Self".into(), Generic::Proxy);
                let t = twin(&mut cx, &sig, &block, None);
                errors.extend(cx.take_errors().iter().map(syn::Error::to_compile_error));
                let head = declaration(&cx, &f.sig, &t, receiver);
                let head = resolved(head, krate);
                let Some(_) = &f.default else {
                    out.push(quote!(#head;));
                    continue;
                };
                let args = stage_params(&cx, &t).1;
                let start = usize::from(receiver.is_some());
                let ids: Vec<_> = t.params.iter().map(|p| crate::cx::name(&p.id)).collect();
                let (ids, args, body) = (&ids[start..], &args[start..], &t.body);
                let body = match receiver {
                    None => quote!(#body),
                    Some(false) => quote!({ let __b = self.__stager(); let __self = self; #body }),
                    Some(true) => quote!({
                        let __b = self.__stager();
                        let __self = __s::var(__b, *self);
                        let __r = { #body };
                        *self = __s::rd(__self);
                        __r
                    }),
                };
                out.push(quote! {
                    #head {
                        use #krate::__stage as __s;
                        #[allow(unused_imports, reason = "not every body iterates")]
                        use __s::{Consume as _, Iter as _};
                        #(let #ids = #args;)*
                        #body
                    }
                });
            }
            _ => {
                errors.extend(
                    syn::Error::new(
                        i.span(),
                        "this item of a trait has no differentiable twin; methods and constants have",
                    )
                    .to_compile_error(),
                );
            }
        }
    }
    let parents = staged_traits(&item.supertraits);
    let parents = parents.iter().map(twin_path);
    let (vis, quiet) = (&item.vis, quiet());
    let name = format_ident!("{}__Staged", item.ident, span = item.ident.span());
    quote! {
        #quiet
        #vis trait #name<'__b>: #krate::__stage::Staged<'__b> #(+ #parents<'__b>)* {
            /// What it is staged into.
            fn __stager(self) -> #krate::__stage::B<'__b>;
            #(#out)*
        }
        #errors
    }
}

/// Tokens with the short name of the `stage` module written out, for where it is not imported.
fn resolved(tokens: TokenStream, krate: &TokenStream) -> TokenStream {
    tokens
        .into_iter()
        .flat_map(|t| match t {
            TokenTree::Ident(i) if i == "__s" => quote!(#krate::__stage),
            TokenTree::Group(g) => {
                let mut new = proc_macro2::Group::new(g.delimiter(), resolved(g.stream(), krate));
                new.set_span(g.span());
                new.into_token_stream()
            }
            other => other.into_token_stream(),
        })
        .collect()
}
