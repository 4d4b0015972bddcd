//! A function and its twin.
//!
//! `fn foo` stays as it is; beside it goes a braced struct `foo` (in the type namespace only, so that it is imported and
//! renamed together with the function) whose associated functions are the twin: `__stage` emits a call, `__build` emits the
//! body once per program. A function that takes or returns closures has no call of its own: its `__stage` emits the body.

use crate::attr::Attr;
use crate::cx::{Cx, Generic, Kind, at, line_col, name, respan};
use crate::types::{Native, native_bound, native_type};
use proc_macro2::{Ident, Span, TokenStream};
use quote::{format_ident, quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{
    FnArg, GenericParam, ItemFn, Pat, ReturnType, Signature, Type, Visibility, parse_quote, parse2,
};

/// `#[differentiable]`: the item as it is, then its twin.
pub(crate) fn expand(attr: TokenStream, item: TokenStream) -> TokenStream {
    let attr = match Attr::parse(attr) {
        Ok(a) => a,
        Err(e) => {
            let e = e.to_compile_error();
            return quote!(#item #e);
        }
    };
    let krate = attr.krate.clone();
    let twin = match parse2::<syn::Item>(item.clone()) {
        Ok(syn::Item::Fn(f)) => {
            let (twin, used) = (function_with(&krate, &f, Some(&attr)), used(&f));
            quote!(#twin #used)
        }
        Ok(item @ (syn::Item::Impl(_) | syn::Item::Trait(_))) if attr.of_a_function() => syn::Error::new(
            item.span(),
            "a derivative rule, `opaque`, `forward` and `non_differentiable` go on a function, not on an impl block or trait: let the method call such a function",
        )
        .to_compile_error(),
        Ok(syn::Item::Impl(i)) => crate::impl_block::expand(&krate, &i),
        Ok(syn::Item::Trait(t)) => crate::traits::expand(&krate, &t),
        Ok(other) => syn::Error::new(
            other.span(),
            "`#[differentiable]` goes on a function, a trait or an impl block; give a type `#[derive(Differentiable)]`",
        )
        .to_compile_error(),
        Err(e) => e.to_compile_error(),
    };
    // The tokens, not what syn made of them: re-emission loses the invisible groups of a macro_rules! argument.
    quote!(#item #twin)
}

/// Marks the plain function as used: often only its derivatives are.
fn used(f: &ItemFn) -> TokenStream {
    if f.sig.generics.type_params().next().is_some()
        || f.sig.generics.const_params().next().is_some()
    {
        return quote!();
    }
    let (id, cfgs) = (&f.sig.ident, cfgs(&f.attrs));
    let opaque = f
        .sig
        .inputs
        .iter()
        .any(|a| matches!(a, FnArg::Typed(a) if native_type(&a.ty).is_some()));
    if opaque {
        return quote!();
    }
    quote!(#cfgs const _: fn() = || { let _ = #id; };)
}

/// A parameter.
pub(crate) struct Param {
    /// What it is called in the twin's signature.
    pub(crate) id: Ident,
    /// Its pattern, if it is not just the name.
    pub(crate) pat: Option<Pat>,
    /// The plain type.
    pub(crate) ty: Type,
    /// The name's kind.
    pub(crate) kind: Kind,
    /// Declared `mut`.
    pub(crate) mutable: bool,
}

/// The parts of a twin, over proxies.
pub(crate) struct Twin {
    /// `<T: Scalar, const N: usize>` without the lifetime.
    pub(crate) decls: Vec<TokenStream>,
    /// The names of those, as arguments.
    pub(crate) args: Vec<TokenStream>,
    /// Where-clauses.
    pub(crate) wheres: Vec<TokenStream>,
    /// The parameters.
    pub(crate) params: Vec<Param>,
    /// The parameters' proxy types.
    pub(crate) tys: Vec<TokenStream>,
    /// The result's proxy type.
    pub(crate) ret: TokenStream,
    /// The rewritten body, an expression of the result's type.
    pub(crate) body: TokenStream,
    /// It takes or returns closures, or returns a `&mut`: its body is emitted at each call.
    pub(crate) inline: bool,
    /// It returns a closure or a `&mut`, which nothing can stand in for where inlining is cut short.
    returns_native: bool,
}

/// The attributes of everything generated.
pub(crate) fn quiet() -> TokenStream {
    quote! {
        #[allow(unused, non_snake_case, non_camel_case_types, non_upper_case_globals, missing_docs, unreachable_pub,
            private_interfaces, private_bounds, missing_debug_implementations, unused_qualifications, unused_lifetimes, clippy::all, clippy::pedantic,
            clippy::allow_attributes_without_reason, clippy::allow_attributes)]
        #[doc(hidden)]
    }
}

/// Says what a signature has that cannot be differentiated.
fn check_signature(cx: &mut Cx, sig: &Signature) {
    let mut no = |span: Option<Span>, what: &str| {
        if let Some(span) = span {
            cx.error(
                span,
                format!("{what} cannot be `#[differentiable]`; move that part to a plain function"),
            );
        }
    };
    no(sig.asyncness.map(|t| t.span), "an `async` function");
    no(sig.unsafety.map(|t| t.span), "an `unsafe` function");
    no(
        sig.variadic.as_ref().map(|v| v.span()),
        "a variadic function",
    );
    no(
        sig.abi.as_ref().map(|a| a.extern_token.span),
        "an `extern` function",
    );
}

/// The generic parameters of a signature, as declarations of the twin. Lifetimes vanish with references.
pub(crate) fn generics(cx: &mut Cx, g: &syn::Generics, twin: &mut Twin) {
    let closure_where = |id: &Ident| -> Option<Native> {
        g.where_clause.as_ref()?.predicates.iter().find_map(|p| {
            let syn::WherePredicate::Type(p) = p else {
                return None;
            };
            let Type::Path(t) = &p.bounded_ty else {
                return None;
            };
            t.path.is_ident(id).then(|| native_bound(&p.bounds))?
        })
    };
    // Names first: bounds may mention later parameters.
    for p in &g.params {
        if let GenericParam::Type(t) = p {
            let closure = native_bound(&t.bounds).is_some() || closure_where(&t.ident).is_some();
            let kind = if closure {
                Generic::Closure
            } else if user_traits(g, t).is_empty() {
                Generic::Scalar
            } else {
                Generic::Proxy
            };
            cx.generics.insert(t.ident.to_string(), kind);
        }
    }
    for p in &g.params {
        match p {
            GenericParam::Lifetime(_) => {}
            GenericParam::Const(c) => {
                let (id, ty) = (&c.ident, &c.ty);
                twin.decls.push(quote!(const #id: #ty));
                twin.args.push(quote!(#id));
            }
            GenericParam::Type(t) => {
                let id = &t.ident;
                let f = native_bound(&t.bounds).or_else(|| closure_where(id));
                twin.args.push(quote!(#id));
                match f {
                    Some(f) => {
                        twin.inline = true;
                        let bound = cx.native(&f);
                        twin.decls.push(quote!(#id));
                        twin.wheres.push(quote!(#id: #bound));
                    }
                    None if cx.generics.get(&id.to_string()) == Some(&Generic::Proxy) => {
                        twin.inline = true;
                        let traits = user_traits(g, t);
                        let traits = traits.iter().map(crate::traits::twin_path);
                        twin.decls.push(quote!(#id: #(#traits<'__b>)+*));
                    }
                    None => {
                        let (bounds, krate) = (&t.bounds, &cx.krate);
                        twin.decls
                            .push(quote!(#id: #krate::__stage::Scalar + #bounds));
                    }
                }
            }
        }
    }
    for p in g.where_clause.iter().flat_map(|w| &w.predicates) {
        if let syn::WherePredicate::Type(t) = p
            && native_bound(&t.bounds).is_none()
            && !is_proxy(cx, &t.bounded_ty)
        {
            twin.wheres.push(quote!(#p));
        }
    }
}

/// The user's traits that a type parameter is bounded by.
fn user_traits(g: &syn::Generics, t: &syn::TypeParam) -> Vec<syn::Path> {
    let more = g.where_clause.iter().flat_map(|w| &w.predicates);
    let more = more.filter_map(|p| match p {
        syn::WherePredicate::Type(p) => match &p.bounded_ty {
            Type::Path(q) if q.path.is_ident(&t.ident) => Some(&p.bounds),
            _ => None,
        },
        _ => None,
    });
    crate::traits::staged_traits(t.bounds.iter().chain(more.flatten()))
}

/// Whether a type is a generic parameter that stands for a proxy.
fn is_proxy(cx: &Cx, ty: &Type) -> bool {
    matches!(ty, Type::Path(p) if p.path.get_ident().is_some_and(|id| {
        cx.generics.get(&id.to_string()) == Some(&Generic::Proxy)
    }))
}

/// One parameter of a signature.
fn param(cx: &mut Cx, i: usize, pat: &Pat, ty: &Type) -> Param {
    let by_ref = matches!(ty, Type::Reference(r) if r.mutability.is_some());
    let closure = native_type(ty).is_some() || is_closure_generic(cx, ty);
    let kind = if closure {
        Kind::Native
    } else if by_ref {
        Kind::Ref
    } else {
        Kind::Val
    };
    let (id, pat, mutable) = match pat {
        Pat::Ident(p) if p.subpat.is_none() && p.by_ref.is_none() => {
            (p.ident.clone(), None, p.mutability.is_some())
        }
        Pat::Wild(_) => (format_ident!("__arg{i}"), None, false),
        _ => (format_ident!("__arg{i}"), Some(pat.clone()), false),
    };
    Param {
        id,
        pat,
        ty: ty.clone(),
        kind,
        mutable,
    }
}

/// Whether a type is (a reference to) a generic parameter that is a closure.
fn is_closure_generic(cx: &Cx, ty: &Type) -> bool {
    match ty {
        Type::Path(p) => p
            .path
            .get_ident()
            .is_some_and(|id| cx.generics.get(&id.to_string()) == Some(&Generic::Closure)),
        Type::Reference(r) => is_closure_generic(cx, &r.elem),
        _ => false,
    }
}

/// Rewrites a function's signature and body. A receiver is the caller's business: it may put one first with `receiver`.
pub(crate) fn twin(
    cx: &mut Cx,
    sig: &Signature,
    block: &syn::Block,
    receiver: Option<Param>,
) -> Twin {
    let mut t = Twin {
        decls: Vec::new(),
        args: Vec::new(),
        wheres: Vec::new(),
        params: Vec::new(),
        tys: Vec::new(),
        ret: quote!(()),
        body: quote!(),
        inline: false,
        returns_native: false,
    };
    check_signature(cx, sig);
    generics(cx, &sig.generics, &mut t);
    if let ReturnType::Type(_, r) = &sig.output {
        let by_ref = matches!(&**r, Type::Reference(r) if r.mutability.is_some());
        t.returns_native = by_ref || native_type(r).is_some();
        t.inline |= t.returns_native;
    }
    t.params.extend(receiver);
    for (i, a) in sig.inputs.iter().enumerate() {
        if let FnArg::Typed(a) = a {
            let p = param(cx, i, &a.pat, &a.ty);
            t.inline |= p.kind == Kind::Native;
            t.params.push(p);
        }
    }
    t.tys = t.params.iter().map(|p| cx.ty(&p.ty)).collect();
    t.ret = cx.ret_ty(&sig.output);
    cx.push();
    let mut pre = Vec::new();
    for p in &t.params {
        cx.bind(&p.id, p.kind);
    }
    for p in &t.params {
        let id = name(&p.id);
        if p.mutable && p.kind == Kind::Val {
            cx.bind(&p.id, Kind::Mut);
            pre.push(quote!(let #id = __s::var(__b, #id);));
        }
        if let Some(pat) = &p.pat {
            pre.push(cx.bind_pattern(pat, &quote!(#id), p.kind));
        }
    }
    let body = cx.function_body(block, &t.ret);
    cx.pop();
    t.body = quote!(#(#pre)* #body);
    t
}

/// The twin of a free function.
pub(crate) fn function(krate: &TokenStream, f: &ItemFn) -> TokenStream {
    function_with(krate, f, None)
}

/// The twin of a free function, which the attribute may give a rule, or a body that is not staged.
fn function_with(krate: &TokenStream, f: &ItemFn, attr: Option<&Attr>) -> TokenStream {
    let mut cx = Cx::new(krate.clone());
    let opaque = attr.and_then(|a| a.opaque.as_ref());
    let empty: syn::Block = parse_quote!({});
    let block = if opaque.is_some() { &empty } else { &*f.block };
    let mut t = twin(&mut cx, &f.sig, block, None);
    cx.rule = attr.map(|a| a.rule(&t.args)).unwrap_or_default();
    if let Some(opaque) = opaque {
        crate::opaque::body(&mut cx, &f.sig, &mut t, opaque);
    }
    if let Some(no) = attr.and_then(|a| a.non_differentiable.as_ref()) {
        if t.inline || t.params.iter().any(|p| p.kind == Kind::Ref) {
            cx.error(
                no.span(),
                "a `non_differentiable` function takes values and returns a value, neither closures nor `&mut`",
            );
        }
        let body = &t.body;
        t.body = quote!({ let __r = { #body }; __s::stop_gradient(__b, __r) });
    }
    let errors: Vec<TokenStream> = cx
        .take_errors()
        .iter()
        .map(syn::Error::to_compile_error)
        .collect();
    let cfgs = cfgs(&f.attrs);
    if !errors.is_empty() {
        let stub = broken(&cx, f, &t);
        return quote!(#cfgs #stub #(#errors)*);
    }
    let api = if t.inline {
        quote!()
    } else {
        let api = crate::api::api(f, krate);
        quote!(#cfgs #krate::__api! { #api })
    };
    emit(&cx, &f.vis, &f.sig, &t, &cfgs, &api)
}

/// What stands for the twin of a function that has errors, so that its callers have none on top.
fn broken(cx: &Cx, f: &ItemFn, t: &Twin) -> TokenStream {
    let id = respan(&f.sig.ident, at(f.sig.ident.span()));
    let (vis, krate, quiet) = (&f.vis, &cx.krate, quiet());
    let args: Vec<Ident> = (0..t.params.len())
        .map(|i| format_ident!("__a{i}"))
        .collect();
    let ret = if t.inline || !t.args.is_empty() {
        quote!(())
    } else {
        t.ret.clone()
    };
    quote! {
        #quiet
        #vis struct #id {}
        const _: () = {
            use #krate::__stage as __s;
            #quiet
            impl #id {
                pub fn __stage<'__b>(__b: __s::B<'__b>, #(#args: impl ::core::marker::Sized),*) -> #ret {
                    __s::diverge(__b)
                }
            }
        };
    }
}

/// The `#[cfg]` attributes, which go on what is generated too.
pub(crate) fn cfgs(attrs: &[syn::Attribute]) -> TokenStream {
    let cfgs = attrs.iter().filter(|a| a.path().is_ident("cfg"));
    quote!(#(#cfgs)*)
}

/// The parameter types of `__stage`: anything that can be borrowed as a slice where a slice is expected.
pub(crate) fn stage_params(cx: &Cx, t: &Twin) -> (Vec<TokenStream>, Vec<TokenStream>) {
    let _ = cx;
    let mut decls = Vec::new();
    let mut args = Vec::new();
    for (p, ty) in t.params.iter().zip(&t.tys) {
        let id = name(&p.id);
        let (ty, arg) = match slice_elem(&p.ty) {
            Some((_, true)) => (
                quote!(impl __s::AsSeqMut<'__b, Elem = <#ty as __s::AsSeqMut<'__b>>::Elem>),
                quote!(__s::AsSeqMut::as_seq_mut(#id)),
            ),
            Some((_, false)) => (
                quote!(impl __s::ToSeq<'__b, Elem = <#ty as __s::AsSeq<'__b>>::Elem>),
                quote!(__s::ToSeq::to_seq(#id)),
            ),
            // `&T` also takes a `&mut T`, which is a place.
            None if p.kind == Kind::Val && matches!(&p.ty, Type::Reference(_)) => (
                quote!(impl __s::AsVal<'__b, Out = #ty>),
                quote!(__s::val(#id)),
            ),
            None => (ty.clone(), quote!(#id)),
        };
        decls.push(quote!(#id: #ty));
        args.push(arg);
    }
    (decls, args)
}

/// The element type of a slice parameter, and whether it is mutable.
fn slice_elem(ty: &Type) -> Option<(&Type, bool)> {
    match ty {
        Type::Reference(r) => match &*r.elem {
            Type::Slice(s) => Some((&s.elem, r.mutability.is_some())),
            Type::Paren(p) => match &*p.elem {
                Type::Slice(s) => Some((&s.elem, r.mutability.is_some())),
                _ => None,
            },
            _ => None,
        },
        _ => None,
    }
}

/// The struct of that name and its functions.
fn emit(
    cx: &Cx,
    vis: &Visibility,
    sig: &Signature,
    t: &Twin,
    cfgs: &TokenStream,
    api: &TokenStream,
) -> TokenStream {
    let krate = &cx.krate;
    let sp = at(sig.ident.span());
    let id = respan(&sig.ident, sp);
    let quiet = quiet();
    let fns = functions(cx, sig, t);
    quote_spanned! {sp=>
        #cfgs #quiet
        #vis struct #id {}
        #cfgs
        const _: () = {
            use #krate::__stage as __s;
            #[allow(unused_imports, clippy::allow_attributes_without_reason)]
            use __s::{Consume as _, Iter as _};
            #quiet
            impl #id { #fns }
        };
        #api
    }
}

/// `__stage`, `__build`, `__body` and `__as_fn`, the contents of the struct's impl.
pub(crate) fn functions(cx: &Cx, sig: &Signature, t: &Twin) -> TokenStream {
    let sp = at(sig.ident.span());
    let text = sig.ident.to_string();
    let Twin {
        decls,
        args,
        wheres,
        tys,
        ret,
        body,
        ..
    } = t;
    let wheres = if wheres.is_empty() {
        quote!()
    } else {
        quote!(where #(#wheres),*)
    };
    let ids: Vec<Ident> = t.params.iter().map(|p| name(&p.id)).collect();
    let rule = &cx.rule;
    let (stage_decls, stage_args) = stage_params(cx, t);
    let (line, col) = line_col(sig.ident.span());
    let turbofish = if args.is_empty() {
        quote!()
    } else {
        quote!(::<#(#args),*>)
    };
    let stage = if t.inline {
        // A call of itself with the same closure never ends: the body is skipped where it nests too deep.
        let stand_in = match &sig.output {
            ReturnType::Type(_, r) if native_type(r).is_some() => None,
            _ if t.returns_native => Some(quote!(__s::Var::uninit(__b))),
            _ => Some(quote!(__s::diverge(__b))),
        };
        let skip = stand_in.map(|v| quote!(if __old.is_none() { return #v; }));
        quote! {
            #[inline]
            pub fn __stage<'__b, #(#decls),*>(__b: __s::B<'__b>, #(#stage_decls),*) -> #ret #wheres {
                let __old = __b.enter(#text, ::core::file!());
                #skip
                let __r = Self::__body #turbofish (__b, #(#stage_args),*);
                if let ::core::option::Option::Some(__old) = __old {
                    __b.leave(__old);
                }
                __r
            }
        }
    } else {
        quote! {
            #[inline]
            pub fn __stage<'__b, #(#decls),*>(__b: __s::B<'__b>, #(#stage_decls),*) -> #ret #wheres {
                #(let #ids = #stage_args;)*
                let mut __c = __s::Call::new(__b);
                #(__c.arg(#ids);)*
                let __r: #ret = __c.end(#text, __s::key(Self::__build #turbofish), Self::__build #turbofish);
                #(__c.back(#ids);)*
                __r
            }
            #[inline]
            pub fn __build<#(#decls),*>(__b: __s::B<'_>) #wheres {
                __b.define(::core::file!(), #line, #col);
                #rule
                #(let #ids = __s::Arg::bind(__b);)*
                let __r = Self::__body #turbofish (__b, #(#ids),*);
                let mut __o = __s::Outs::new(__r);
                #(__o.back(#ids);)*
                __o.end(__b);
            }
        }
    };
    let as_fn = if t.inline {
        quote!()
    } else {
        quote! {
            #[inline]
            pub fn __as_fn<'__b, #(#decls),*>(__b: __s::B<'__b>) -> impl Fn(#(#tys),*) -> #ret + Copy #wheres {
                move |#(#ids: #tys),*| Self::__stage #turbofish (__b, #(#ids),*)
            }
        }
    };
    let nested = crate::nested::functions(cx, sig, t);
    quote_spanned! {sp=>
        #stage
        #as_fn
        #nested
        #[inline]
        fn __body<'__b, #(#decls),*>(__b: __s::B<'__b>, #(#ids: #tys),*) -> #ret #wheres {
            #body
        }
    }
}
