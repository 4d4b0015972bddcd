//! Counted loops as C: told apart by what may be computed at once.
//!
//! * Independent iterations ([`Hint`]): the C compiler is told so, and of sums whose order is free. Where a loop is short, instructions on
//!   several numbers cost more than they save: such a loop has a second form, one number at a time.
//! * Sums in order whose terms are independent: as many terms as fit into an array are computed at once, then added in order.
//! * Others: a `for`.

use super::func::Writer;
use super::scope::c_type;
use cotangent_lower::lir::{Bin, Block, Hint, Reg, Rv, Stmt, Un};
use cotangent_lower::opt::nature::term;

/// How many terms of a sum in order are computed at once.
const AT_ONCE: u32 = 64;
/// Fewer iterations than this are run one by one.
const FEW: u32 = 8;
/// The most statements that are written in both forms.
const MOST: usize = 40;

impl Writer<'_> {
    /// A loop from `lo` to `hi`.
    pub(super) fn counted(
        &mut self,
        index: Reg,
        (lo, hi): (&str, &str),
        signed: bool,
        body: &Block,
        hint: &Hint,
    ) {
        // The body is the next block: an index at home there is declared here.
        let own = self.scopes.is_home(index, self.next_block);
        let straight = widens(body);
        if straight && own && computes(body) && !hint.in_turn.is_empty() {
            self.in_turn(index, (lo, hi), signed, body, hint);
            return;
        }
        let wide = straight && hint.parallel;
        let known = [lo, hi].iter().all(|text| text.starts_with("UINT64_C"));
        let short = wide && own && !known && body.len() <= MOST;
        if short {
            self.line(&format!("if ({hi} - {lo} < {FEW}) {{"));
            self.indent += 1;
            let (block, temps) = (self.next_block, self.temps);
            self.simple(index, (lo, hi), signed, body, wide, "CT_ONE_BY_ONE");
            (self.next_block, self.temps) = (block, temps);
            self.indent -= 1;
            self.line("} else {");
            self.indent += 1;
        }
        if wide && own && !hint.reductions.is_empty() {
            self.sums(&hint.reductions);
        } else if hint.parallel {
            self.line("CT_PARALLEL");
        }
        self.simple(index, (lo, hi), signed, body, wide, "");
        if short {
            self.indent -= 1;
            self.line("}");
        }
    }
    /// A `for` that starts each iteration with `first`; `wide` if functions are those without branches.
    fn simple(
        &mut self,
        index: Reg,
        (lo, hi): (&str, &str),
        signed: bool,
        body: &Block,
        wide: bool,
        first: &str,
    ) {
        let own = self.scopes.is_home(index, self.next_block);
        if signed && own {
            let t = self.temp();
            self.line(&format!(
                "for (int64_t i{t} = (int64_t){lo}; i{t} < (int64_t){hi}; i{t}++) {{"
            ));
            self.indent += 1;
            self.line(&format!("const uint64_t {index} = (uint64_t)i{t};"));
        } else {
            let test = if signed {
                format!("(int64_t){index} < (int64_t){hi}")
            } else {
                format!("{index} < {hi}")
            };
            let decl = if own { "uint64_t " } else { "" };
            self.line(&format!("for ({decl}{index} = {lo}; {test}; {index}++) {{"));
            self.indent += 1;
        }
        if !first.is_empty() {
            self.line(first);
        }
        let outer = self.exprs.wide.replace(wide);
        self.contents(body, &[index], &[]);
        self.exprs.wide.set(outer);
        self.indent -= 1;
        self.line("}");
    }
    /// A loop that adds terms in order: as many at a time as fit into an array are computed, then added.
    fn in_turn(
        &mut self,
        index: Reg,
        (lo, hi): (&str, &str),
        signed: bool,
        body: &Block,
        hint: &Hint,
    ) {
        let t = self.temp();
        let test = if signed {
            format!("(int64_t)b{t} < (int64_t){hi}")
        } else {
            format!("b{t} < {hi}")
        };
        self.line(&format!("for (uint64_t b{t} = {lo}; {test};) {{"));
        self.indent += 1;
        self.line(&format!(
            "const uint64_t n{t} = {hi} - b{t} < {AT_ONCE} ? {hi} - b{t} : {AT_ONCE};"
        ));
        let mut rest = body.clone();
        let mut terms = Vec::new();
        for &sum in &hint.in_turn {
            let Some((term, at)) = term(&rest, sum) else {
                continue;
            };
            let mut k = 0;
            rest.retain(|_| {
                k += 1;
                !at.contains(&(k - 1))
            });
            let ty = c_type(self.f.regs[sum]);
            self.line(&format!("{ty} x{t}_{sum}[{AT_ONCE}];"));
            terms.push((sum, term));
        }
        if hint.reductions.is_empty() {
            self.line("CT_PARALLEL");
        } else {
            self.sums(&hint.reductions);
        }
        self.line(&format!("for (uint64_t k{t} = 0; k{t} < n{t}; k{t}++) {{"));
        self.indent += 1;
        self.line(&format!("const uint64_t {index} = b{t} + k{t};"));
        let outer = self.exprs.wide.replace(true);
        self.contents(&rest, &[index], &[]);
        self.exprs.wide.set(outer);
        for (sum, term) in &terms {
            let term = self.exprs.opnd(*term);
            self.line(&format!("x{t}_{sum}[k{t}] = {term};"));
        }
        self.indent -= 1;
        self.line("}");
        self.line(&format!("for (uint64_t k{t} = 0; k{t} < n{t}; k{t}++) {{"));
        for (sum, _) in &terms {
            self.line(&format!("  {sum} = {sum} + x{t}_{sum}[k{t}];"));
        }
        self.line("}");
        self.line(&format!("b{t} += n{t};"));
        self.indent -= 1;
        self.line("}");
    }
    /// What says that the next loop's iterations are independent but for sums.
    fn sums(&mut self, regs: &[Reg]) {
        let list: Vec<String> = regs.iter().map(Reg::to_string).collect();
        self.line(&format!("CT_SUMS({})", list.join(", ")));
    }
}

/// Whether a C compiler may compute several iterations of a loop at once: nothing in it leaves it or calls.
fn widens(body: &Block) -> bool {
    body.iter().all(|s| match s {
        Stmt::If(_, a, b) => widens(a) && widens(b),
        s => s.straight().is_some(),
    })
}

/// Whether a body computes functions that are worth computing several at once.
fn computes(body: &Block) -> bool {
    body.iter().any(|s| {
        matches!(
            s,
            Stmt::Set(_, Rv::Un(Un::Math(_), _) | Rv::Bin(Bin::Math(_), ..))
        )
    })
}
