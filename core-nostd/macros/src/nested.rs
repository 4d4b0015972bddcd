//! Derivatives called inside a twin: `f::__stage_gradient(b, …)` and its kin, which stage a derivative call.
//!
//! Only for functions without type parameters and `&mut` arguments.

use crate::cx::{Cx, Kind, name};
use crate::func::{Twin, stage_params};
use crate::types::Lifetimes;
use proc_macro2::TokenStream;
use quote::quote;
use syn::visit_mut::VisitMut;
use syn::{ReturnType, Signature, Type};

pub(crate) fn functions(cx: &Cx, sig: &Signature, t: &Twin) -> TokenStream {
    let by_ref = t.params.iter().any(|p| p.kind == Kind::Ref);
    if t.inline || !t.args.is_empty() || by_ref || t.params.is_empty() {
        return quote!();
    }
    let plain = |ty: &Type| {
        let mut ty = ty.clone();
        Lifetimes("'static").visit_type_mut(&mut ty);
        ty
    };
    let args: Vec<Type> = t.params.iter().map(|p| plain(&p.ty)).collect();
    let result = match &sig.output {
        ReturnType::Default => quote!(()),
        ReturnType::Type(_, ty) => {
            let ty = plain(ty);
            quote!(#ty)
        }
    };
    let text = sig.ident.to_string();
    let ids: Vec<_> = t.params.iter().map(|p| name(&p.id)).collect();
    let (decls, values) = stage_params(cx, t);
    let (tys, ret) = (&t.tys, &t.ret);
    let gradient = |ty: &TokenStream| quote!(<<<#ty as __s::Datum>::Space as __s::data::Space>::Of<<#ty as __s::Datum>::Owned> as __s::Diff>::Proxy<'__b>);
    let each: Vec<TokenStream> = args.iter().map(|a| gradient(&quote!(#a))).collect();
    let one = args.len() == 1;
    let all = if one {
        quote!(#(#each)*)
    } else {
        quote!((#(#each,)*))
    };
    let derivative = gradient(&result);
    let chosen_ty = quote!(<(#(#args,)*) as __s::data::Arg<__I>>::Type);
    let chosen_plain = quote!(<<#chosen_ty as __s::Datum>::Space as __s::data::Space>::Of<<#chosen_ty as __s::Datum>::Owned>);
    let chosen = quote!(<#chosen_plain as __s::Diff>::Proxy<'__b>);
    let wheres = quote!(where (#(#args,)*): __s::data::Arg<__I>, #chosen_plain: __s::Diff);
    let start = quote! {
        let mut __d = __s::Derived::new(__b, __s::Callee {
            name: #text, key: __s::key(Self::__build), build: Self::__build,
        });
    };
    let from_args = quote! {
        #start
        #(__d.arg(#values);)*
    };
    // As in the API: argument and tangent, or a tuple of each.
    let tangents: Vec<TokenStream> = args
        .iter()
        .map(|a| quote!(<<<#a as __s::Datum>::Space as __s::data::Space>::Of<#a> as __s::Diff>::Proxy<'__b>))
        .collect();
    let (jvp_decls, jvp_args) = if one {
        (
            quote!(#(#ids: #tys,)* __tangents: #(#tangents)*),
            quote!(#(__d.arg(#ids);)*),
        )
    } else {
        let index = (0..ids.len()).map(syn::Index::from);
        (
            quote!(__args: (#(#tys,)*), __tangents: (#(#tangents,)*)),
            quote!(#(__d.arg(__args.#index);)*),
        )
    };
    let lanes: Vec<TokenStream> = ids
        .iter()
        .zip(tys)
        .map(|(id, ty)| quote!(#id: impl __s::LaneArg<'__b, #ty>))
        .collect();
    quote! {
        #[inline]
        pub fn __stage_vmap<'__b>(__b: __s::B<'__b>, #(#lanes),*) -> __s::Res<'__b, __s::Seq<'__b, #ret>, ()> {
            let mut __d = __s::Batched::new(__b, __s::Callee {
                name: #text, key: __s::key(Self::__build), build: Self::__build,
            });
            #(__d.arg::<#tys, _>(#ids);)*
            __s::ok(__b, __d.call())
        }
        #[inline]
        pub fn __stage_gradient<'__b>(__b: __s::B<'__b>, #(#decls),*) -> __s::Res<'__b, #all, ()> {
            #from_args
            __s::ok(__b, __d.gradient(::core::option::Option::None))
        }
        #[inline]
        pub fn __stage_value_and_gradient<'__b>(__b: __s::B<'__b>, #(#decls),*) -> __s::Res<'__b, (#ret, #all), ()> {
            #from_args
            __s::ok(__b, __d.value_and_gradient(::core::option::Option::None))
        }
        #[inline]
        pub fn __stage_jvp<'__b>(__b: __s::B<'__b>, #jvp_decls) -> __s::Res<'__b, (#ret, #derivative), ()> {
            #start
            #jvp_args
            __s::ok(__b, __d.jvp(__tangents))
        }
    }
    .into_iter()
    .chain(wrt(&decls, &from_args, &chosen, ret, &wheres))
    .collect()
}

/// The derivatives with respect to one argument, chosen by a const parameter.
fn wrt(
    decls: &[TokenStream],
    from_args: &TokenStream,
    chosen: &TokenStream,
    ret: &TokenStream,
    wheres: &TokenStream,
) -> TokenStream {
    // `impl AsSeq` parameters do not go together with a turbofish in callers that name all parameters, so `__I` comes first
    // and alone.
    quote! {
        #[inline]
        pub fn __stage_gradient_wrt<'__b, const __I: ::core::primitive::usize>(
            __b: __s::B<'__b>, #(#decls),*
        ) -> __s::Res<'__b, #chosen, ()> #wheres {
            #from_args
            __s::ok(__b, __d.gradient(::core::option::Option::Some(__I)))
        }
        #[inline]
        pub fn __stage_value_and_gradient_wrt<'__b, const __I: ::core::primitive::usize>(
            __b: __s::B<'__b>, #(#decls),*
        ) -> __s::Res<'__b, (#ret, #chosen), ()> #wheres {
            #from_args
            __s::ok(__b, __d.value_and_gradient(::core::option::Option::Some(__I)))
        }
    }
}
