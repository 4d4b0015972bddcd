//! `#[differentiable] impl P { … }` and `impl Trait for P { … }`: a twin for each method.
//!
//! A method `energy` of `P` becomes the twin of a free function whose first parameter is the receiver, called `P__energy`: that
//! struct also carries the API (`P__energy::gradient(&p, x)`). Beside it go
//!
//! * methods of the proxy `P__Staged`, so that `p.energy(x)` works in a twin; an operator trait is implemented for the
//!   proxy instead;
//! * `P::__s_energy(b, …)` and `P::__fn_energy(b)`, which the twin of `P::energy(&p, x)` and of the value `P::energy` name.
//!
//! In an impl of a generic type, `Self` is written out as `P::<T>`; the struct `P__Staged` must be in scope, which it is in the
//! module of the type.

use crate::cx::Cx;
use crate::func::{Twin, cfgs, function, quiet, stage_params, twin};
use proc_macro2::{Group, Ident, TokenStream, TokenTree};
use quote::{ToTokens, format_ident, quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{
    FnArg, GenericParam, ImplItem, ImplItemFn, ItemFn, ItemImpl, PathArguments, Receiver, Type,
    Visibility, parse_quote, parse2,
};

/// Traits of `core::ops` that are implemented for the proxy: the name, and whether there is a right-hand side.
const OPERATORS: &[(&str, bool)] = &[
    ("Add", true),
    ("Sub", true),
    ("Mul", true),
    ("Div", true),
    ("Rem", true),
    ("BitAnd", true),
    ("BitOr", true),
    ("BitXor", true),
    ("Neg", false),
    ("Not", false),
];

/// Traits that the twin has in another way, or that make no sense there.
const REFUSED: &[(&str, &str)] = &[
    (
        "Index",
        "write a method that returns the element, or index the field",
    ),
    (
        "IndexMut",
        "write a method that returns the element, or index the field",
    ),
    ("PartialEq", "derive it: the twin compares all fields"),
    ("PartialOrd", "compare the fields"),
    (
        "Iterator",
        "write a loop, or a method that returns an iterator adaptor's result",
    ),
    ("Drop", "nothing is dropped in a program"),
];

/// What the methods of one block share.
struct Block<'a> {
    krate: &'a TokenStream,
    item: &'a ItemImpl,
    /// The type, without references.
    ty: Type,
    /// The name that the structs of the methods start with.
    stem: String,
    /// The last name of the trait.
    operator: Option<Ident>,
    in_trait: bool,
}

/// The twin of an impl block. `tokens` are those of the block.
pub(crate) fn expand(krate: &TokenStream, item: &ItemImpl) -> TokenStream {
    let ty = match &*item.self_ty {
        Type::Reference(r) => (*r.elem).clone(),
        t => t.clone(),
    };
    let Some(name) = type_name(&ty) else {
        return syn::Error::new(
            item.self_ty.span(),
            "`#[differentiable]` goes on an impl of a struct, enum or number",
        )
        .to_compile_error();
    };
    let mut stem = name.to_string();
    let mut operator = None;
    if let Some((_, path, _)) = &item.trait_
        && let Some(last) = path.segments.last()
    {
        let what = last.ident.to_string();
        if let Some(op) = what.strip_suffix("Assign")
            && OPERATORS.iter().any(|(n, _)| *n == op)
        {
            // Silently taking `+` for a `+=` that may do something else would be worse than refusing.
            return syn::Error::new(
                path.span(),
                format!(
                    "`{what}` has no differentiable twin: there `a += b` is `a = a + b` (for any operator); annotate the impl of `{op}`, \
                     leave this one without the attribute, and let the two agree"
                ),
            )
            .to_compile_error();
        }
        if let Some((_, instead)) = REFUSED.iter().find(|(n, _)| *n == what) {
            return syn::Error::new(
                path.span(),
                format!("`{what}` has no differentiable twin: {instead}"),
            )
            .to_compile_error();
        }
        // One type may implement a trait for several arguments.
        let args: String = last
            .arguments
            .to_token_stream()
            .to_string()
            .chars()
            .filter(|c| c.is_alphanumeric() || *c == '_')
            .collect();
        stem = format!("{stem}__{what}{args}");
        if OPERATORS.iter().any(|(n, _)| *n == what) {
            operator = Some(last.ident.clone());
        }
    }
    let block = Block {
        krate,
        item,
        ty,
        stem,
        operator,
        in_trait: item.trait_.is_some(),
    };
    let mut out = TokenStream::new();
    for i in &item.items {
        if let ImplItem::Fn(f) = i {
            out.extend(block.method(f));
        }
    }
    if let Some((_, path, _)) = &item.trait_
        && block.operator.is_none()
        && crate::traits::is_staged(path)
    {
        out.extend(block.twin_trait(path));
    }
    out
}

/// The last name of a type's path.
fn type_name(ty: &Type) -> Option<&Ident> {
    match ty {
        Type::Path(p) if p.qself.is_none() => p.path.segments.last().map(|s| &s.ident),
        Type::Paren(p) => type_name(&p.elem),
        Type::Group(p) => type_name(&p.elem),
        _ => None,
    }
}

/// The type in a form that can stand in a type, a pattern and an expression: `P::<T>`.
fn turbofish(ty: &Type) -> TokenStream {
    let mut ty = ty.clone();
    if let Type::Path(p) = &mut ty
        && let Some(last) = p.path.segments.last_mut()
        && let PathArguments::AngleBracketed(a) = &mut last.arguments
    {
        a.colon2_token = Some(Default::default());
        // Lifetimes are rustc's to find.
        a.args = a
            .args
            .iter()
            .filter(|a| !matches!(a, syn::GenericArgument::Lifetime(_)))
            .cloned()
            .collect();
        if a.args.is_empty() {
            last.arguments = PathArguments::None;
        }
    }
    ty.to_token_stream()
}

/// The tokens with `self` renamed and `Self` written out, also inside macros.
pub(crate) fn substitute(tokens: TokenStream, this: &Ident, ty: &TokenStream) -> TokenStream {
    tokens
        .into_iter()
        .flat_map(|t| -> TokenStream {
            match t {
                TokenTree::Ident(i) if i == "self" => {
                    Ident::new(&this.to_string(), i.span().resolved_at(this.span()))
                        .into_token_stream()
                }
                TokenTree::Ident(i) if i == "Self" => {
                    let sp = i.span();
                    let ty = ty.clone();
                    quote_spanned!(sp=> #ty)
                }
                TokenTree::Group(g) => {
                    let inner = substitute(g.stream(), this, ty);
                    let mut new = Group::new(g.delimiter(), inner);
                    new.set_span(g.span());
                    new.into_token_stream()
                }
                other => other.into_token_stream(),
            }
        })
        .collect()
}

/// How a method takes its receiver.
#[derive(Copy, Clone, PartialEq, Eq)]
enum Takes {
    Nothing,
    Value,
    Mutable,
}

impl Block<'_> {
    fn method(&self, f: &ImplItemFn) -> TokenStream {
        let this = Ident::new("__self", proc_macro2::Span::call_site());
        let takes = match f.sig.receiver() {
            None => Takes::Nothing,
            Some(r) if r.reference.is_some() && r.mutability.is_some() => Takes::Mutable,
            Some(r) if r.colon_token.is_some() => {
                return syn::Error::new(
                    r.span(),
                    "write the receiver as `self`, `&self` or `&mut self`",
                )
                .to_compile_error();
            }
            Some(_) => Takes::Value,
        };
        let free = match self.free(f, &this) {
            Ok(free) => free,
            Err(e) => return e.to_compile_error(),
        };
        let twin_fn = function(self.krate, &free);
        // Once more for the signature over proxies; errors were reported above.
        let mut cx = Cx::new(self.krate.clone());
        let t = twin(&mut cx, &free.sig, &parse_quote!({}), None);
        let around = if let Some(op) = &self.operator {
            self.operator(op, f, &free, &t)
        } else {
            let by_path = self.by_path(&cx, f, &free, &t);
            let method = match takes {
                Takes::Nothing => quote!(),
                Takes::Value | Takes::Mutable => {
                    self.proxy_method(&cx, f, &free, &t, takes == Takes::Mutable)
                }
            };
            quote!(#by_path #method)
        };
        let (krate, cfgs) = (self.krate, cfgs(&f.attrs));
        quote! {
            #twin_fn
            #cfgs
            const _: () = {
                use #krate::__stage as __s;
                #around
            };
        }
    }

    /// The method as a free function: the receiver is its first parameter, the block's generics are its own.
    fn free(&self, f: &ImplItemFn, this: &Ident) -> syn::Result<ItemFn> {
        let ty = turbofish(&self.ty);
        let mut sig = f.sig.clone();
        if let Some(FnArg::Receiver(r)) = sig.inputs.first() {
            let Receiver {
                reference,
                mutability,
                ..
            } = r;
            let arg: FnArg = match (reference, mutability) {
                (Some((and, life)), m) => parse_quote!(#this: #and #life #m #ty),
                (None, m) => parse_quote!(#m #this: #ty),
            };
            sig.inputs[0] = arg;
        }
        sig.ident = format_ident!("{}__{}", self.stem, f.sig.ident, span = f.sig.ident.span());
        let mut generics = self.item.generics.clone();
        generics.params.extend(sig.generics.params.clone());
        if let Some(w) = &sig.generics.where_clause {
            generics
                .make_where_clause()
                .predicates
                .extend(w.predicates.clone());
        }
        sig.generics = generics;
        let vis = if self.in_trait {
            Visibility::Inherited
        } else {
            f.vis.clone()
        };
        let (attrs, block) = (cfgs(&f.attrs), &f.block);
        let tokens = substitute(quote!(#attrs #vis #sig #block), this, &ty);
        parse2(tokens)
    }

    /// The declarations of the block's own generics among those of a twin, and the rest.
    fn split<'t>(&self, t: &'t Twin) -> (&'t [TokenStream], &'t [TokenStream]) {
        let n = self
            .item
            .generics
            .params
            .iter()
            .filter(|p| !matches!(p, GenericParam::Lifetime(_)))
            .count();
        t.decls.split_at(n.min(t.decls.len()))
    }

    /// `P::__s_m` and `P::__fn_m`.
    fn by_path(&self, cx: &Cx, f: &ImplItemFn, free: &ItemFn, t: &Twin) -> TokenStream {
        if type_name(&self.ty).is_some_and(|n| crate::types::is_primitive(&n.to_string())) {
            return quote!();
        }
        let (ty, quiet) = (&self.ty, quiet());
        let (target, vis) = (&free.sig.ident, self.vis(f));
        let (stage, value) = (
            format_ident!("__s_{}", f.sig.ident),
            format_ident!("__fn_{}", f.sig.ident),
        );
        let (own, more) = self.split(t);
        let lifetimes = self.item.generics.lifetimes();
        let (decls, _) = stage_params(cx, t);
        let ids: Vec<_> = t.params.iter().map(|p| crate::cx::name(&p.id)).collect();
        let (ret, wheres, tys, turbofish) = (&t.ret, wheres(t), &t.tys, args(t));
        let as_fn = (!t.inline && more.is_empty()).then(|| {
            quote! {
                #vis fn #value<'__b>(__b: __s::B<'__b>) -> impl Fn(#(#tys),*) -> #ret + Copy #wheres {
                    move |#(#ids: #tys),*| #target::__stage #turbofish (__b, #(#ids),*)
                }
            }
        });
        quote! {
            #quiet
            impl<#(#lifetimes,)* #(#own),*> #ty {
                #vis fn #stage<'__b, #(#more),*>(__b: __s::B<'__b>, #(#decls),*) -> #ret #wheres {
                    #target::__stage #turbofish (__b, #(#ids),*)
                }
                #as_fn
            }
        }
    }

    /// The method of the proxy.
    fn proxy_method(
        &self,
        cx: &Cx,
        f: &ImplItemFn,
        free: &ItemFn,
        t: &Twin,
        mutable: bool,
    ) -> TokenStream {
        let Some(proxy) = self.proxy() else {
            return quote!();
        };
        let (quiet, vis, name, target) = (quiet(), self.vis(f), &f.sig.ident, &free.sig.ident);
        let (own, more) = self.split(t);
        let (decls, _) = stage_params(cx, t);
        let ids: Vec<_> = t.params.iter().map(|p| crate::cx::name(&p.id)).collect();
        let (decls, ids) = (&decls[1..], &ids[1..]);
        let (ret, wheres, turbofish) = (&t.ret, wheres(t), args(t));
        let (receiver, body) = if mutable {
            (
                quote!(&mut self),
                quote! {
                    let __b = self.__b();
                    let __v = __s::var(__b, *self);
                    let __r = #target::__stage #turbofish (__b, __v, #(#ids),*);
                    *self = __s::rd(__v);
                    __r
                },
            )
        } else {
            (
                quote!(self),
                quote!(#target::__stage #turbofish (self.__b(), self, #(#ids),*)),
            )
        };
        quote! {
            #quiet
            impl<'__b, #(#own),*> #proxy {
                #vis fn #name<#(#more),*>(#receiver, #(#decls),*) -> #ret #wheres {
                    #body
                }
            }
        }
    }

    /// An operator trait on the proxy.
    fn operator(&self, op: &Ident, f: &ImplItemFn, free: &ItemFn, t: &Twin) -> TokenStream {
        let (quiet, target, name) = (quiet(), &free.sig.ident, &f.sig.ident);
        let b = match self.proxy() {
            Some(_) => quote!(self.__b()),
            None => quote!(self.b()),
        };
        let decls = &t.decls;
        let (ret, wheres, turbofish) = (&t.ret, wheres(t), args(t));
        let mut tys = t.tys.iter();
        let this = match (self.proxy(), tys.next()) {
            (Some(p), _) => p,
            (None, Some(t)) => t.clone(),
            (None, None) => return quote!(),
        };
        // Named, not projected: a projection would make a private type's proxy part of a public interface.
        let ret = match &free.sig.output {
            syn::ReturnType::Type(_, r)
                if same(r, &self.ty) || t.params.iter().any(|p| same(&p.ty, r)) =>
            {
                self.proxy_of(r).unwrap_or_else(|| ret.clone())
            }
            _ => ret.clone(),
        };
        let rhs = t.params.get(1).zip(tys.next()).map(|(p, ty)| {
            if same(&p.ty, &self.ty) || self.proxy().is_none() {
                self.proxy_of(&p.ty).unwrap_or_else(|| ty.clone())
            } else {
                ty.clone()
            }
        });
        match rhs {
            Some(rhs) => quote! {
                #quiet
                impl<'__b, #(#decls),*> ::core::ops::#op<#rhs> for #this #wheres {
                    type Output = #ret;
                    fn #name(self, __rhs: #rhs) -> #ret {
                        #target::__stage #turbofish (#b, self, __rhs)
                    }
                }
            },
            None => quote! {
                #quiet
                impl<'__b, #(#decls),*> ::core::ops::#op for #this #wheres {
                    type Output = #ret;
                    fn #name(self) -> #ret {
                        #target::__stage #turbofish (#b, self)
                    }
                }
            },
        }
    }

    /// The twin of a trait of the user's, implemented for the proxy.
    fn twin_trait(&self, path: &syn::Path) -> TokenStream {
        let this = Ident::new("__self", proc_macro2::Span::call_site());
        let mut cx = Cx::new(self.krate.clone());
        let (proxy, stager) = match self.proxy() {
            Some(p) => (p, quote!(self.__b())),
            None => (cx.ty(&self.ty), quote!(self.b())),
        };
        let mut items = Vec::new();
        let mut own = Vec::new();
        for i in &self.item.items {
            match i {
                ImplItem::Const(c) => {
                    let (id, ty) = (&c.ident, &c.ty);
                    let plain = &self.ty;
                    items.push(quote!(const #id: #ty = <#plain as #path>::#id;));
                }
                ImplItem::Fn(f) => {
                    let Ok(free) = self.free(f, &this) else {
                        continue;
                    };
                    let mut cx = Cx::new(self.krate.clone());
                    let t = twin(&mut cx, &free.sig, &parse_quote!({}), None);
                    let (receiver, _) = crate::traits::free_signature(&f.sig, &this);
                    let (ours, more) = self.split(&t);
                    own = ours.to_vec();
                    let more = more.to_vec();
                    let mut t = t;
                    let turbofish = args(&t);
                    t.decls = more;
                    let head = crate::traits::declaration(&cx, &f.sig, &t, receiver);
                    let target = &free.sig.ident;
                    let ids: Vec<_> = t.params.iter().map(|p| crate::cx::name(&p.id)).collect();
                    let body = match receiver {
                        None => quote!(#target::__stage #turbofish (__b, #(#ids),*)),
                        Some(false) => {
                            let ids = &ids[1..];
                            quote!(#target::__stage #turbofish (#stager, self, #(#ids),*))
                        }
                        Some(true) => {
                            let ids = &ids[1..];
                            quote! {
                                let __b = #stager;
                                let __v = __s::var(__b, *self);
                                let __r = #target::__stage #turbofish (__b, __v, #(#ids),*);
                                *self = __s::rd(__v);
                                __r
                            }
                        }
                    };
                    items.push(quote!(#head { #body }));
                }
                _ => {}
            }
        }
        let (krate, quiet) = (self.krate, quiet());
        let twin_trait = crate::traits::twin_path(path);
        quote! {
            const _: () = {
                use #krate::__stage as __s;
                #quiet
                impl<'__b, #(#own),*> #twin_trait<'__b> for #proxy {
                    fn __stager(self) -> __s::B<'__b> { #stager }
                    #(#items)*
                }
            };
        }
    }

    fn vis(&self, f: &ImplItemFn) -> Visibility {
        if self.in_trait {
            parse_quote!(pub)
        } else {
            f.vis.clone()
        }
    }

    /// The proxy struct of the type, with the proxies of its arguments; none for a number.
    fn proxy(&self) -> Option<TokenStream> {
        self.proxy_of(&self.ty)
    }
    fn proxy_of(&self, ty: &Type) -> Option<TokenStream> {
        let Type::Path(p) = ty else { return None };
        let mut path = p.path.clone();
        let last = path.segments.last_mut()?;
        if crate::types::is_primitive(&last.ident.to_string()) {
            return None;
        }
        let mut out = Vec::new();
        if let PathArguments::AngleBracketed(a) = &last.arguments {
            let mut cx = Cx::new(self.krate.clone());
            for p in self.item.generics.type_params() {
                cx.generics
                    .insert(p.ident.to_string(), crate::cx::Generic::Scalar);
            }
            for a in &a.args {
                match a {
                    syn::GenericArgument::Lifetime(_) => {}
                    // A const parameter looks like a type.
                    syn::GenericArgument::Type(Type::Path(t))
                        if self
                            .item
                            .generics
                            .const_params()
                            .any(|c| t.path.is_ident(&c.ident)) =>
                    {
                        out.push(quote!(#t));
                    }
                    syn::GenericArgument::Type(t) => out.push(cx.ty(t)),
                    other => out.push(quote!(#other)),
                }
            }
        }
        last.ident = format_ident!("{}__Staged", last.ident);
        last.arguments = PathArguments::None;
        Some(quote!(#path<'__b, #(#out),*>))
    }
}

fn wheres(t: &Twin) -> TokenStream {
    let w = &t.wheres;
    if w.is_empty() {
        quote!()
    } else {
        quote!(where #(#w),*)
    }
}

fn args(t: &Twin) -> TokenStream {
    let a = &t.args;
    if a.is_empty() {
        quote!()
    } else {
        quote!(::<#(#a),*>)
    }
}

fn same(a: &Type, b: &Type) -> bool {
    turbofish(a).to_string() == turbofish(b).to_string()
}
