//! Branches, loops, jumps and closures.

use crate::cx::{Cx, Kind, Loop, at, mark};
use crate::expr::{block_diverges, diverges, has_return};
use crate::pattern::Access;
use proc_macro2::{Ident, TokenStream};
use quote::{quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{BinOp, Block, Expr, ExprIf, ExprLet, Lifetime, Pat};

/// One part of a condition: `a && let p = e && b`.
enum Part<'a> {
    Cond(&'a Expr),
    Let(&'a ExprLet),
}

fn parts<'a>(e: &'a Expr, out: &mut Vec<Part<'a>>) {
    match e {
        Expr::Binary(b) if matches!(b.op, BinOp::And(_)) && has_let(e) => {
            parts(&b.left, out);
            parts(&b.right, out);
        }
        Expr::Paren(p) if has_let(&p.expr) => parts(&p.expr, out),
        Expr::Let(l) => out.push(Part::Let(l)),
        _ => out.push(Part::Cond(e)),
    }
}

fn has_let(e: &Expr) -> bool {
    match e {
        Expr::Let(_) => true,
        Expr::Binary(b) => has_let(&b.left) || has_let(&b.right),
        Expr::Paren(p) => has_let(&p.expr),
        _ => false,
    }
}

impl Cx {
    /// A scrutinee: code that evaluates it to a name, and how patterns reach into it. Patterns bind parts of a variable by
    /// value, unless they say `ref`, and parts of what a reference refers to by reference.
    fn scrutinee<'p>(
        &mut self,
        e: &Expr,
        pats: impl IntoIterator<Item = &'p Pat>,
    ) -> (TokenStream, Access) {
        let id = self.fresh("m");
        let by_mut = matches!(e, Expr::Reference(r) if r.mutability.is_some())
            || self.kind_of(e) == Kind::Ref;
        let by_ref = by_mut || pats.into_iter().any(has_ref);
        if by_ref && self.is_place(e) || matches!(e, Expr::Reference(r) if r.mutability.is_some()) {
            let p = self.lvalue(match e {
                Expr::Reference(r) => &r.expr,
                _ => e,
            });
            return (quote!(let #id = #p;), Access::Place(quote!(#id), by_mut));
        }
        let kind = match self.kind_of(e) {
            Kind::Val if matches!(e, Expr::MethodCall(_) | Expr::Call(_)) => Kind::Maybe,
            k => k,
        };
        let v = self.value(e);
        let access = match kind {
            Kind::Maybe => Access::Maybe(quote!(#id)),
            Kind::Ref => Access::Place(quote!(#id), true),
            _ => Access::Val(quote!(#id)),
        };
        (quote!(let #id = #v;), access)
    }

    /// A block as an arm: its value, or a stand-in if it diverges.
    fn arm_block(&mut self, b: &Block) -> TokenStream {
        self.block(b)
    }

    fn arm_value(&mut self, e: &Expr) -> TokenStream {
        if diverges(e) {
            let s = self.stmt(e);
            quote!({ #s __s::diverge(__b) })
        } else {
            self.value(e)
        }
    }

    pub(crate) fn if_value(&mut self, i: &ExprIf) -> TokenStream {
        if i.else_branch.is_none() {
            let s = self.if_stmt(i);
            return quote!({ #s });
        }
        let mut ps = Vec::new();
        parts(&i.cond, &mut ps);
        self.if_parts(i, &ps)
    }

    /// `if` as a statement: the value, if any, is `()`.
    pub(crate) fn if_stmt(&mut self, i: &ExprIf) -> TokenStream {
        let sp = at(i.if_token.span);
        let mut ps = Vec::new();
        parts(&i.cond, &mut ps);
        let never = i
            .else_branch
            .as_ref()
            .is_some_and(|(_, e)| block_diverges(&i.then_branch) && diverges(e));
        if i.else_branch.is_some() {
            let v = self.if_parts(i, &ps);
            return if never {
                quote_spanned!(sp=> let _: () = #v;)
            } else {
                quote_spanned!(sp=> let _ = #v;)
            };
        }
        // Without `else`: nested, each part in the region of the one before.
        self.push();
        let mut open = TokenStream::new();
        let mut close = TokenStream::new();
        for p in &ps {
            match p {
                Part::Cond(c) => {
                    let c = self.value(c);
                    open.extend(quote_spanned!(sp=> __b.open_if(#c.v());));
                    close.extend(quote_spanned!(sp=> __b.close();));
                }
                Part::Let(l) => {
                    let (s, access) = self.scrutinee(&l.expr, [&*l.pat]);
                    let m = self.pattern(&l.pat, &access);
                    open.extend(s);
                    if let Some(c) = self.condition(m.tests) {
                        open.extend(quote_spanned!(sp=> __b.open_if(#c.v());));
                        close.extend(quote_spanned!(sp=> __b.close();));
                    }
                    let b = self.bindings(m.binds);
                    open.extend(b);
                }
            }
        }
        let body = self.block(&i.then_branch);
        self.pop();
        quote_spanned!(sp=> { #open let _: () = #body; #close })
    }

    fn else_value(&mut self, i: &ExprIf) -> TokenStream {
        match &i.else_branch {
            Some((_, e)) => self.arm_value(e),
            None => quote!(()),
        }
    }

    fn if_parts(&mut self, i: &ExprIf, ps: &[Part<'_>]) -> TokenStream {
        let sp = at(i.if_token.span);
        match ps {
            [Part::Cond(c)] => {
                let c = self.value(c);
                let a = self.arm_block(&i.then_branch);
                let b = self.else_value(i);
                quote_spanned!(sp=> {
                    let __k = __s::if_(__b, #c);
                    let __v = #a;
                    let __k = __k.else_(__v);
                    let __v = #b;
                    __k.end(__v)
                })
            }
            [Part::Let(l)] => {
                let (s, access) = self.scrutinee(&l.expr, [&*l.pat]);
                let m = self.pattern(&l.pat, &access);
                let c = self
                    .condition(m.tests)
                    .unwrap_or_else(|| quote!(__s::lit(__b, true)));
                self.push();
                let binds = self.bindings(m.binds);
                let a = self.arm_block(&i.then_branch);
                self.pop();
                let b = self.else_value(i);
                quote_spanned!(sp=> {
                    #s
                    let __k = __s::if_(__b, #c);
                    let __v = { #binds #a };
                    let __k = __k.else_(__v);
                    let __v = #b;
                    __k.end(__v)
                })
            }
            _ => self.if_chain(i, ps),
        }
    }

    /// A chain with `let`: where all parts hold, leave a block with the value.
    fn if_chain(&mut self, i: &ExprIf, ps: &[Part<'_>]) -> TokenStream {
        let sp = at(i.if_token.span);
        let done = self.fresh("done");
        self.push();
        let mut open = TokenStream::new();
        let mut close = TokenStream::new();
        for p in ps {
            let c = match p {
                Part::Cond(c) => Some(self.value(c)),
                Part::Let(l) => {
                    let (s, access) = self.scrutinee(&l.expr, [&*l.pat]);
                    let m = self.pattern(&l.pat, &access);
                    open.extend(s);
                    let c = self.condition(m.tests);
                    if let Some(c) = c {
                        open.extend(quote_spanned!(sp=> __b.open_if(#c.v());));
                        close.extend(quote_spanned!(sp=> __b.close();));
                    }
                    let b = self.bindings(m.binds);
                    open.extend(b);
                    None
                }
            };
            if let Some(c) = c {
                open.extend(quote_spanned!(sp=> __b.open_if(#c.v());));
                close.extend(quote_spanned!(sp=> __b.close();));
            }
        }
        let a = self.arm_block(&i.then_branch);
        self.pop();
        let b = self.else_value(i);
        quote_spanned!(sp=> {
            let #done = __s::blk(__b);
            {
                #open
                let __v = #a;
                #done.br(__v);
                #close
            }
            let __v = #b;
            #done.end(__v)
        })
    }

    pub(crate) fn let_else(&mut self, pat: &Pat, init: &Expr, els: &Expr) -> TokenStream {
        let sp = at(pat.span());
        let (s, access) = self.scrutinee(init, [pat]);
        let m = self.pattern(pat, &access);
        let c = self.condition(m.tests);
        let e = self.stmt(els);
        let test = c.map(|c| {
            quote_spanned!(sp=> {
                let __c = #c;
                __b.open_if((!__c).v());
                #e
                __b.close();
            })
        });
        let binds = self.bindings(m.binds);
        quote_spanned!(sp=> #s #test #binds)
    }

    pub(crate) fn match_value(&mut self, m: &syn::ExprMatch) -> TokenStream {
        let sp = at(m.match_token.span);
        let (s, access) = self.scrutinee(&m.expr, m.arms.iter().map(|a| &a.pat));
        if m.arms.is_empty() {
            return quote_spanned!(sp=> { #s __s::diverge(__b) });
        }
        let v = self.arms(&m.arms, &access);
        quote_spanned!(sp=> { #s #v })
    }

    /// The arms as a chain of `if`. rustc checks on the original that they are exhaustive, so the last has no test.
    fn arms(&mut self, arms: &[syn::Arm], on: &Access) -> TokenStream {
        let [arm, rest @ ..] = arms else {
            return quote!(__s::diverge(__b));
        };
        let sp = at(arm.pat.span());
        let m = self.pattern(&arm.pat, on);
        let c = self.condition(m.tests);
        self.push();
        let binds = self.bindings(m.binds);
        let guard = arm.guard.as_ref().map(|(_, g)| self.value(g));
        let v = self.arm_value(&arm.body);
        self.pop();
        let v = quote_spanned!(sp=> { #binds #v });
        if rest.is_empty() {
            return v;
        }
        let c = match (c, guard) {
            (None, None) => return v,
            (Some(c), None) => c,
            (None, Some(g)) => quote_spanned!(sp=> { #binds #g }),
            // A guard is evaluated only where the pattern matches.
            (Some(c), Some(g)) => quote_spanned!(sp=> {
                let __k = __s::if_(__b, #c);
                let __v = { #binds #g };
                let __k = __k.else_(__v);
                __k.end(__s::lit(__b, false))
            }),
        };
        let r = self.arms(rest, on);
        quote_spanned!(sp=> {
            let __k = __s::if_(__b, #c);
            let __v = #v;
            let __k = __k.else_(__v);
            let __v = #r;
            __k.end(__v)
        })
    }

    /// Brings the tokens of a loop in scope.
    fn enter_loop(&mut self, label: Option<&syn::Label>) -> (Ident, Ident) {
        let (brk, cont) = (self.fresh("brk"), self.fresh("cont"));
        self.loops.push(Loop {
            label: label.map(|l| l.name.ident.to_string()),
            brk: brk.clone(),
            cont: Some(cont.clone()),
        });
        (brk, cont)
    }
    /// Rewrites the body of the loop entered last, and leaves it.
    fn leave_loop(&mut self, tokens: (Ident, Ident), body: &Block) -> (Ident, Ident, TokenStream) {
        let b = self.block(body);
        self.loops.pop();
        (tokens.0, tokens.1, quote!(let _: () = #b;))
    }
    /// Rewrites a loop's body with its tokens in scope.
    fn loop_body(
        &mut self,
        label: Option<&syn::Label>,
        body: &Block,
    ) -> (Ident, Ident, TokenStream) {
        let tokens = self.enter_loop(label);
        self.leave_loop(tokens, body)
    }

    pub(crate) fn while_loop(&mut self, w: &syn::ExprWhile) -> TokenStream {
        let sp = at(w.while_token.span);
        if has_let(&w.cond) {
            return self.while_let(w);
        }
        let m = mark(w.cond.span());
        let tokens = self.enter_loop(w.label.as_ref());
        let c = self.value(&w.cond);
        let (brk, cont, body) = self.leave_loop(tokens, &w.body);
        quote_spanned!(sp=> {
            let #brk = __s::blk::<()>(__b);
            let __w = __s::while_(__b);
            #m;
            let __c = #c;
            __w.cond(__c);
            let #cont = __s::blk::<()>(__b);
            #body
            #cont.end(());
            __w.end();
            #brk.end(())
        })
    }

    /// `while let`: an endless loop left where the pattern does not match.
    fn while_let(&mut self, w: &syn::ExprWhile) -> TokenStream {
        let sp = at(w.while_token.span);
        let mut ps = Vec::new();
        parts(&w.cond, &mut ps);
        let (brk, cont) = (self.fresh("brk"), self.fresh("cont"));
        self.push();
        let mut open = TokenStream::new();
        let leave = |c: TokenStream| {
            quote_spanned!(sp=> {
                let __c = #c;
                __b.open_if((!__c).v());
                #brk.br(());
                __b.close();
            })
        };
        for p in &ps {
            match p {
                Part::Cond(c) => {
                    let c = self.value(c);
                    open.extend(leave(c));
                }
                Part::Let(l) => {
                    let (s, access) = self.scrutinee(&l.expr, [&*l.pat]);
                    let m = self.pattern(&l.pat, &access);
                    open.extend(s);
                    if let Some(c) = self.condition(m.tests) {
                        open.extend(leave(c));
                    }
                    let b = self.bindings(m.binds);
                    open.extend(b);
                }
            }
        }
        self.loops.push(Loop {
            label: w.label.as_ref().map(|l| l.name.ident.to_string()),
            brk: brk.clone(),
            cont: Some(cont.clone()),
        });
        let body = self.block(&w.body);
        self.loops.pop();
        self.pop();
        quote_spanned!(sp=> {
            let #brk = __s::blk::<()>(__b);
            let __w = __s::while_(__b);
            __w.cond(__s::lit(__b, true));
            let #cont = __s::blk::<()>(__b);
            #open
            let _: () = #body;
            #cont.end(());
            __w.end();
            #brk.end(())
        })
    }

    pub(crate) fn loop_value(&mut self, l: &syn::ExprLoop) -> TokenStream {
        let sp = at(l.loop_token.span);
        let (brk, cont, body) = self.loop_body(l.label.as_ref(), &l.body);
        quote_spanned!(sp=> {
            let #brk = __s::blk(__b);
            let __w = __s::while_(__b);
            __w.cond(__s::lit(__b, true));
            let #cont = __s::blk::<()>(__b);
            #body
            #cont.end(());
            __w.end();
            #brk.end_never()
        })
    }

    /// What the pattern of a `for` binds: places for `iter_mut`, through the adaptors that pair.
    fn items(&self, e: &Expr) -> Kind {
        match e {
            Expr::Range(_) => Kind::Val,
            Expr::Paren(p) => self.items(&p.expr),
            Expr::Reference(r) if r.mutability.is_some() => Kind::Ref,
            Expr::MethodCall(m) if m.method.to_string().ends_with("_mut") => Kind::Ref,
            Expr::MethodCall(m) => match self.items(&m.receiver) {
                // Behind a pairing adaptor only types tell which part is a place.
                Kind::Ref
                    if matches!(
                        m.method.to_string().as_str(),
                        "rev" | "skip" | "take" | "step_by"
                    ) =>
                {
                    Kind::Ref
                }
                Kind::Val if m.args.iter().all(|a| self.items(a) == Kind::Val) => Kind::Val,
                _ => Kind::Maybe,
            },
            Expr::Path(p) => match p.path.get_ident().and_then(|id| self.lookup(id)) {
                Some(Kind::Ref) => Kind::Ref,
                Some(Kind::Maybe) => Kind::Maybe,
                _ => Kind::Val,
            },
            _ => Kind::Val,
        }
    }

    /// Binds a `for` pattern; `(i, x)` over `iter_mut().enumerate()` and `zip` is followed into.
    fn bind_items(&mut self, pat: &Pat, e: &Expr, v: &TokenStream) -> TokenStream {
        if let (Pat::Tuple(t), Expr::MethodCall(m)) = (pat, e)
            && t.elems.len() == 2
        {
            let (x, y) = (quote!(#v.0), quote!(#v.1));
            if m.method == "enumerate" {
                let mut s = self.bind_pattern(&t.elems[0], &x, Kind::Val);
                s.extend(self.bind_items(&t.elems[1], &m.receiver, &y));
                return s;
            }
            if m.method == "zip"
                && let Some(other) = m.args.first()
            {
                let mut s = self.bind_items(&t.elems[0], &m.receiver, &x);
                s.extend(self.bind_items(&t.elems[1], other, &y));
                return s;
            }
            if matches!(
                m.method.to_string().as_str(),
                "rev" | "skip" | "take" | "step_by"
            ) {
                return self.bind_items(pat, &m.receiver, v);
            }
        }
        let kind = self.items(e);
        self.bind_pattern(pat, v, kind)
    }

    pub(crate) fn for_loop(&mut self, f: &syn::ExprForLoop) -> TokenStream {
        let sp = at(f.for_token.span);
        let m = mark(f.expr.span());
        let it = match &*f.expr {
            e if self.is_place(e) && self.items(e) == Kind::Ref => {
                let p = self.lvalue(e);
                quote_spanned!(sp=> __s::into_iter(#p))
            }
            e => {
                let v = self.value(e);
                quote_spanned!(sp=> __s::into_iter(#v))
            }
        };
        let x = self.fresh("x");
        self.push();
        let binds = self.bind_items(&f.pat, &f.expr, &quote!(#x));
        let (brk, cont, body) = self.loop_body(f.label.as_ref(), &f.body);
        self.pop();
        quote_spanned!(sp=> {
            let #brk = __s::blk::<()>(__b);
            #m;
            let mut __it = #it;
            let #x = __s::Iter::open(&mut __it, __b);
            let #cont = __s::blk::<()>(__b);
            #binds
            #body
            #cont.end(());
            __s::Iter::close(&mut __it, __b);
            #brk.end(())
        })
    }

    /// `'l: { .. }`.
    pub(crate) fn labelled(&mut self, label: &Lifetime, block: &Block) -> TokenStream {
        let brk = self.fresh("brk");
        self.loops.push(Loop {
            label: Some(label.ident.to_string()),
            brk: brk.clone(),
            cont: None,
        });
        let v = self.block(block);
        self.loops.pop();
        quote!({
            let #brk = __s::blk(__b);
            let __v = #v;
            #brk.end(__v)
        })
    }

    /// `break`, `continue`, `return` as statements.
    pub(crate) fn jump(&mut self, e: &Expr) -> TokenStream {
        let sp = at(e.span());
        match e {
            Expr::Break(b) => {
                let v = match &b.expr {
                    Some(e) => self.value(e),
                    None => quote!(()),
                };
                match self.find_loop(b.label.as_ref(), false) {
                    Some(l) => {
                        let brk = &l.brk;
                        quote_spanned!(sp=> #brk.br(#v);)
                    }
                    None => self.stray(e),
                }
            }
            Expr::Continue(c) => match self.find_loop(c.label.as_ref(), true) {
                Some(Loop {
                    cont: Some(cont), ..
                }) => quote_spanned!(sp=> #cont.br(());),
                _ => self.stray(e),
            },
            Expr::Return(r) => {
                let v = match &r.expr {
                    Some(e) => self.value(e),
                    None => quote!(()),
                };
                match &self.ret {
                    Some(ret) => quote_spanned!(sp=> #ret.br(#v);),
                    None => self.stray(e),
                }
            }
            _ => self.stray(e),
        }
    }

    /// A jump with no target: rustc says so on the original.
    fn stray(&mut self, e: &Expr) -> TokenStream {
        self.unsupported(e.span(), "there is nothing here to leave")
    }

    /// `e?`.
    pub(crate) fn question(&mut self, t: &syn::ExprTry) -> TokenStream {
        let sp = at(t.question_token.span());
        let v = self.value(&t.expr);
        let Some(ret) = self.ret.clone() else {
            return self.unsupported(t.span(), "`?` outside of a function");
        };
        quote_spanned!(sp=> {
            let __q = #v;
            __b.open_if(__s::Try::failed(__q, __b).v());
            #ret.br(__s::Try::residual(__q, __b));
            __b.close();
            __s::Try::output(__q)
        })
    }

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

/// Whether a pattern has a `ref` binding.
fn has_ref(pat: &Pat) -> bool {
    struct Find(bool);
    impl<'ast> syn::visit::Visit<'ast> for Find {
        fn visit_pat_ident(&mut self, p: &'ast syn::PatIdent) {
            self.0 |= p.by_ref.is_some();
            syn::visit::visit_pat_ident(self, p);
        }
    }
    let mut find = Find(false);
    syn::visit::Visit::visit_pat(&mut find, pat);
    find.0
}

/// Whether a `break` in a loop's body leaves that loop.
pub(crate) fn has_break(body: &Block, label: Option<&syn::Label>) -> bool {
    finds_break(body, label, 0)
}

/// Whether a `break` with the label of a block leaves that block; one without a label is a loop's.
pub(crate) fn has_labelled_break(body: &Block, label: &syn::Label) -> bool {
    finds_break(body, Some(label), 1)
}

fn finds_break(body: &Block, label: Option<&syn::Label>, depth: usize) -> bool {
    struct Find<'l> {
        label: Option<&'l Ident>,
        depth: usize,
        found: bool,
    }
    impl<'a> syn::visit::Visit<'a> for Find<'_> {
        fn visit_expr_break(&mut self, b: &'a syn::ExprBreak) {
            self.found |= match &b.label {
                Some(l) => Some(&l.ident) == self.label,
                None => self.depth == 0,
            };
            syn::visit::visit_expr_break(self, b);
        }
        fn visit_expr_loop(&mut self, l: &'a syn::ExprLoop) {
            self.depth += 1;
            syn::visit::visit_expr_loop(self, l);
            self.depth -= 1;
        }
        fn visit_expr_while(&mut self, l: &'a syn::ExprWhile) {
            self.depth += 1;
            syn::visit::visit_expr_while(self, l);
            self.depth -= 1;
        }
        fn visit_expr_for_loop(&mut self, l: &'a syn::ExprForLoop) {
            self.depth += 1;
            syn::visit::visit_expr_for_loop(self, l);
            self.depth -= 1;
        }
        fn visit_expr_closure(&mut self, _: &'a syn::ExprClosure) {}
        fn visit_item(&mut self, _: &'a syn::Item) {}
    }
    let mut f = Find {
        label: label.map(|l| &l.name.ident),
        depth,
        found: false,
    };
    syn::visit::Visit::visit_block(&mut f, body);
    f.found
}
