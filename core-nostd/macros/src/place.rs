//! Variables, fields, elements: reading, borrowing, assigning.

use crate::cx::{Cx, Kind, at, mark, name};
use crate::expr::local_name;
use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{BinOp, Expr, Member, RangeLimits, UnOp};

impl Cx {
    /// The kind of the name at the root of a place expression, if there is one: `x` of `x.a[i].b`.
    fn root(&self, e: &Expr) -> Option<Kind> {
        match e {
            Expr::Path(p) => p.path.get_ident().and_then(|id| self.lookup(id)),
            Expr::Paren(p) => self.root(&p.expr),
            Expr::Group(p) => self.root(&p.expr),
            Expr::Field(f) => self.root(&f.base),
            Expr::Index(i) => self.root(&i.expr),
            Expr::Unary(u) if matches!(u.op, UnOp::Deref(_)) => self.root(&u.expr),
            Expr::Reference(r) => self.root(&r.expr),
            _ => None,
        }
    }

    /// Whether an expression is a place whose root is a variable or a known `&mut`.
    pub(crate) fn is_place(&self, e: &Expr) -> bool {
        matches!(self.root(e), Some(Kind::Mut | Kind::Ref))
    }

    /// The place that an expression names, of type `Var`.
    pub(crate) fn lvalue(&mut self, e: &Expr) -> TokenStream {
        let sp = at(e.span());
        match e {
            Expr::Path(p) => match p.path.get_ident() {
                Some(id) if self.lookup(id).is_some() => local_name(id),
                _ => {
                    // `&mut` of a value: a variable of its own.
                    let v = self.value(e);
                    quote_spanned!(sp=> __s::var(__b, #v))
                }
            },
            Expr::Paren(p) => self.lvalue(&p.expr),
            Expr::Group(p) => self.lvalue(&p.expr),
            Expr::Reference(r) if r.mutability.is_some() => self.lvalue(&r.expr),
            Expr::Unary(u) if matches!(u.op, UnOp::Deref(_)) => {
                if self.is_place(&u.expr) {
                    self.lvalue(&u.expr)
                } else {
                    self.value(&u.expr)
                }
            }
            Expr::Field(f) => {
                // A part of a pair of references is a reference.
                if !self.is_place(&f.base)
                    && matches!(f.member, Member::Unnamed(_))
                    && !matches!(self.root(&f.base), None | Some(Kind::Val))
                {
                    let base = self.value(&f.base);
                    let m = &f.member;
                    return quote_spanned!(sp=> #base.#m);
                }
                let base = self.lvalue_base(&f.base);
                let m = &f.member;
                quote_spanned!(sp=> __s::refs(#base).#m)
            }
            Expr::Index(i) => {
                let base = self.lvalue_base(&i.expr);
                match self.index_span(&i.index) {
                    Some(span) => {
                        let m = mark(i.span());
                        quote_spanned!(sp=> __s::slice_mut(#base, #span, #m))
                    }
                    None => {
                        let idx = self.value(&i.index);
                        let m = mark(i.span());
                        quote_spanned!(sp=> __s::elem(#base, #idx, #m))
                    }
                }
            }
            // Something that gives a reference: a call.
            Expr::Call(_) | Expr::MethodCall(_) => {
                let v = self.value(e);
                quote_spanned!(sp=> __s::place(__b, #v))
            }
            _ => {
                let v = self.value(e);
                quote_spanned!(sp=> __s::var(__b, #v))
            }
        }
    }

    fn lvalue_base(&mut self, e: &Expr) -> TokenStream {
        self.lvalue(e)
    }

    /// `*e`.
    pub(crate) fn deref(&mut self, e: &Expr) -> TokenStream {
        let sp = at(e.span());
        if let Expr::Path(p) = e
            && let Some(id) = p.path.get_ident()
        {
            let n = local_name(id);
            return match self.lookup(id) {
                Some(Kind::Mut | Kind::Ref) => quote_spanned!(sp=> __s::rd(#n)),
                Some(Kind::Maybe) => quote_spanned!(sp=> __s::val(#n)),
                _ => self.value(e),
            };
        }
        let v = self.value(e);
        if self.is_place(e) {
            v
        } else {
            quote_spanned!(sp=> __s::val(#v))
        }
    }

    /// The value of an expression whose parts are used: a name that may be a reference is read.
    pub(crate) fn base(&mut self, e: &Expr) -> TokenStream {
        let sp = at(e.span());
        match e {
            Expr::Path(p) => {
                if let Some(id) = p.path.get_ident() {
                    let n = name(id);
                    match self.lookup(id) {
                        Some(Kind::Ref) => return quote_spanned!(sp=> __s::rd(#n)),
                        Some(Kind::Maybe) => return quote_spanned!(sp=> __s::val(#n)),
                        _ => {}
                    }
                }
                self.value(e)
            }
            Expr::Paren(p) => self.base(&p.expr),
            Expr::Group(p) => self.base(&p.expr),
            Expr::MethodCall(m)
                if self.kind_of(e) == Kind::Maybe
                    && (m.method == "unwrap"
                        || m.method == "expect"
                        || m.method == "as_mut_slice") =>
            {
                let v = self.value(e);
                quote_spanned!(sp=> __s::val(#v))
            }
            _ => self.value(e),
        }
    }

    /// `e.field`, `e[i]` as values.
    pub(crate) fn projection(&mut self, e: &Expr) -> TokenStream {
        let sp = at(e.span());
        if let Expr::Field(f) = e
            && let Member::Named(m) = &f.member
            && (m == "re" || m == "im")
        {
            // The parts of a complex number are no fields of its proxy; both kinds of types have these methods.
            let base = self.base(&f.base);
            let m = quote::format_ident!("__field_{}", m, span = sp);
            return quote_spanned!(sp=> #base.#m());
        }
        if self.is_place(e) {
            let p = self.lvalue(e);
            return quote_spanned!(sp=> __s::rd(#p));
        }
        match e {
            Expr::Field(f) => {
                let m = &f.member;
                let base = match m {
                    // A pair may hold references; it is none itself.
                    Member::Unnamed(_) => self.value(&f.base),
                    Member::Named(_) => self.base(&f.base),
                };
                quote_spanned!(sp=> #base.#m)
            }
            Expr::Index(i) => {
                let base = self.base(&i.expr);
                match self.index_span(&i.index) {
                    Some(span) => {
                        let m = mark(i.span());
                        quote_spanned!(sp=> __s::slice(#base, #span, #m))
                    }
                    None => {
                        let idx = self.value(&i.index);
                        let m = mark(i.span());
                        quote_spanned!(sp=> __s::at(#base, #idx, #m))
                    }
                }
            }
            _ => self.value(e),
        }
    }

    /// The range that an index is, if it is written as one.
    fn index_span(&mut self, e: &Expr) -> Option<TokenStream> {
        let r = match e {
            Expr::Range(r) => r,
            Expr::Paren(p) => return self.index_span(&p.expr),
            _ => return None,
        };
        let opt = |v: Option<TokenStream>| match v {
            Some(v) => quote!(::core::option::Option::Some(#v)),
            None => quote!(::core::option::Option::None),
        };
        let lo = r.start.as_ref().map(|e| self.value(e));
        let hi = r.end.as_ref().map(|e| self.value(e));
        let hi = match (&r.limits, hi) {
            (RangeLimits::Closed(_), Some(hi)) => Some(quote!(__s::after(#hi))),
            (_, hi) => hi,
        };
        let (lo, hi) = (opt(lo), opt(hi));
        Some(quote!(__s::Span { lo: #lo, hi: #hi }))
    }

    /// `place = value;`
    pub(crate) fn assign(&mut self, a: &syn::ExprAssign) -> TokenStream {
        let v = self.value(&a.right);
        self.assign_to(&a.left, v)
    }

    fn assign_to(&mut self, left: &Expr, v: TokenStream) -> TokenStream {
        let sp = at(left.span());
        match left {
            Expr::Infer(_) => quote_spanned!(sp=> let _ = #v;),
            Expr::Paren(p) => self.assign_to(&p.expr, v),
            Expr::Group(p) => self.assign_to(&p.expr, v),
            Expr::Tuple(t) => {
                let all = self.fresh("all");
                let mut out = quote_spanned!(sp=> let #all = #v;);
                for (i, e) in t.elems.iter().enumerate() {
                    let i = syn::Index::from(i);
                    let s = self.assign_to(e, quote!(#all.#i));
                    out.extend(s);
                }
                quote_spanned!(sp=> { #out })
            }
            Expr::Array(t) => {
                let all = self.fresh("all");
                let mut out = quote_spanned!(sp=> let #all = #v;);
                for (i, e) in t.elems.iter().enumerate() {
                    let s = self.assign_to(e, quote!(__s::at(#all, __s::lit(__b, #i), ())));
                    out.extend(s);
                }
                quote_spanned!(sp=> { #out })
            }
            _ => {
                let p = self.lvalue(left);
                quote_spanned!(sp=> { let __v = #v; __s::wr(#p, __v); })
            }
        }
    }

    /// `place op= value;` The value is computed first, as Rust does for numbers.
    pub(crate) fn compound(&mut self, b: &syn::ExprBinary) -> TokenStream {
        let sp = at(b.op.span());
        let op = match &b.op {
            BinOp::AddAssign(_) => quote_spanned!(sp=> +),
            BinOp::SubAssign(_) => quote_spanned!(sp=> -),
            BinOp::MulAssign(_) => quote_spanned!(sp=> *),
            BinOp::DivAssign(_) => quote_spanned!(sp=> /),
            BinOp::RemAssign(_) => quote_spanned!(sp=> %),
            BinOp::BitXorAssign(_) => quote_spanned!(sp=> ^),
            BinOp::BitAndAssign(_) => quote_spanned!(sp=> &),
            BinOp::BitOrAssign(_) => quote_spanned!(sp=> |),
            BinOp::ShlAssign(_) => quote_spanned!(sp=> <<),
            _ => quote_spanned!(sp=> >>),
        };
        let v = self.value(&b.right);
        let p = self.lvalue(&b.left);
        let m = mark(b.span());
        quote_spanned!(sp=> {
            let __v = #v;
            let __p = #p;
            let __x = __s::rd(__p);
            #m;
            __s::wr(__p, __x #op __v);
        })
    }
}
