//! What stands for a derived type in a twin: the proxy, the places of its fields, and the trait impls between them.
//!
//! For `struct P { x: f64 }`: `P__Staged<'b> { x: Expr<'b, f64>, __b }` and `P__Refs<'b> { x: Var<'b, Expr<'b, f64>> }`; both
//! are tuple structs where `P` is one (`__b` comes last). For an enum the proxy is the tag `__tag` and, for each variant with
//! fields, a field of the variant's name that holds its payload `E__V`, itself such a struct. The twin uses
//!
//! * `x.__is_V()` and `x.__get_V()` on the proxy and on its places: whether it is that variant, and its payload;
//! * `E::__s_V(b, fields…)` for a tuple variant; for a struct variant `E::__blank_V(b)`, fields set, then `E::__make_V(b, payload)`.
//!
//! The structs of a generic type take proxies as type parameters, by the same names. Lifetimes are dropped.

use super::Shape;
use crate::derive::proxy::Proxies;
use proc_macro2::TokenStream;
use quote::{format_ident, quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{DeriveInput, Field, Fields, GenericParam, Generics, Ident, Visibility, parse_quote};

/// What the expansion of one type shares.
struct Cx<'a> {
    name: &'a Ident,
    vis: &'a Visibility,
    /// Path of the run-time half of the front end.
    rt: TokenStream,
    proxies: Proxies<'a>,
    /// `'__b`, then the type and const parameters without bounds.
    bare: Generics,
    /// `bare`, with `T: Staged<'__b>`.
    bound: Generics,
}

pub(super) fn expand(input: &DeriveInput, shape: &Shape<'_>, k: &TokenStream) -> TokenStream {
    let rt = quote!(#k::__stage);
    let mut bare = Generics::default();
    bare.params.push(parse_quote!('__b));
    for p in &input.generics.params {
        match p {
            GenericParam::Lifetime(_) => {}
            GenericParam::Type(t) => {
                let id = &t.ident;
                bare.params.push(parse_quote!(#id));
            }
            GenericParam::Const(c) => {
                let (id, ty) = (&c.ident, &c.ty);
                bare.params.push(parse_quote!(const #id: #ty));
            }
        }
    }
    let mut bound = bare.clone();
    for t in bound.type_params_mut() {
        t.bounds.push(parse_quote!(#rt::Staged<'__b>));
    }
    let cx = Cx {
        name: &input.ident,
        vis: &input.vis,
        proxies: Proxies::new(&input.generics, &rt),
        rt,
        bare,
        bound,
    };
    let diff = diff(&cx, input);
    let body = match shape {
        Shape::Struct(fields) => {
            let (id, refs) = (
                format_ident!("{}__Staged", cx.name),
                format_ident!("{}__Refs", cx.name),
            );
            let parts = product(&cx, &id, &refs, fields, false);
            let literal = matches!(fields, Fields::Named(_)).then(|| literal(&cx, &id));
            quote!(#parts #literal)
        }
        Shape::Enum(variants) => sum(&cx, input, variants),
    };
    quote!(#diff #body)
}

/// The value that a struct with named fields has in the twin: `P.__blank(b)` is what a literal `P { .. }` starts from. It is
/// named as the struct, so that whoever imports that has it too.
fn literal(cx: &Cx<'_>, staged: &Ident) -> TokenStream {
    let (name, vis, rt) = (cx.name, cx.vis, &cx.rt);
    let id = format_ident!("{name}__Lit");
    let (head, _, clause) = cx.bound.split_for_impl();
    let (_, tail, _) = cx.bare.split_for_impl();
    let quiet = quiet();
    quote! {
        #quiet
        #vis struct #id;
        #quiet
        #[allow(non_upper_case_globals)]
        #vis const #name: #id = #id;
        #quiet
        impl #id {
            pub fn __blank #head(self, __b: #rt::B<'__b>) -> #staged #tail #clause { #rt::diverge(__b) }
        }
    }
}

/// `impl Diff for P`.
fn diff(cx: &Cx<'_>, input: &DeriveInput) -> TokenStream {
    let (name, rt) = (cx.name, &cx.rt);
    let staged = format_ident!("{name}__Staged");
    let mut generics = input.generics.clone();
    let types: Vec<Ident> = generics.type_params().map(|t| t.ident.clone()).collect();
    let clause = generics.make_where_clause();
    for t in &types {
        clause
            .predicates
            .push(parse_quote!(#t: #rt::Diff + #rt::data::Datum<Owned = #t>));
    }
    let args = input.generics.params.iter().filter_map(|p| match p {
        GenericParam::Lifetime(_) => None,
        GenericParam::Type(t) => {
            let id = &t.ident;
            Some(quote!(<#id as #rt::Diff>::Proxy<'__b>))
        }
        GenericParam::Const(c) => {
            let id = &c.ident;
            Some(quote!(#id))
        }
    });
    let (head, tail, clause) = generics.split_for_impl();
    quote! {
        #[automatically_derived]
        impl #head #rt::Diff for #name #tail #clause {
            type Proxy<'__b> = #staged<'__b, #(#args),*>;
        }
    }
}

/// Attributes of every generated item.
fn quiet() -> TokenStream {
    quote! {
        #[doc(hidden)]
        #[allow(non_snake_case, non_camel_case_types, missing_docs, missing_debug_implementations, private_interfaces, private_bounds, dead_code, clippy::all)]
    }
}

/// A struct with fields of those types, and `__b`.
fn definition(
    cx: &Cx<'_>,
    id: &Ident,
    fields: &Fields,
    tys: &[TokenStream],
    open: bool,
) -> TokenStream {
    let (vis, rt, quiet) = (cx.vis, &cx.rt, quiet());
    let (head, _, _) = cx.bare.split_for_impl();
    let stager = quote!(#rt::B<'__b>);
    let fvis = fields.iter().map(|f| {
        if open {
            quote!(pub)
        } else {
            let v = &f.vis;
            quote!(#v)
        }
    });
    match fields {
        Fields::Named(_) => {
            let names = fields.iter().map(|f| &f.ident);
            quote! { #quiet #vis struct #id #head { #(#fvis #names: #tys,)* pub __b: #stager } }
        }
        Fields::Unnamed(_) | Fields::Unit => {
            quote! { #quiet #vis struct #id #head (#(#fvis #tys,)* pub #stager); }
        }
    }
}

/// `Copy` and `Clone` of a generated struct, whatever its parameters.
fn copy(cx: &Cx<'_>, id: &Ident) -> TokenStream {
    let (head, tail, clause) = cx.bound.split_for_impl();
    quote! {
        impl #head ::core::marker::Copy for #id #tail #clause {}
        impl #head ::core::clone::Clone for #id #tail #clause {
            fn clone(&self) -> Self { *self }
        }
    }
}

/// Reads a field: `.x` or `.0`.
fn member(i: usize, f: &Field) -> syn::Member {
    match &f.ident {
        Some(id) => id.clone().into(),
        None => i.into(),
    }
}

/// Proxy, places and impls of a struct, or of the payload of a variant.
fn product(cx: &Cx<'_>, id: &Ident, refs: &Ident, fields: &Fields, open: bool) -> TokenStream {
    let rt = &cx.rt;
    let tys: Vec<TokenStream> = fields
        .iter()
        .map(|f| {
            let ty = cx.proxies.of(&f.ty);
            quote_spanned!(f.ty.span()=> #ty)
        })
        .collect();
    let members: Vec<_> = fields
        .iter()
        .enumerate()
        .map(|(i, f)| member(i, f))
        .collect();
    let def = definition(cx, id, fields, &tys, open);
    let vars: Vec<_> = tys.iter().map(|t| quote!(#rt::Var<'__b, #t>)).collect();
    let refs_def = definition(cx, refs, fields, &vars, open);
    let (copy, copy_refs) = (copy(cx, id), copy(cx, refs));
    let (head, tail, clause) = cx.bound.split_for_impl();
    // `__b` and what else the struct has: named, or by position.
    let rest = match fields {
        Fields::Named(_) => quote!(__b),
        Fields::Unnamed(_) | Fields::Unit => {
            let i = syn::Index::from(fields.len());
            quote!(#i: __b)
        }
    };
    let equal = quote! {
        let __all = #rt::lit(__b, true);
        #(let __all = __all & #rt::StagedEq::equal(self.#members, __b, __other.#members);)*
        __all
    };
    let equal = equality(cx, id, &tys, &equal);
    let stager = match fields {
        Fields::Named(_) => quote!(self.__b),
        Fields::Unnamed(_) | Fields::Unit => {
            let i = syn::Index::from(fields.len());
            quote!(self.#i)
        }
    };
    let accessor = accessor(cx, id, &stager);
    let parts = complex_parts(cx, id, fields, &tys);
    quote! {
        #def
        #parts
        #copy
        #refs_def
        #copy_refs
        #equal
        #accessor
        #[automatically_derived]
        impl #head #rt::Staged<'__b> for #id #tail #clause {
            type Refs = #refs #tail;
            fn types(__out: &mut #rt::data::names::Vec<#rt::data::names::Type>) {
                #(<#tys as #rt::Staged<'__b>>::types(__out);)*
            }
            fn put(&self, __out: &mut #rt::data::names::Vec<#rt::data::names::Value>) {
                #(#rt::Staged::put(&self.#members, __out);)*
            }
            fn take(__b: #rt::B<'__b>, __from: &mut #rt::Leaves<'_>) -> Self {
                Self { #(#members: <#tys as #rt::Staged<'__b>>::take(__b, __from),)* #rest }
            }
            fn refs(__v: #rt::Var<'__b, Self>) -> Self::Refs {
                let __b = __v.b();
                let mut __fields = __v.split();
                #refs { #(#members: __fields.field::<#tys>(),)* #rest }
            }
        }
    }
}

/// What a proxy is staged into.
fn accessor(cx: &Cx<'_>, id: &Ident, stager: &TokenStream) -> TokenStream {
    let (rt, quiet) = (&cx.rt, quiet());
    let (head, tail, clause) = cx.bound.split_for_impl();
    quote! {
        #quiet
        impl #head #id #tail #clause {
            pub fn __b(self) -> #rt::B<'__b> { #stager }
        }
    }
}

/// Methods for fields called `re` and `im`: that is how `z.re` is written where `z` may as well be a complex number.
fn complex_parts(cx: &Cx<'_>, id: &Ident, fields: &Fields, tys: &[TokenStream]) -> TokenStream {
    let quiet = quiet();
    let (head, tail, clause) = cx.bound.split_for_impl();
    let methods = fields.iter().zip(tys).filter_map(|(f, ty)| {
        let field = f.ident.as_ref().filter(|id| *id == "re" || *id == "im")?;
        let (vis, method) = (&f.vis, format_ident!("__field_{field}"));
        Some(quote! { #vis fn #method(self) -> #ty { self.#field } })
    });
    quote! {
        #quiet
        impl #head #id #tail #clause { #(#methods)* }
    }
}

/// `==`, where all fields have it.
fn equality(cx: &Cx<'_>, id: &Ident, tys: &[TokenStream], body: &TokenStream) -> TokenStream {
    let rt = &cx.rt;
    let mut generics = cx.bound.clone();
    let clause = generics.make_where_clause();
    for t in tys {
        // Quantified, so that a field without `==` is no error here but where `==` is used.
        clause
            .predicates
            .push(parse_quote!(for<'__t> #t: #rt::StagedEq<'__b>));
    }
    let (head, tail, clause) = generics.split_for_impl();
    quote! {
        #[automatically_derived]
        impl #head #rt::StagedEq<'__b> for #id #tail #clause {
            fn equal(self, __b: #rt::B<'__b>, __other: Self) -> #rt::Expr<'__b, ::core::primitive::bool> {
                #body
            }
        }
    }
}

/// Proxy, places and impls of an enum, and of the payloads of its variants.
fn sum(cx: &Cx<'_>, input: &DeriveInput, variants: &[&syn::Variant]) -> TokenStream {
    let (rt, vis, name) = (&cx.rt, cx.vis, cx.name);
    let (id, refs) = (
        format_ident!("{name}__Staged"),
        format_ident!("{name}__Refs"),
    );
    let tag = quote!(#rt::Expr<'__b, ::core::primitive::u32>);
    let (bare_head, bare_tail, _) = cx.bare.split_for_impl();
    let (head, tail, clause) = cx.bound.split_for_impl();
    let full: Vec<&syn::Variant> = variants
        .iter()
        .copied()
        .filter(|v| !v.fields.is_empty())
        .collect();
    let names: Vec<&Ident> = full.iter().map(|v| &v.ident).collect();
    let part = |v: &Ident| format_ident!("{name}__{v}");
    let part_refs = |v: &Ident| format_ident!("{name}__{v}__Refs");
    let payloads: Vec<_> = names
        .iter()
        .map(|v| {
            let p = part(v);
            quote!(#p #bare_tail)
        })
        .collect();
    let payload_refs: Vec<_> = names
        .iter()
        .map(|v| {
            let p = part_refs(v);
            quote!(#p #bare_tail)
        })
        .collect();
    let parts = full
        .iter()
        .map(|v| product(cx, &part(&v.ident), &part_refs(&v.ident), &v.fields, true));
    let tests: Vec<_> = variants
        .iter()
        .map(|v| format_ident!("__is_{}", v.ident))
        .collect();
    let numbers: Vec<u32> = (0..variants.len() as u32).collect();
    let gets: Vec<_> = names.iter().map(|v| format_ident!("__get_{v}")).collect();
    let tags: Vec<u32> = variants
        .iter()
        .zip(0u32..)
        .filter(|(v, _)| !v.fields.is_empty())
        .map(|(_, i)| i)
        .collect();
    let quiet = quiet();
    let equal = quote! {
        let __all = #rt::eq(__b, self.__tag, __other.__tag);
        #(let __all = __all & (#rt::ne(__b, self.__tag, #rt::lit(__b, #tags)) | #rt::StagedEq::equal(self.#names, __b, __other.#names));)*
        __all
    };
    let equal = equality(cx, &id, &payloads, &equal);
    let accessor = accessor(cx, &id, &quote!(self.__b));
    let (copy, copy_refs) = (copy(cx, &id), copy(cx, &refs));
    let makers = full
        .iter()
        .zip(&tags)
        .map(|(v, &i)| makers(cx, v, i, &names, &part(&v.ident)));
    let mut generics = input.generics.clone();
    let types: Vec<Ident> = generics.type_params().map(|t| t.ident.clone()).collect();
    let own = generics.make_where_clause();
    for t in &types {
        own.predicates
            .push(parse_quote!(#t: #rt::Diff + #rt::data::Datum<Owned = #t>));
    }
    let (own_head, own_tail, own_clause) = generics.split_for_impl();
    quote! {
        #(#parts)*
        #quiet
        #vis struct #id #bare_head { pub __tag: #tag, #(pub #names: #payloads,)* pub __b: #rt::B<'__b> }
        #copy
        #quiet
        #vis struct #refs #bare_head { pub __tag: #rt::Var<'__b, #tag>, #(pub #names: #rt::Var<'__b, #payloads>,)* pub __b: #rt::B<'__b> }
        #copy_refs
        #equal
        #accessor
        #[automatically_derived]
        impl #head #rt::Staged<'__b> for #id #tail #clause {
            type Refs = #refs #tail;
            fn types(__out: &mut #rt::data::names::Vec<#rt::data::names::Type>) {
                <#tag as #rt::Staged<'__b>>::types(__out);
                #(<#payloads as #rt::Staged<'__b>>::types(__out);)*
            }
            fn put(&self, __out: &mut #rt::data::names::Vec<#rt::data::names::Value>) {
                #rt::Staged::put(&self.__tag, __out);
                #(#rt::Staged::put(&self.#names, __out);)*
            }
            fn take(__b: #rt::B<'__b>, __from: &mut #rt::Leaves<'_>) -> Self {
                Self {
                    __tag: <#tag as #rt::Staged<'__b>>::take(__b, __from),
                    #(#names: <#payloads as #rt::Staged<'__b>>::take(__b, __from),)*
                    __b,
                }
            }
            fn refs(__v: #rt::Var<'__b, Self>) -> Self::Refs {
                let __b = __v.b();
                let mut __fields = __v.split();
                #refs { __tag: __fields.field::<#tag>(), #(#names: __fields.field::<#payloads>(),)* __b }
            }
        }
        #quiet
        impl #head #id #tail #clause {
            #(pub fn #tests(self) -> #rt::Expr<'__b, ::core::primitive::bool> { #rt::eq(self.__b, self.__tag, #rt::lit(self.__b, #numbers)) })*
            #(pub fn #gets(self) -> #payloads { self.#names })*
        }
        #quiet
        impl #head #refs #tail #clause {
            #(pub fn #tests(self) -> #rt::Expr<'__b, ::core::primitive::bool> { #rt::eq(self.__b, #rt::rd(self.__tag), #rt::lit(self.__b, #numbers)) })*
            #(pub fn #gets(self) -> #payload_refs { #rt::refs(self.#names) })*
        }
        #quiet
        impl #own_head #name #own_tail #own_clause {
            #(#makers)*
        }
    }
}

/// The functions that make a variant with fields.
fn makers(cx: &Cx<'_>, v: &syn::Variant, tag: u32, names: &[&Ident], part: &Ident) -> TokenStream {
    let (rt, id, vis) = (&cx.rt, format_ident!("{}__Staged", cx.name), cx.vis);
    // In an impl of the plain type, a type parameter's proxy is a projection.
    let args: Vec<TokenStream> = cx
        .bare
        .params
        .iter()
        .map(|p| match p {
            GenericParam::Lifetime(_) => quote!('__b),
            GenericParam::Type(t) => {
                let t = &t.ident;
                quote!(<#t as #rt::Diff>::Proxy<'__b>)
            }
            GenericParam::Const(c) => {
                let c = &c.ident;
                quote!(#c)
            }
        })
        .collect();
    let whole = quote!(#id<#(#args),*>);
    let payload = quote!(#part<#(#args),*>);
    let (make, blank, short) = (
        format_ident!("__make_{}", v.ident),
        format_ident!("__blank_{}", v.ident),
        format_ident!("__s_{}", v.ident),
    );
    let mine = &v.ident;
    let others = names.iter().filter(|n| **n != mine);
    let vars: Vec<_> = (0..v.fields.len())
        .map(|i| format_ident!("__{i}"))
        .collect();
    let plain = Proxies::plain(rt);
    let tys: Vec<_> = v.fields.iter().map(|f| plain.of(&f.ty)).collect();
    let short = matches!(v.fields, Fields::Unnamed(_)).then(|| {
        quote! {
            #vis fn #short<'__b>(__b: #rt::B<'__b>, #(#vars: #tys),*) -> #whole {
                Self::#make(__b, #part(#(#vars,)* __b))
            }
        }
    });
    quote! {
        #vis fn #make<'__b>(__b: #rt::B<'__b>, __payload: #payload) -> #whole {
            #id { __tag: #rt::lit(__b, #tag), #mine: __payload, #(#others: #rt::diverge(__b),)* __b }
        }
        #vis fn #blank<'__b>(__b: #rt::B<'__b>) -> #payload {
            #rt::diverge(__b)
        }
        #short
    }
}
