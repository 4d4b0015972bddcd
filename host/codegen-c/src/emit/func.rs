//! A function's statements as C. Structure stays: a branch is an `if`, a counted loop a `for`.

use super::expr::Exprs;
use super::fused;
use super::scope::{Scopes, c_type, declarations, short};
use cotangent_kernels::CFunction;
use cotangent_lower::abi::Callback;
use cotangent_lower::lir::{
    Bin, Block, FnId, Function, Opnd, Program, Reg, RtFn, Rv, Site, Stmt, Ty,
};
use std::cell::{Cell, RefCell};
use std::collections::{BTreeSet, HashMap};
use std::fmt::Write;

/// Writes one function.
pub(super) struct Writer<'a> {
    pub(super) program: &'a Program,
    pub(super) f: &'a Function,
    pub(super) exprs: Exprs<'a>,
    pub(super) scopes: Scopes,
    pub(super) out: String,
    pub(super) indent: usize,
    /// The number of the next block, as [`Scopes`] numbers them.
    pub(super) next_block: usize,
    /// The block being written.
    pub(super) block: usize,
    pub(super) temps: usize,
    /// Products that are computed with the sum that reads them.
    pub(super) fused: HashMap<Reg, (Opnd, Opnd)>,
}

/// The C name of a function: its number, and its name for the reader.
pub(super) fn c_name(program: &Program, id: FnId) -> String {
    let name: String = program.funcs[id]
        .name
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() { c } else { '_' })
        .take(60)
        .collect();
    format!("{id}_{name}")
}

/// The declaration of a function, without its end.
pub(super) fn prototype(program: &Program, id: FnId) -> String {
    let f = &program.funcs[id];
    let mut params = vec!["ct_context *ctx".to_string()];
    params.extend(f.params.iter().map(|r| match f.regs[*r] {
        Ty::Ptr => format!("char *{r}"),
        ty => format!("{} {r}", c_type(ty)),
    }));
    if !f.result_types.is_empty() {
        params.push(format!("struct {id}_results *out"));
    }
    format!(
        "static uint64_t {}({})",
        c_name(program, id),
        params.join(", ")
    )
}

impl<'a> Writer<'a> {
    pub(super) fn new(program: &'a Program, id: FnId, callbacks: &'a [Callback]) -> Writer<'a> {
        let f = &program.funcs[id];
        Writer {
            program,
            f,
            exprs: Exprs {
                regs: &f.regs,
                callbacks,
                wide: Cell::new(false),
                used: RefCell::default(),
            },
            scopes: Scopes::of(f),
            out: String::new(),
            indent: 0,
            next_block: 0,
            block: 0,
            temps: 0,
            fused: fused::products(f),
        }
    }
    /// The whole function, and the functions without branches that it calls.
    pub(super) fn function(mut self, id: FnId) -> (String, BTreeSet<CFunction>) {
        let head = prototype(self.program, id);
        self.line(&format!("{head} {{"));
        self.indent += 1;
        if let Some(site) = self.f.recursive {
            self.line("if (CT_UNLIKELY(ctx->depth == 0 || CT_STACK < ctx->stack)) {");
            self.trap(site, &[]);
            self.line("}");
            self.line("ctx->depth--;");
        }
        self.contents(&self.f.body, &self.f.params, &[]);
        for (k, a) in self.f.results.iter().enumerate() {
            let a = self.exprs.opnd(*a);
            self.line(&format!("out->v{k} = {a};"));
        }
        if self.f.recursive.is_some() {
            self.line("ctx->depth++;");
        }
        self.line("return 0;");
        self.indent -= 1;
        self.line("}");
        (self.out, self.exprs.used.into_inner())
    }

    pub(super) fn line(&mut self, s: &str) {
        for _ in 0..self.indent {
            self.out.push_str("  ");
        }
        self.out.push_str(s);
        self.out.push('\n');
    }
    /// A block's declarations and statements; `also` continues the same block (a loop's head and body).
    pub(super) fn contents(&mut self, b: &Block, not: &[Reg], also: &[Stmt]) {
        let outer = std::mem::replace(&mut self.block, self.next_block);
        self.next_block += 1;
        self.declare(not);
        for s in b.iter().chain(also) {
            self.stmt(s);
        }
        self.block = outer;
    }
    fn declare(&mut self, not: &[Reg]) {
        let regs = self.scopes.at_head(self.block, not);
        for d in declarations(&regs, &self.f.regs) {
            self.line(&d);
        }
    }
    fn nested(&mut self, b: &Block) {
        self.indent += 1;
        self.contents(b, &[], &[]);
        self.indent -= 1;
    }
    /// `r = …`, with its type where the register is declared there.
    fn set(&mut self, r: Reg, value: &str) {
        if self.scopes.declares(r, self.block) {
            let ty = c_type(self.f.regs[r]);
            let space = if ty.ends_with('*') { "" } else { " " };
            self.line(&format!("{ty}{space}{r} = {value};"));
        } else {
            self.line(&format!("{r} = {value};"));
        }
    }
    fn trap(&mut self, site: Site, numbers: &[Opnd]) {
        self.indent += 1;
        if numbers.is_empty() {
            self.line(&format!("return ct_trap(ctx, {}, 0, 0);", site.0));
        } else {
            let list: Vec<String> = numbers.iter().map(|a| self.exprs.opnd(*a)).collect();
            self.line(&format!(
                "return ct_trap(ctx, {}, (const uint64_t[]){{{}}}, {});",
                site.0,
                list.join(", "),
                list.len()
            ));
        }
        self.indent -= 1;
    }
    fn check(&mut self, bad: &str, site: Site, numbers: &[Opnd]) {
        self.line(&format!("if (CT_UNLIKELY({bad})) {{"));
        self.trap(site, numbers);
        self.line("}");
    }
    /// After a callback that gives null where it fails; the runtime has recorded the numbers.
    fn check_null(&mut self, r: &str, site: Option<Site>) {
        if let Some(site) = site {
            self.line(&format!("if (CT_UNLIKELY(!{r})) {{"));
            self.trap(site, &[]);
            self.line("}");
        }
    }
    pub(super) fn temp(&mut self) -> usize {
        self.temps += 1;
        self.temps
    }

    pub(super) fn stmt(&mut self, s: &Stmt) {
        match s {
            Stmt::Set(r, _) if self.fused.contains_key(r) => {}
            Stmt::Set(r, rv) => {
                let value = self.fused_sum(rv).unwrap_or_else(|| self.exprs.rv(rv));
                self.set(*r, &value);
            }
            Stmt::Store(ty, addr, a) => {
                let (place, a) = (self.exprs.place(*ty, addr), self.exprs.opnd(*a));
                self.line(&format!("{place} = {a};"));
            }
            Stmt::Check(bad, site, numbers) => {
                let bad = self.exprs.opnd(*bad);
                self.check(&bad, *site, numbers);
            }
            Stmt::Trap(site, numbers) => {
                self.line("{");
                self.trap(*site, numbers);
                self.line("}");
            }
            Stmt::If(c, a, b) => {
                let c = self.exprs.opnd(*c);
                self.line(&format!("if ({c}) {{"));
                self.nested(a);
                if b.is_empty() {
                    self.next_block += 1;
                } else {
                    self.line("} else {");
                    self.nested(b);
                }
                self.line("}");
            }
            Stmt::Switch(sel, arms) => {
                let sel = self.exprs.opnd(*sel);
                self.line(&format!("switch ({sel}) {{"));
                for (k, b) in arms.iter().enumerate() {
                    if k + 1 == arms.len() {
                        self.line("default: {");
                    } else {
                        self.line(&format!("case {k}: {{"));
                    }
                    self.nested(b);
                    self.line("} break;");
                }
                self.line("}");
            }
            Stmt::While { head, cond, body } => {
                self.line("for (;;) {");
                self.indent += 1;
                let outer = std::mem::replace(&mut self.block, self.next_block);
                self.next_block += 1;
                self.declare(&[]);
                for s in head {
                    self.stmt(s);
                }
                let c = self.exprs.opnd(*cond);
                self.line(&format!("if (!{c}) break;"));
                for s in body {
                    self.stmt(s);
                }
                self.block = outer;
                self.indent -= 1;
                self.line("}");
            }
            Stmt::For {
                index,
                lo,
                hi,
                signed,
                body,
                hint,
            } => {
                let hi = self.limit(*hi, body);
                let lo = self.exprs.opnd(*lo);
                self.counted(*index, (&lo, &hi), *signed, body, hint);
            }
            Stmt::Retain(a) => {
                let a = self.exprs.opnd(*a);
                self.line(&format!("CT_COUNT({a})++;"));
            }
            Stmt::Release(a) => {
                let a = self.exprs.opnd(*a);
                let free = self
                    .exprs
                    .callback(Callback::Free, std::slice::from_ref(&a));
                self.line(&format!("if (--CT_COUNT({a}) == 0) {free};"));
            }
            Stmt::Unique {
                buf,
                data,
                count,
                layout,
                site,
            } => {
                let args = [
                    buf.to_string(),
                    data.to_string(),
                    self.exprs.opnd(*count),
                    layout.0.to_string(),
                ];
                let call = self.exprs.callback(Callback::Unique, &args);
                self.line(&format!("if (CT_COUNT({buf}) != 1) {{"));
                self.indent += 1;
                self.line(&format!("{buf} = {call};"));
                self.check_null(&buf.to_string(), Some(*site));
                self.line(&format!("{data} = CT_DATA({buf});"));
                self.indent -= 1;
                self.line("}");
            }
            Stmt::Reserve {
                buf,
                data,
                len,
                more,
                layout,
                site,
            } => {
                let size = self.program.layouts[*layout].size;
                let (len, more) = (self.exprs.opnd(*len), self.exprs.opnd(*more));
                let need = format!("{len} + {more}");
                let args = [buf.to_string(), data.to_string(), len, need.clone()];
                let layout = layout.0.to_string();
                let call = self
                    .exprs
                    .callback(Callback::Grow, &[&args[..], &[layout]].concat());
                self.line(&format!(
                    "if (CT_UNLIKELY(CT_FULL({buf}, {data}, ({need}) * {size}))) {{"
                ));
                self.indent += 1;
                self.line(&format!("{buf} = {call};"));
                self.check_null(&buf.to_string(), Some(*site));
                self.line(&format!("{data} = CT_DATA({buf});"));
                self.indent -= 1;
                self.line("}");
            }
            Stmt::Call(f, args, results) => self.call(*f, args, results),
            Stmt::Rt(f, args, result, site) => self.runtime(*f, args, *result, *site),
            Stmt::Eval(eval, args, results) => {
                let t = self.words(args, results.len());
                let call = self.exprs.callback(
                    Callback::Eval,
                    &[
                        eval.0.to_string(),
                        format!("(char *)a{t}"),
                        format!("(char *)v{t}"),
                    ],
                );
                self.line(&format!("if (CT_UNLIKELY({call})) return 1;"));
                for (k, &r) in results.iter().enumerate() {
                    let ty = short(self.f.regs[r]);
                    self.set(r, &format!("ct_get_{ty}(v{t} + {k})"));
                }
            }
            Stmt::Split {
                func,
                args,
                lo,
                hi,
                work,
                sums,
            } => self.split(*func, args, [*lo, *hi, *work], sums),
            Stmt::Ahead {
                func,
                args,
                hi,
                results,
            } => self.ahead(*func, args, *hi, results),
            Stmt::Fuel(site) => {
                self.check("ctx->fuel == 0", *site, &[]);
                self.line("ctx->fuel--;");
            }
        }
    }
    /// A sum with its product.
    fn fused_sum(&self, rv: &Rv) -> Option<String> {
        let Rv::Bin(Bin::Accumulate, a, b) = *rv else {
            return None;
        };
        let product = |m: Opnd| self.fused.get(&m.reg()?).copied();
        let ((x, y), sum) = match product(b) {
            Some(p) => (p, a),
            None => (product(a)?, b),
        };
        let [x, y, sum] = [x, y, sum].map(|a| self.exprs.opnd(a));
        Some(format!("CT_MUL_ADD({x}, {y}, {sum})"))
    }
    /// A loop's limit, in a variable of its own if the body changes the register.
    fn limit(&mut self, hi: Opnd, body: &Block) -> String {
        let text = self.exprs.opnd(hi);
        let Some(r) = hi.reg() else { return text };
        let mut changes = false;
        for s in body {
            s.visit(&mut |s| s.results(&mut |x| changes |= x == r));
        }
        if !changes {
            return text;
        }
        let t = self.temp();
        self.line(&format!("const uint64_t hi{t} = {text};"));
        format!("hi{t}")
    }
    fn call(&mut self, f: FnId, args: &[Opnd], results: &[Reg]) {
        let t = self.temp();
        let mut list = vec!["ctx".to_string()];
        list.extend(args.iter().map(|a| self.exprs.opnd(*a)));
        if !results.is_empty() {
            self.line(&format!("struct {f}_results o{t};"));
            list.push(format!("&o{t}"));
        }
        let name = c_name(self.program, f);
        self.line(&format!(
            "if (CT_UNLIKELY({name}({}))) return 1;",
            list.join(", ")
        ));
        for (k, &r) in results.iter().enumerate() {
            self.set(r, &format!("o{t}.v{k}"));
        }
    }
    fn split(&mut self, f: FnId, args: &[Opnd], range: [Opnd; 3], sums: &[Reg]) {
        let t = self.words(args, sums.len());
        let mut list = vec![f.0.to_string()];
        list.extend(range.iter().map(|a| self.exprs.opnd(*a)));
        list.extend([format!("(char *)a{t}"), format!("(char *)v{t}")]);
        let call = self.exprs.callback(Callback::Split, &list);
        self.line(&format!("if (CT_UNLIKELY({call})) return 1;"));
        for (k, &r) in sums.iter().enumerate() {
            let ty = short(self.f.regs[r]);
            self.line(&format!("{r} += ct_get_{ty}(v{t} + {k});"));
        }
    }
    fn ahead(&mut self, f: FnId, args: &[Opnd], hi: Opnd, results: &[Reg]) {
        let t = self.words(args, results.len());
        let mut list = vec![f.0.to_string()];
        list.extend([args[0], hi].iter().map(|a| self.exprs.opnd(*a)));
        list.extend([format!("(char *)a{t}"), format!("(char *)v{t}")]);
        let call = self.exprs.callback(Callback::Ahead, &list);
        self.line(&format!("if (CT_UNLIKELY({call})) return 1;"));
        for (k, &r) in results.iter().enumerate() {
            let ty = short(self.f.regs[r]);
            self.set(r, &format!("ct_get_{ty}(v{t} + {k})"));
        }
    }
    /// Arrays of words with the arguments, and for results: the number in their names.
    fn words(&mut self, args: &[Opnd], results: usize) -> usize {
        let t = self.temp();
        self.line(&format!(
            "uint64_t a{t}[{}], v{t}[{}];",
            args.len().max(1),
            results.max(1)
        ));
        for (k, a) in args.iter().enumerate() {
            let ty = short(self.exprs.ty(*a));
            let a = self.exprs.opnd(*a);
            self.line(&format!("ct_put_{ty}(a{t} + {k}, {a});"));
        }
        t
    }
    fn runtime(&mut self, f: RtFn, args: &[Opnd], result: Option<Reg>, site: Option<Site>) {
        let list: Vec<String> = args.iter().map(|a| self.exprs.opnd(*a)).collect();
        // The compiler knows these two.
        let call = match f {
            RtFn::Copy => format!("memmove({}, {}, {})", list[0], list[1], list[2]),
            RtFn::Zero => format!("memset({}, 0, {})", list[0], list[1]),
            RtFn::Alloc
            | RtFn::AllocZero
            | RtFn::Grow
            | RtFn::RetainElems
            | RtFn::ReleaseElems
            | RtFn::Map(..)
            | RtFn::Dot(_)
            | RtFn::Sum(_)
            | RtFn::Axpy(_)
            | RtFn::Gemm(_) => self.exprs.callback(f.callback(), &list),
        };
        match result {
            Some(r) => {
                self.set(r, &call);
                self.check_null(&r.to_string(), site.filter(|_| f.signature().fails));
            }
            None => self.line(&format!("{call};")),
        }
    }
}

/// The structure that a function's results are written to.
pub(super) fn results_struct(program: &Program, id: FnId, out: &mut String) {
    let f = &program.funcs[id];
    if f.result_types.is_empty() {
        return;
    }
    let _ = write!(out, "struct {id}_results {{ ");
    for (k, &ty) in f.result_types.iter().enumerate() {
        let space = if ty == Ty::Ptr { "" } else { " " };
        let _ = write!(out, "{}{space}v{k}; ", c_type(ty));
    }
    out.push_str("};\n");
}

/// The function that is called from outside, with arguments and results in slots.
pub(super) fn entry(program: &Program, id: FnId, out: &mut String) {
    let f = &program.funcs[id];
    let _ = writeln!(
        out,
        "CT_EXPORT uint64_t ct_entry_{}(ct_context *ctx, const uint64_t *args, uint64_t *results) {{",
        id.0
    );
    let mut list = vec!["ctx".to_string()];
    for (k, &r) in f.params.iter().enumerate() {
        list.push(format!("ct_get_{}(args + {k})", short(f.regs[r])));
    }
    if !f.result_types.is_empty() {
        let _ = writeln!(out, "  struct {id}_results o;");
        list.push("&o".into());
    }
    let name = c_name(program, id);
    let _ = writeln!(out, "  (void)args, (void)results;");
    let _ = writeln!(out, "  if ({name}({})) return 1;", list.join(", "));
    for (k, &ty) in f.result_types.iter().enumerate() {
        let _ = writeln!(out, "  ct_put_{}(results + {k}, o.v{k});", short(ty));
    }
    out.push_str("  return 0;\n}\n");
}
