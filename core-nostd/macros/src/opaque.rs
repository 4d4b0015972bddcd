//! `#[differentiable(opaque)]`: a function that is not staged. Its twin emits a call out of the program, of the plain function on plain data.
//!
//! Invariant: the operands are the leaves of the arguments and the results those of the value and of what is behind each `&mut`, as in a
//! call of a staged function.

use crate::cx::{Cx, Kind, name};
use crate::func::Twin;
use crate::types::Lifetimes;
use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};
use syn::visit_mut::VisitMut;
use syn::{Signature, Type};

/// Gives a twin the body of an opaque function.
pub(crate) fn body(cx: &mut Cx, sig: &Signature, t: &mut Twin, opaque: &Ident) {
    if t.inline || !t.args.is_empty() {
        cx.error(
            opaque.span(),
            "an `opaque` function has no type parameters, and neither takes nor returns closures",
        );
        return;
    }
    let (krate, ret, f) = (&cx.krate, &t.ret, &sig.ident);
    let text = f.to_string();
    let ids: Vec<Ident> = t.params.iter().map(|p| name(&p.id)).collect();
    let plain: Vec<Ident> = (0..ids.len()).map(|i| format_ident!("__p{i}")).collect();
    let tys = t.params.iter().map(|p| {
        let mut ty = p.ty.clone();
        Lifetimes("'static").visit_type_mut(&mut ty);
        match ty {
            // The data behind it.
            Type::Reference(r) => *r.elem,
            ty => ty,
        }
    });
    let pass = t.params.iter().zip(&plain).map(|(p, id)| match &p.ty {
        Type::Reference(r) if r.mutability.is_some() => quote!(&mut #id),
        Type::Reference(_) => quote!(&#id),
        _ => quote!(#id),
    });
    let back = t.params.iter().zip(&plain);
    let back: Vec<TokenStream> = back
        .filter(|(p, _)| p.kind == Kind::Ref)
        .map(|(_, id)| quote!(__s::Datum::flatten(&#id, &mut __out);))
        .collect();
    let whole = quote!(::core::concat!(::core::module_path!(), "::", #text));
    t.body = quote! {
        let mut __c = __s::Call::new(__b);
        #(__c.arg(#ids);)*
        let __f = |__v: &[__s::data::names::Val]| -> ::core::result::Result<__s::data::names::Vec<__s::data::names::Val>, __s::data::names::String> {
            let mut __v = __v.iter().cloned();
            #(let mut #plain = <#tys as __s::Datum>::unflatten(&mut __v).ok_or("an argument of another type")?;)*
            let __r = #f(#(#pass),*);
            let mut __out = __s::data::names::Vec::new();
            __s::Datum::flatten(&__r, &mut __out);
            #(#back)*
            ::core::result::Result::Ok(__out)
        };
        let __r: #ret = __c.end_host(#whole, #krate::__host(#whole, __f));
        #(__c.back(#ids);)*
        __r
    };
}
