//! Expressions in value position, and blocks.

use crate::cx::{Cx, Kind, at, mark, name};
use crate::func;
use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{BinOp, Block, Expr, Item, Lit, Local, RangeLimits, Stmt, UnOp};

impl Cx {
    /// The value of an expression.
    pub(crate) fn value(&mut self, e: &Expr) -> TokenStream {
        let sp = at(e.span());
        match e {
            Expr::Lit(l) => self.literal(&l.lit, false),
            Expr::Paren(p) => {
                let v = self.value(&p.expr);
                quote_spanned!(sp=> (#v))
            }
            Expr::Group(g) => {
                let v = self.value(&g.expr);
                quote_spanned!(sp=> (#v))
            }
            Expr::Path(p) => self.path_value(p),
            Expr::Unary(u) => match (&u.op, &*u.expr) {
                (UnOp::Neg(_), Expr::Lit(l)) => self.literal(&l.lit, true),
                (UnOp::Deref(_), inner) => self.deref(inner),
                (op, inner) => {
                    let (op, v) = (*op, self.value(inner));
                    quote_spanned!(sp=> (#op (#v)))
                }
            },
            Expr::Binary(b) => self.binary(b),
            Expr::Reference(r) if r.mutability.is_some() => self.lvalue(&r.expr),
            Expr::Reference(r) => self.value(&r.expr),
            Expr::Cast(c) => {
                let (v, t) = (self.value(&c.expr), self.ty(&c.ty));
                quote_spanned!(sp=> { let __v: #t = __s::cast(#v); __v })
            }
            Expr::Tuple(t) => {
                let vs: Vec<_> = t.elems.iter().map(|e| self.value(e)).collect();
                quote_spanned!(sp=> (#(#vs,)*))
            }
            Expr::Array(a) => {
                let vs: Vec<_> = a.elems.iter().map(|e| self.value(e)).collect();
                quote_spanned!(sp=> __s::array(__b, [#(#vs),*]))
            }
            Expr::Repeat(r) => {
                let (v, n) = (self.value(&r.expr), &r.len);
                quote_spanned!(sp=> __s::Arr::<_, {#n}>::filled(__b, #v))
            }
            Expr::Range(r) => self.range(r),
            Expr::Field(_) | Expr::Index(_) => self.projection(e),
            Expr::Struct(s) => self.struct_literal(s),
            Expr::Call(c) => self.call(c),
            Expr::MethodCall(m) => self.method(m),
            Expr::Closure(c) => self.closure(c),
            Expr::Macro(m) => self.macro_value(&m.mac),
            Expr::Block(b) => match &b.label {
                None => self.block(&b.block),
                Some(l) => self.labelled(&l.name, &b.block),
            },
            Expr::Const(c) => self.unsupported(
                c.const_token.span,
                "a `const` block cannot be used in a `#[differentiable]` function; use a const item",
            ),
            Expr::If(i) => self.if_value(i),
            Expr::Match(m) => self.match_value(m),
            Expr::While(w) => self.while_loop(w),
            Expr::Loop(l) => self.loop_value(l),
            Expr::ForLoop(f) => self.for_loop(f),
            Expr::Break(_) | Expr::Continue(_) | Expr::Return(_) => {
                let s = self.jump(e);
                quote_spanned!(sp=> { #s __s::diverge(__b) })
            }
            Expr::Assign(a) => {
                let s = self.assign(a);
                quote_spanned!(sp=> { #s })
            }
            Expr::Try(t) => self.question(t),
            Expr::Let(l) => self.unsupported(
                l.let_token.span,
                "`let` can only stand in the condition of an `if` or `while`",
            ),
            Expr::Unsafe(u) => self.unsupported(
                u.unsafe_token.span,
                "`unsafe` cannot be used in a `#[differentiable]` function; move it to a plain function",
            ),
            Expr::Async(a) => self.unsupported(
                a.async_token.span,
                "`async` cannot be used in a `#[differentiable]` function",
            ),
            Expr::Await(a) => self.unsupported(
                a.await_token.span,
                "`await` cannot be used in a `#[differentiable]` function",
            ),
            _ => self.unsupported(
                e.span(),
                "this expression cannot be used in a `#[differentiable]` function",
            ),
        }
    }

    fn literal(&mut self, l: &Lit, negative: bool) -> TokenStream {
        let sp = at(l.span());
        match l {
            Lit::Int(_) | Lit::Float(_) if negative => quote_spanned!(sp=> __s::lit(__b, -#l)),
            Lit::Int(_) | Lit::Float(_) | Lit::Bool(_) | Lit::Byte(_) => {
                quote_spanned!(sp=> __s::lit(__b, #l))
            }
            _ => self.unsupported(
                l.span(),
                "strings and characters cannot be used in a `#[differentiable]` function; it computes with numbers",
            ),
        }
    }

    fn binary(&mut self, b: &syn::ExprBinary) -> TokenStream {
        let sp = at(b.op.span());
        let compare = |name: &str| proc_macro2::Ident::new(name, sp);
        let f = match &b.op {
            BinOp::Lt(_) => compare("lt"),
            BinOp::Le(_) => compare("le"),
            BinOp::Gt(_) => compare("gt"),
            BinOp::Ge(_) => compare("ge"),
            BinOp::Eq(_) => compare("eq"),
            BinOp::Ne(_) => compare("ne"),
            BinOp::And(_) | BinOp::Or(_) => return self.logical(b),
            BinOp::AddAssign(_)
            | BinOp::SubAssign(_)
            | BinOp::MulAssign(_)
            | BinOp::DivAssign(_)
            | BinOp::RemAssign(_)
            | BinOp::BitXorAssign(_)
            | BinOp::BitAndAssign(_)
            | BinOp::BitOrAssign(_)
            | BinOp::ShlAssign(_)
            | BinOp::ShrAssign(_) => {
                let s = self.compound(b);
                return quote_spanned!(sp=> { #s });
            }
            op => {
                let (l, r) = (self.value(&b.left), self.value(&b.right));
                if spans_lines(b) {
                    let m = mark(b.op.span());
                    return quote_spanned!(sp=> { let __l = #l; let __r = #r; #m; __l #op __r });
                }
                return quote_spanned!(sp=> ((#l) #op (#r)));
            }
        };
        let (l, r) = (self.value(&b.left), self.value(&b.right));
        quote_spanned!(sp=> __s::#f(__b, #l, #r))
    }

    /// `&&` and `||` evaluate the right side only if it decides.
    fn logical(&mut self, b: &syn::ExprBinary) -> TokenStream {
        let sp = at(b.op.span());
        let and = matches!(b.op, BinOp::And(_));
        let (l, r) = (self.value(&b.left), self.value(&b.right));
        if cannot_trap(&b.right) {
            return if and {
                quote_spanned!(sp=> ((#l) & (#r)))
            } else {
                quote_spanned!(sp=> ((#l) | (#r)))
            };
        }
        if and {
            quote_spanned!(sp=> {
                let __k = __s::if_(__b, #l);
                let __v = #r;
                let __k = __k.else_(__v);
                __k.end(__s::lit(__b, false))
            })
        } else {
            quote_spanned!(sp=> {
                let __k = __s::if_(__b, #l);
                let __k = __k.else_(__s::lit(__b, true));
                let __v = #r;
                __k.end(__v)
            })
        }
    }

    fn range(&mut self, r: &syn::ExprRange) -> TokenStream {
        let sp = at(r.limits.span());
        let lo = r.start.as_ref().map(|e| self.value(e));
        let hi = r.end.as_ref().map(|e| self.value(e));
        match (lo, hi, &r.limits) {
            (Some(lo), Some(hi), RangeLimits::HalfOpen(_)) => {
                quote_spanned!(sp=> __s::range(#lo, #hi))
            }
            (Some(lo), Some(hi), RangeLimits::Closed(_)) => {
                quote_spanned!(sp=> __s::range_inclusive(#lo, #hi))
            }
            (Some(lo), None, _) => quote_spanned!(sp=> __s::range_from(#lo)),
            _ => self.unsupported(
                r.limits.span(),
                "a range without a start can only be used as an index, as in `x[..n]`",
            ),
        }
    }

    /// The body of a function or closure: where `return` and `?` leave to.
    pub(crate) fn function_body(&mut self, block: &Block, ret: &TokenStream) -> TokenStream {
        let v = if has_return(block) {
            let id = self.fresh("ret");
            let outer = self.ret.replace(id.clone());
            let v = self.block(block);
            self.ret = outer;
            quote!({
                let #id = __s::blk::<#ret>(__b);
                let __v: #ret = #v;
                #id.end(__v)
            })
        } else {
            let outer = self.ret.take();
            let v = self.block(block);
            self.ret = outer;
            v
        };
        quote!(#v)
    }

    /// A block, in a scope of its own.
    pub(crate) fn block(&mut self, b: &Block) -> TokenStream {
        self.push();
        let (stmts, tail) = self.stmts(&b.stmts);
        self.pop();
        quote!({ #(#stmts)* #tail })
    }

    /// Statements, and the value at the end.
    pub(crate) fn stmts(&mut self, stmts: &[Stmt]) -> (Vec<TokenStream>, TokenStream) {
        let mut out = Vec::new();
        for s in stmts {
            // An item is visible in the whole block.
            if let Stmt::Item(i) = s {
                out.push(self.item(i));
            }
        }
        let mut tail = None;
        let mut diverged = false;
        for (i, s) in stmts.iter().enumerate() {
            let last = i + 1 == stmts.len();
            match s {
                Stmt::Item(_) => {}
                Stmt::Local(l) => out.push(self.local(l)),
                Stmt::Expr(e, None) if last => {
                    if !matches!(e, Expr::Lit(_) | Expr::Path(_)) {
                        out.push(stmt_mark(e.span()));
                    }
                    tail = Some(if diverges(e) {
                        let s = self.stmt(e);
                        quote!({ #s __s::diverge(__b) })
                    } else {
                        self.value(e)
                    });
                }
                Stmt::Expr(e, _) => {
                    diverged |= diverges(e);
                    out.push(stmt_mark(e.span()));
                    out.push(self.stmt(e));
                }
                Stmt::Macro(m) => {
                    let stops = diverging_macro(&m.mac);
                    diverged |= stops;
                    out.push(stmt_mark(m.span()));
                    if last && m.semi_token.is_none() && !stops {
                        tail = Some(self.macro_value(&m.mac));
                    } else {
                        out.push(self.macro_stmt(&m.mac));
                    }
                }
            }
        }
        let tail = match tail {
            Some(t) => t,
            None if diverged => quote!(__s::diverge(__b)),
            None => quote!(()),
        };
        (out, tail)
    }

    /// An expression as a statement: its value is dropped.
    pub(crate) fn stmt(&mut self, e: &Expr) -> TokenStream {
        let sp = at(e.span());
        match e {
            Expr::Assign(a) => self.assign(a),
            Expr::Binary(b) if is_compound(&b.op) => self.compound(b),
            Expr::Break(_) | Expr::Continue(_) | Expr::Return(_) => self.jump(e),
            Expr::If(i) => self.if_stmt(i),
            Expr::Macro(m) => self.macro_stmt(&m.mac),
            Expr::Paren(p) => self.stmt(&p.expr),
            Expr::Group(p) => self.stmt(&p.expr),
            _ if diverges(e) => {
                let v = self.value(e);
                quote_spanned!(sp=> let _: () = #v;)
            }
            _ => {
                let v = self.value(e);
                quote_spanned!(sp=> let _ = #v;)
            }
        }
    }

    fn item(&mut self, i: &Item) -> TokenStream {
        match i {
            Item::Const(_) | Item::Static(_) | Item::Use(_) | Item::Type(_) => quote!(#i),
            Item::Fn(f) => {
                // The attribute, if written, would expand to a second twin.
                func::function(&self.krate, f)
            }
            _ => {
                self.error(
                    i.span(),
                    "this item cannot be inside a `#[differentiable]` function; move it out of the function",
                );
                quote!()
            }
        }
    }

    fn local(&mut self, l: &Local) -> TokenStream {
        let sp = at(l.let_token.span);
        let (pat, ty) = match &l.pat {
            syn::Pat::Type(t) => (&*t.pat, Some(&*t.ty)),
            p => (p, None),
        };
        let Some(init) = &l.init else {
            // `let x;` is given its value later.
            return match pat {
                syn::Pat::Ident(p) => {
                    let id = &p.ident;
                    let ty = ty.map(|t| {
                        let t = self.ty(t);
                        quote!(: __s::Var<'_, #t>)
                    });
                    self.bind(id, Kind::Mut);
                    quote_spanned!(sp=> let #id #ty = __s::Var::uninit(__b);)
                }
                _ => {
                    self.error(
                        l.pat.span(),
                        "a `let` without a value must name one variable in a `#[differentiable]` function",
                    );
                    quote!()
                }
            };
        };
        let m = stmt_mark(init.expr.span());
        if let Some((_, els)) = &init.diverge {
            let s = self.let_else(pat, &init.expr, els);
            return quote!(#m #s);
        }
        let kind = self.kind_of_init(pat, &init.expr);
        let v = if diverges(&init.expr) {
            let s = self.stmt(&init.expr);
            quote!({ #s __s::diverge(__b) })
        } else {
            self.value(&init.expr)
        };
        let v = match ty {
            None if kind == Kind::Native && iterates(&init.expr) => quote!(__s::cursor(__b, #v)),
            None => v,
            Some(t) => self.coerced(t, v),
        };
        if let (syn::Pat::Ident(p), Expr::Closure(c)) = (pat, &*init.expr) {
            self.closure_slices(&p.ident, c);
        }
        let s = match pat {
            syn::Pat::Ident(p) if p.subpat.is_none() && p.by_ref.is_none() => {
                let id = &p.ident;
                if p.mutability.is_some() && kind == Kind::Val {
                    self.bind(id, Kind::Mut);
                    quote_spanned!(sp=> let #id = __s::var(__b, #v);)
                } else if p.mutability.is_some() && kind == Kind::Maybe {
                    self.bind(id, Kind::Mut);
                    quote_spanned!(sp=> let #id = __s::place(__b, #v);)
                } else {
                    self.bind(id, kind);
                    quote_spanned!(sp=> let mut #id = #v;)
                }
            }
            _ => {
                let t = self.fresh("let");
                let binds = self.bind_pattern(pat, &quote!(#t), kind);
                quote_spanned!(sp=> let #t = #v; #binds)
            }
        };
        quote!(#m #s)
    }

    /// A value given a type by annotation; an array may become a slice.
    fn coerced(&mut self, t: &syn::Type, v: TokenStream) -> TokenStream {
        let sp = at(t.span());
        let ty = self.ty(t);
        if let syn::Type::Reference(r) = t
            && let syn::Type::Slice(_) = &*r.elem
        {
            return if r.mutability.is_some() {
                quote_spanned!(sp=> { let __v: #ty = __s::AsSeqMut::as_seq_mut(#v); __v })
            } else {
                quote_spanned!(sp=> { let __v: #ty = __s::AsSeq::as_seq(#v); __v })
            };
        }
        if crate::types::native_type(t).is_some() {
            return v;
        }
        quote_spanned!(sp=> { let __v: #ty = #v; __v })
    }

    /// As [`kind_of`](Self::kind_of), of the value of a `let`.
    fn kind_of_init(&self, pat: &syn::Pat, e: &Expr) -> Kind {
        let mutable = matches!(pat, syn::Pat::Ident(p) if p.mutability.is_some());
        match e {
            // A variable that holds an iterator keeps its place in it.
            _ if mutable && iterates(e) => Kind::Native,
            // A call may give a reference.
            Expr::Call(_) if !mutable => Kind::Maybe,
            _ => self.kind_of(e),
        }
    }

    /// What a name bound to this expression stands for.
    pub(crate) fn kind_of(&self, e: &Expr) -> Kind {
        match e {
            Expr::Reference(r) if r.mutability.is_some() => Kind::Ref,
            Expr::Closure(_) => Kind::Native,
            Expr::Path(p) => match p.path.get_ident().and_then(|id| self.lookup(id)) {
                Some(Kind::Mut) | None => Kind::Val,
                Some(k) => k,
            },
            Expr::Paren(p) => self.kind_of(&p.expr),
            Expr::Group(p) => self.kind_of(&p.expr),
            Expr::MethodCall(m) => {
                let n = m.method.to_string();
                if n.ends_with("_mut") {
                    Kind::Maybe
                } else if n == "unwrap" || n == "expect" {
                    self.kind_of(&m.receiver)
                } else {
                    Kind::Val
                }
            }
            Expr::Tuple(t) if t.elems.iter().any(|e| self.kind_of(e) == Kind::Ref) => Kind::Maybe,
            _ => Kind::Val,
        }
    }
}

/// Whether an expression is an iterator, by the methods it ends with: something that starts one, then adaptors.
fn iterates(e: &Expr) -> bool {
    let Expr::MethodCall(m) = e else {
        return false;
    };
    match m.method.to_string().as_str() {
        "iter" | "into_iter" | "iter_mut" | "windows" | "chunks" | "chunks_exact"
        | "chunks_mut" | "chunks_exact_mut" => true,
        "map" | "zip" | "enumerate" | "rev" | "skip" | "take" | "step_by" | "chain" | "cycle"
        | "copied" | "cloned" | "peekable" | "fuse" | "inspect" => {
            iterates(&m.receiver)
                || matches!(&*m.receiver, Expr::Paren(p) if matches!(&*p.expr, Expr::Range(_)))
        }
        _ => false,
    }
}

/// Whether the operands are on other lines than the operator: then the place is set for the operation itself.
fn spans_lines(b: &syn::ExprBinary) -> bool {
    let line = |s: proc_macro2::Span| crate::cx::line_col(s).0;
    let here = line(b.op.span());
    here != line(b.left.span()) || here != line(b.right.span())
}

/// The mark at the start of a statement.
fn stmt_mark(span: proc_macro2::Span) -> TokenStream {
    let m = mark(span);
    quote!(#m;)
}

/// Whether an operator assigns.
pub(crate) fn is_compound(op: &BinOp) -> bool {
    matches!(
        op,
        BinOp::AddAssign(_)
            | BinOp::SubAssign(_)
            | BinOp::MulAssign(_)
            | BinOp::DivAssign(_)
            | BinOp::RemAssign(_)
            | BinOp::BitXorAssign(_)
            | BinOp::BitAndAssign(_)
            | BinOp::BitOrAssign(_)
            | BinOp::ShlAssign(_)
            | BinOp::ShrAssign(_)
    )
}

/// Whether a name not bound in the body is a constant, by Rust's naming convention.
pub(crate) fn is_const(id: &proc_macro2::Ident) -> bool {
    id.to_string().starts_with(|c: char| c.is_uppercase())
}

/// Whether evaluating an expression has no effect and no trap, so that it may be evaluated when it need not be: names,
/// literals, fields, and comparisons of those.
fn cannot_trap(e: &Expr) -> bool {
    match e {
        Expr::Lit(_) | Expr::Path(_) => true,
        Expr::Paren(p) => cannot_trap(&p.expr),
        Expr::Group(p) => cannot_trap(&p.expr),
        Expr::Field(f) => cannot_trap(&f.base),
        Expr::Reference(r) => r.mutability.is_none() && cannot_trap(&r.expr),
        Expr::Unary(u) => matches!(u.op, UnOp::Not(_) | UnOp::Deref(_)) && cannot_trap(&u.expr),
        Expr::Binary(b) => {
            matches!(
                b.op,
                BinOp::Lt(_)
                    | BinOp::Le(_)
                    | BinOp::Gt(_)
                    | BinOp::Ge(_)
                    | BinOp::Eq(_)
                    | BinOp::Ne(_)
                    | BinOp::And(_)
                    | BinOp::Or(_)
            ) && cannot_trap(&b.left)
                && cannot_trap(&b.right)
        }
        _ => false,
    }
}

fn diverging_macro(m: &syn::Macro) -> bool {
    m.path.segments.last().is_some_and(|s| {
        ["panic", "unreachable", "todo", "unimplemented"]
            .iter()
            .any(|n| s.ident == n)
    })
}

/// Whether control never comes to the end of an expression, seen from its syntax.
pub(crate) fn diverges(e: &Expr) -> bool {
    let block = |b: &Block| block_diverges(b);
    match e {
        Expr::Break(_) | Expr::Continue(_) | Expr::Return(_) => true,
        Expr::Macro(m) => diverging_macro(&m.mac),
        Expr::Paren(p) => diverges(&p.expr),
        Expr::Group(p) => diverges(&p.expr),
        Expr::Block(b) => {
            let left = |l| crate::loops::has_labelled_break(&b.block, l);
            block(&b.block) && !b.label.as_ref().is_some_and(left)
        }
        Expr::If(i) => {
            diverges(&i.cond)
                || i.else_branch
                    .as_ref()
                    .is_some_and(|(_, e)| block(&i.then_branch) && diverges(e))
        }
        Expr::Match(m) => !m.arms.is_empty() && m.arms.iter().all(|a| diverges(&a.body)),
        Expr::Loop(l) => !crate::loops::has_break(&l.body, l.label.as_ref()),
        _ => false,
    }
}

/// Whether control never comes to the end of a block.
pub(crate) fn block_diverges(b: &Block) -> bool {
    b.stmts.iter().any(|s| match s {
        Stmt::Expr(e, _) => diverges(e),
        Stmt::Macro(m) => diverging_macro(&m.mac),
        Stmt::Local(l) => l.init.as_ref().is_some_and(|i| diverges(&i.expr)),
        Stmt::Item(_) => false,
    })
}

/// Whether a body has a `return` or `?` of its own, not of a closure or item inside.
pub(crate) fn has_return(b: &Block) -> bool {
    struct Find(bool);
    impl<'a> syn::visit::Visit<'a> for Find {
        fn visit_expr_return(&mut self, _: &'a syn::ExprReturn) {
            self.0 = true;
        }
        fn visit_expr_try(&mut self, _: &'a syn::ExprTry) {
            self.0 = true;
        }
        fn visit_expr_closure(&mut self, _: &'a syn::ExprClosure) {}
        fn visit_item(&mut self, _: &'a Item) {}
        fn visit_macro(&mut self, m: &'a syn::Macro) {
            if let Some(args) = crate::macros::macro_args(m) {
                for a in &args {
                    self.visit_expr(a);
                }
            }
        }
    }
    let mut f = Find(false);
    syn::visit::Visit::visit_block(&mut f, b);
    f.0
}

/// The twin's name of a user's name.
pub(crate) fn local_name(id: &proc_macro2::Ident) -> TokenStream {
    let n = name(id);
    quote!(#n)
}
