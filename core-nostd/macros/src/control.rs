//! Branches, blocks and jumps.

use crate::cx::{Cx, Kind, Loop, at};
use crate::expr::{block_diverges, diverges};
use crate::pattern::Access;
use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{BinOp, Block, Expr, ExprIf, ExprLet, Lifetime, Pat};

/// One part of a condition: `a && let p = e && b`.
pub(crate) enum Part<'a> {
    Cond(&'a Expr),
    Let(&'a ExprLet),
}

pub(crate) fn parts<'a>(e: &'a Expr, out: &mut Vec<Part<'a>>) {
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

pub(crate) fn has_let(e: &Expr) -> bool {
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
    pub(crate) fn scrutinee<'p>(
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

    pub(crate) fn arm_value(&mut self, e: &Expr) -> TokenStream {
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
