//! `impl Datum`: the leaves of a struct are those of its fields in order; of an enum the variant's position and then those
//! of every variant.

use super::Shape;
use proc_macro2::TokenStream;
use quote::{format_ident, quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{DeriveInput, Field, Fields, Type, parse_quote};

/// A pattern that binds the fields of a struct or variant to `__0`, `__1`, …, and also the expression that makes it of them.
fn names(fields: &Fields) -> (TokenStream, Vec<syn::Ident>) {
    let vars: Vec<_> = (0..fields.len()).map(|i| format_ident!("__{i}")).collect();
    let pattern = match fields {
        Fields::Named(fs) => {
            let ids = fs.named.iter().map(|f| &f.ident);
            quote!({ #(#ids: #vars),* })
        }
        Fields::Unnamed(_) => quote!((#(#vars),*)),
        Fields::Unit => quote!(),
    };
    (pattern, vars)
}

/// `<T as Datum>`, at the place of the field's type, so that an error is shown there.
fn datum(f: &Field, k: &TokenStream) -> TokenStream {
    let ty = &f.ty;
    quote_spanned!(ty.span()=> <#ty as #k::Datum>)
}

pub(super) fn expand(input: &DeriveInput, shape: &Shape<'_>, k: &TokenStream) -> TokenStream {
    let name = &input.ident;
    let mut generics = input.generics.clone();
    let types: Vec<_> = generics.type_params().map(|t| t.ident.clone()).collect();
    let clause = generics.make_where_clause();
    for t in &types {
        clause
            .predicates
            .push(parse_quote!(#t: #k::Datum<Owned = #t>));
    }
    let (head, tail, clause) = generics.split_for_impl();
    let all: Vec<&Field> = shape.fields();
    let tys: Vec<TokenStream> = all.iter().map(|f| datum(f, k)).collect();
    let space = tys.iter().rev().fold(
        quote!(#k::Discrete),
        |rest, t| quote!(<#t::Space as #k::Space>::Or<#rest>),
    );
    let borrows = generics.lifetimes().next().is_some();
    let owned = if borrows {
        quote!((#(#tys::Owned,)*))
    } else {
        quote!(#name #tail)
    };
    let tag = match shape {
        Shape::Struct(_) => None,
        Shape::Enum(_) => Some(quote!(<::core::primitive::u32 as #k::Datum>)),
    };
    let tag_types = tag.iter();
    let tag_leaf = tag.iter().count();
    let (flatten, unflatten) = match shape {
        Shape::Struct(fields) => of_struct(fields, borrows, k),
        Shape::Enum(variants) => of_enum(variants, k),
    };
    let words = match shape {
        Shape::Struct(fields) => lend_struct(fields, borrows, k),
        Shape::Enum(variants) => words_enum(variants, k),
    };
    quote! {
        #[automatically_derived]
        impl #head #k::Datum for #name #tail #clause {
            type Owned = #owned;
            type Space = #space;
            const LEAVES: ::core::primitive::usize = #tag_leaf #(+ #tys::LEAVES)*;
            #words
            fn types(__out: &mut #k::names::Vec<#k::names::Type>) {
                #(#tag_types::types(__out);)*
                #(#tys::types(__out);)*
            }
            fn flatten(&self, __out: &mut #k::names::Vec<#k::names::Val>) {
                #flatten
            }
            fn unflatten(
                __vals: &mut dyn ::core::iter::Iterator<Item = #k::names::Val>,
            ) -> ::core::option::Option<Self::Owned> {
                #unflatten
            }
        }
    }
}

fn of_struct(fields: &Fields, borrows: bool, k: &TokenStream) -> (TokenStream, TokenStream) {
    let (pattern, vars) = names(fields);
    let tys: Vec<_> = fields.iter().map(|f| datum(f, k)).collect();
    let flatten = quote! {
        let Self #pattern = self;
        #(#tys::flatten(#vars, __out);)*
    };
    let made = if borrows {
        quote!((#(#vars,)*))
    } else {
        quote!(Self #pattern)
    };
    let unflatten = quote! {
        #(let #vars = #tys::unflatten(__vals)?;)*
        ::core::option::Option::Some(#made)
    };
    (flatten, unflatten)
}

/// A struct's leaves lent, and as words.
fn lend_struct(fields: &Fields, borrows: bool, k: &TokenStream) -> TokenStream {
    let (pattern, vars) = names(fields);
    let tys: Vec<_> = fields.iter().map(|f| datum(f, k)).collect();
    let made = if borrows {
        quote!((#(#vars,)*))
    } else {
        quote!(Self #pattern)
    };
    quote! {
        const WORDS: #k::Words = #k::Words::EMPTY #(.then(#tys::WORDS))*;
        fn lend<'__a>(&'__a self, __out: &mut #k::names::Vec<#k::names::Lent<'__a>>) {
            let Self #pattern = self;
            #(#tys::lend(#vars, __out);)*
        }
        #[inline]
        fn put_words(&self, __out: &mut #k::WordBuf<'_>) {
            let Self #pattern = self;
            #(#tys::put_words(#vars, __out);)*
        }
        #[inline]
        fn take_words(
            __words: &mut ::core::slice::Iter<'_, ::core::primitive::u64>,
        ) -> ::core::option::Option<Self::Owned> {
            #(let #vars = #tys::take_words(__words)?;)*
            ::core::option::Option::Some(#made)
        }
    }
}

/// The types of the fields, by variant.
fn field_types<'a>(variants: &[&'a syn::Variant]) -> Vec<Vec<&'a Type>> {
    let of = |v: &&'a syn::Variant| v.fields.iter().map(|f| &f.ty).collect();
    variants.iter().map(of).collect()
}

/// An enum's leaves as words; lending keeps the default.
fn words_enum(variants: &[&syn::Variant], k: &TokenStream) -> TokenStream {
    let all = field_types(variants);
    let (mut writes, mut reads) = (Vec::new(), Vec::new());
    for (i, v) in variants.iter().enumerate() {
        let (pattern, vars) = names(&v.fields);
        let (name, tag) = (&v.ident, i as u32);
        let mine: Vec<_> = v.fields.iter().map(|f| datum(f, k)).collect();
        let (before, after) = (all[..i].concat(), all[i + 1..].concat());
        writes.push(quote! {
            Self::#name #pattern => {
                <::core::primitive::u32 as #k::Datum>::put_words(&#tag, __out);
                #(#k::absent_words::<#before>(__out);)*
                #(#mine::put_words(#vars, __out);)*
                #(#k::absent_words::<#after>(__out);)*
            }
        });
        reads.push(quote! {
            #tag => {
                #(#k::skip_words::<#before>(__words)?;)*
                #(let #vars = #mine::take_words(__words)?;)*
                #(#k::skip_words::<#after>(__words)?;)*
                ::core::option::Option::Some(Self::#name #pattern)
            }
        });
    }
    let fields = variants.iter().flat_map(|v| &v.fields);
    let tys: Vec<_> = fields.map(|f| datum(f, k)).collect();
    quote! {
        const WORDS: #k::Words =
            <::core::primitive::u32 as #k::Datum>::WORDS #(.then(#tys::WORDS))*;
        #[inline]
        fn put_words(&self, __out: &mut #k::WordBuf<'_>) {
            match self { #(#writes)* }
        }
        #[inline]
        fn take_words(
            __words: &mut ::core::slice::Iter<'_, ::core::primitive::u64>,
        ) -> ::core::option::Option<Self::Owned> {
            match <::core::primitive::u32 as #k::Datum>::take_words(__words)? {
                #(#reads)*
                _ => ::core::option::Option::None,
            }
        }
    }
}

fn of_enum(variants: &[&syn::Variant], k: &TokenStream) -> (TokenStream, TokenStream) {
    let all = field_types(variants);
    let (mut writes, mut reads) = (Vec::new(), Vec::new());
    for (i, v) in variants.iter().enumerate() {
        let (pattern, vars) = names(&v.fields);
        let (name, tag) = (&v.ident, i as u32);
        let mine: Vec<_> = v.fields.iter().map(|f| datum(f, k)).collect();
        let (before, after): (Vec<_>, Vec<_>) = (all[..i].concat(), all[i + 1..].concat());
        writes.push(quote! {
            Self::#name #pattern => {
                <::core::primitive::u32 as #k::Datum>::flatten(&#tag, __out);
                #(#k::absent::<#before>(__out);)*
                #(#mine::flatten(#vars, __out);)*
                #(#k::absent::<#after>(__out);)*
            }
        });
        reads.push(quote! {
            #tag => {
                #(#k::skip::<#before>(__vals)?;)*
                #(let #vars = #mine::unflatten(__vals)?;)*
                #(#k::skip::<#after>(__vals)?;)*
                ::core::option::Option::Some(Self::#name #pattern)
            }
        });
    }
    let flatten = quote!(match self { #(#writes)* });
    let unflatten = quote! {
        match <::core::primitive::u32 as #k::Datum>::unflatten(__vals)? {
            #(#reads)*
            _ => ::core::option::Option::None,
        }
    };
    (flatten, unflatten)
}
