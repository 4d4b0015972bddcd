//! The macros that may be used in a body: `vec!`, `assert!` and its kin, `panic!` and its kin, `matches!`.

use crate::cx::{Cx, at, mark};
use crate::diagnose;
use proc_macro2::TokenStream;
use quote::{ToTokens, quote_spanned};
use syn::parse::Parser;
use syn::punctuated::Punctuated;
use syn::spanned::Spanned;
use syn::{Expr, Token};

impl Cx {
    /// A macro in value position.
    pub(crate) fn macro_value(&mut self, m: &syn::Macro) -> TokenStream {
        let sp = at(m.span());
        let name = m
            .path
            .segments
            .last()
            .map(|s| s.ident.to_string())
            .unwrap_or_default();
        match name.as_str() {
            "vec" => self.vec(m),
            "matches" => self.matches(m),
            "panic" | "unreachable" | "todo" | "unimplemented" => {
                let s = self.macro_stmt(m);
                quote_spanned!(sp=> { #s __s::diverge(__b) })
            }
            "assert" | "assert_eq" | "assert_ne" | "debug_assert" | "debug_assert_eq"
            | "debug_assert_ne" => {
                let s = self.macro_stmt(m);
                quote_spanned!(sp=> { #s })
            }
            _ => self.unsupported(m.path.span(), diagnose::user_macro(&name)),
        }
    }

    /// A macro as a statement.
    pub(crate) fn macro_stmt(&mut self, m: &syn::Macro) -> TokenStream {
        let sp = at(m.span());
        let name = m
            .path
            .segments
            .last()
            .map(|s| s.ident.to_string())
            .unwrap_or_default();
        let short = name.strip_prefix("debug_").unwrap_or(&name);
        let (head, what) = match short {
            "assert" => (1, "assertion failed: "),
            "assert_eq" | "assert_ne" => (2, "assertion failed: "),
            "panic" => (0, ""),
            "unreachable" => (0, "internal error: entered unreachable code: "),
            "todo" => (0, "not yet implemented: "),
            "unimplemented" => (0, "not implemented: "),
            _ => {
                let v = self.macro_value(m);
                return quote_spanned!(sp=> let _ = #v;);
            }
        };
        let Ok(args) = Punctuated::<Expr, Token![,]>::parse_terminated.parse2(m.tokens.clone())
        else {
            return self.unsupported(m.span(), "the arguments of this macro are not expressions");
        };
        let text = match args.iter().nth(head) {
            Some(Expr::Lit(l)) => match &l.lit {
                syn::Lit::Str(s) => s.value(),
                _ => String::new(),
            },
            _ => String::new(),
        };
        let text = if text.is_empty() && head > 0 {
            let shown: Vec<String> = args
                .iter()
                .take(head)
                .map(|a| a.to_token_stream().to_string())
                .collect();
            format!(
                "{what}{}",
                shown.join(if short == "assert_ne" { " != " } else { " == " })
            )
        } else if head > 0 {
            text
        } else {
            format!("{what}{text}")
        };
        let here = mark(m.span());
        let v: Vec<_> = args.iter().take(head).map(|a| self.value(a)).collect();
        match (short, &v[..]) {
            ("assert", [c]) => {
                quote_spanned!(sp=> { let __c = #c; #here; __s::assert(__b, __c, #text); })
            }
            ("assert_eq", [x, y]) => {
                quote_spanned!(sp=> { let __c = __s::eq(__b, #x, #y); #here; __s::assert(__b, __c, #text); })
            }
            ("assert_ne", [x, y]) => {
                quote_spanned!(sp=> { let __c = __s::ne(__b, #x, #y); #here; __s::assert(__b, __c, #text); })
            }
            _ => quote_spanned!(sp=> { #here; __s::panic(__b, #text); }),
        }
    }

    fn vec(&mut self, m: &syn::Macro) -> TokenStream {
        let sp = at(m.span());
        if let Some((x, n)) = repeat(m) {
            let (x, n) = (self.value(&x), self.value(&n));
            let here = mark(m.span());
            return quote_spanned!(sp=> { let __x = #x; let __n = #n; #here; __s::Seq::filled(__b, __x, __n) });
        }
        match Punctuated::<Expr, Token![,]>::parse_terminated.parse2(m.tokens.clone()) {
            Ok(args) => {
                let vs = self.args(args.iter());
                quote_spanned!(sp=> __s::array(__b, [#(#vs),*]).seq())
            }
            Err(e) => self.unsupported(e.span(), e),
        }
    }

    fn matches(&mut self, m: &syn::Macro) -> TokenStream {
        let sp = at(m.span());
        let parse = |input: syn::parse::ParseStream<'_>| {
            let e: Expr = input.parse()?;
            input.parse::<Token![,]>()?;
            let p = syn::Pat::parse_multi_with_leading_vert(input)?;
            let g: Option<Expr> = if input.parse::<Option<Token![if]>>()?.is_some() {
                Some(input.parse()?)
            } else {
                None
            };
            input.parse::<Option<Token![,]>>()?;
            Ok((e, p, g))
        };
        match parse.parse2(m.tokens.clone()) {
            Ok((e, p, g)) => {
                let arm: syn::ExprMatch = match g {
                    Some(g) => syn::parse_quote!(match #e { #p if #g => true, _ => false }),
                    None => syn::parse_quote!(match #e { #p => true, _ => false }),
                };
                let v = self.match_value(&arm);
                quote_spanned!(sp=> #v)
            }
            Err(e) => self.unsupported(e.span(), e),
        }
    }
}

/// `x; n` of a `vec!`.
fn repeat(m: &syn::Macro) -> Option<(Expr, Expr)> {
    let parse = |input: syn::parse::ParseStream<'_>| {
        let x: Expr = input.parse()?;
        input.parse::<Token![;]>()?;
        let n: Expr = input.parse()?;
        Ok((x, n))
    };
    parse.parse2(m.tokens.clone()).ok()
}

/// The expressions inside a macro that may be used.
pub(crate) fn macro_args(m: &syn::Macro) -> Option<Vec<Expr>> {
    if let Some((x, n)) = repeat(m) {
        return Some(vec![x, n]);
    }
    let args = Punctuated::<Expr, Token![,]>::parse_terminated;
    Some(args.parse2(m.tokens.clone()).ok()?.into_iter().collect())
}
