//! Closures.

use crate::cx::{Cx, Kind, at};
use crate::expr::has_return;
use proc_macro2::{Ident, TokenStream};
use quote::{quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{Block, Expr, Pat};

impl Cx {
    /// A closure is a closure. It captures handles, so it may always be `move`.
    pub(crate) fn closure(&mut self, c: &syn::ExprClosure) -> TokenStream {
        let sp = at(c.or1_token.span);
        if let Some(a) = &c.asyncness {
            return self.unsupported(
                a.span,
                "`async` cannot be used in a `#[differentiable]` function",
            );
        }
        // A `move` closure has its own copies of the variables it captures.
        let mut copies = TokenStream::new();
        if c.capture.is_some() {
            for n in self.names(Kind::Mut) {
                if mentions(&c.body, &n) {
                    let id = match n.strip_prefix("r#") {
                        Some(raw) => Ident::new_raw(raw, sp),
                        None => Ident::new(&n, sp),
                    };
                    copies.extend(quote_spanned!(sp=> let #id = __s::var(__b, __s::rd(#id));));
                }
            }
        }
        self.push();
        let loops = std::mem::take(&mut self.loops);
        let mut params = Vec::new();
        let mut pre = TokenStream::new();
        for (i, p) in c.inputs.iter().enumerate() {
            let (pat, ty) = match p {
                Pat::Type(t) => (&*t.pat, Some(&*t.ty)),
                p => (p, None),
            };
            let kind = match ty {
                Some(syn::Type::Reference(r)) if r.mutability.is_some() => Kind::Ref,
                Some(t) if crate::types::native_type(t).is_some() => {
                    self.error(
                        p.span(),
                        "a closure that takes a closure must be a function with a parameter `f: impl Fn(..)` in a `#[differentiable]` function",
                    );
                    Kind::Native
                }
                Some(_) => Kind::Val,
                None => Kind::Maybe,
            };
            let ty = ty.map(|t| {
                let t = self.ty(t);
                quote!(: #t)
            });
            match pat {
                Pat::Ident(p) if p.subpat.is_none() && p.mutability.is_none() => {
                    self.bind(&p.ident, kind);
                    let id = &p.ident;
                    params.push(quote!(#id #ty));
                }
                _ => {
                    let id = quote::format_ident!("__arg{i}");
                    params.push(quote!(#id #ty));
                    let b = self.bind_pattern(pat, &quote!(#id), kind);
                    pre.extend(b);
                }
            }
        }
        let (ret, arrow) = match &c.output {
            syn::ReturnType::Default => (quote!(_), quote!()),
            syn::ReturnType::Type(_, t) => {
                let t = self.ty(t);
                (t.clone(), quote!(-> #t))
            }
        };
        let block: Block = match &*c.body {
            Expr::Block(b) if b.label.is_none() => b.block.clone(),
            e => syn::parse_quote!({ #e }),
        };
        let body = if has_return(&block) {
            self.function_body(&block, &ret)
        } else {
            let outer = self.ret.take();
            let v = match &*c.body {
                Expr::Block(b) if b.label.is_none() => self.block(&b.block),
                e => self.arm_value(e),
            };
            self.ret = outer;
            v
        };
        self.loops = loops;
        self.pop();
        quote_spanned!(sp=> { #copies move |#(#params),*| #arrow { #pre #body } })
    }
}

/// Whether a name occurs in an expression.
fn mentions(e: &Expr, name: &str) -> bool {
    fn find(ts: TokenStream, name: &str) -> bool {
        ts.into_iter().any(|t| match t {
            proc_macro2::TokenTree::Ident(i) => i == name,
            proc_macro2::TokenTree::Group(g) => find(g.stream(), name),
            _ => false,
        })
    }
    find(quote!(#e), name)
}
