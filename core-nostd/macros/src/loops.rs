//! Loops: `while`, `while let`, `loop`, `for`.

use crate::control::{Part, has_let, parts};
use crate::cx::{Cx, Kind, Loop, at, mark};
use proc_macro2::{Ident, TokenStream};
use quote::{quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{Block, Expr, Pat};

impl Cx {
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
