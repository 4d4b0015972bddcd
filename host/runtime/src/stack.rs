//! How much of the host's stack compiled functions may need, and how they get it.
//!
//! Functions that may call themselves check the stack pointer against a limit on entry; all others call each other in a fixed pattern,
//! whose depth is known. What a frame takes is estimated generously from the number of registers.
//!
//! Invariant: a function is entered only with room for its estimate plus [`MARGIN`], which callbacks use.

use cotangent_core::entity::Entity;
use cotangent_core::interp::Limits;
use cotangent_lower::lir::{FnId, Function, Program, Stmt};

/// What callbacks and signal handlers may use.
const MARGIN: usize = 256 << 10;
/// Functions that need at most this are entered without looking at the stack.
const LITTLE: usize = 32 << 10;
/// The most that a stack is made of.
const MOST: usize = 1 << 30;

/// What a function needs when it is called from outside.
#[derive(Copy, Clone, PartialEq, Eq, Debug, Default)]
pub(crate) struct Need {
    /// Bytes of the deepest chain of calls, up to functions that check for themselves.
    chain: usize,
    /// Whether such a function is among those called.
    recursive: bool,
    /// The largest chain from such a function to others.
    step: usize,
}

/// How to enter a function.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
enum Entry {
    /// On the stack as it is; the stack pointer must not go below the limit.
    Here(usize),
    /// On a new stack of so many bytes; the limit is so many bytes above its end.
    Grow(usize, usize),
}

impl Need {
    /// Whether it is entered without looking at the stack.
    pub(crate) fn is_little(&self) -> bool {
        !self.recursive && self.chain <= LITTLE
    }
    /// Whether it may call itself, or calls what does.
    pub(crate) fn is_recursive(&self) -> bool {
        self.recursive
    }
    /// Runs a call of the function, giving it the address that the stack pointer must not go below; `None` if there is no memory for a stack.
    /// `deep`: not on a stack that is short, as that has been tried.
    pub(crate) fn run<R>(
        &self,
        limits: &Limits,
        deep: bool,
        call: impl FnOnce(usize) -> R,
    ) -> Option<R> {
        match self.entry(limits, deep) {
            Entry::Here(stack) => Some(call(stack)),
            Entry::Grow(bytes, zone) => on_new(bytes, zone, call),
        }
    }
    /// As [`run`](Self::run), without a look at the stack if little is needed: only where runs cannot pile up on one another.
    #[inline]
    pub(crate) fn run_lightly<R>(
        &self,
        limits: &Limits,
        deep: bool,
        call: impl FnOnce(usize) -> R,
    ) -> Option<R> {
        if self.is_little() {
            return Some(call(0));
        }
        self.run(limits, deep, call)
    }
    /// Where to run.
    fn entry(&self, limits: &Limits, deep: bool) -> Entry {
        let zone = self.step.max(self.chain) + MARGIN;
        let here = 0u8;
        let top = (&raw const here).addr();
        let left = stacker::remaining_stack().unwrap_or(0);
        if !deep && left > zone.saturating_add(MARGIN) {
            return Entry::Here(top - left + zone);
        }
        let deepest = if self.recursive {
            // The estimate is generous for most functions; the check on entry covers the others.
            usize::try_from(limits.depth)
                .unwrap_or(usize::MAX)
                .saturating_mul(self.step.max(1))
                .min(usize::try_from(limits.stack_bytes).unwrap_or(usize::MAX))
                .min(MOST)
        } else {
            0
        };
        Entry::Grow(deepest.saturating_add(2 * zone), zone)
    }
}

/// Runs `f` on a new stack, giving it the address that the stack pointer must not go below; `None` if there is no memory for the stack.
fn on_new<R>(bytes: usize, zone: usize, f: impl FnOnce(usize) -> R) -> Option<R> {
    let mut f = Some(f);
    let mut result = None;
    let outcome = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        stacker::grow(bytes, || {
            let here = 0u8;
            let top = (&raw const here).addr();
            let left = stacker::remaining_stack().unwrap_or(bytes);
            if let Some(f) = f.take() {
                result = Some(f(top - left.min(bytes) + zone));
            }
        });
    }));
    outcome.ok().and(result)
}

/// What each function needs.
pub(crate) fn needs(program: &Program) -> Vec<Need> {
    let n = program.funcs.len();
    let callees: Vec<Vec<FnId>> = program.funcs.values().map(calls).collect();
    let frame = |f: &Function| 1024 + 16 * f.regs.len();
    // Chains of functions that cannot call themselves, callees first; no host recursion.
    let mut chain: Vec<Option<usize>> = vec![None; n];
    for root in program.funcs.keys() {
        let mut path = vec![root];
        while let Some(&f) = path.last() {
            let open = callees[f.index()]
                .iter()
                .find(|g| chain[g.index()].is_none() && program.funcs[**g].recursive.is_none());
            match open {
                Some(&g) if path.len() <= n => path.push(g),
                Some(_) | None => {
                    let below = callees[f.index()]
                        .iter()
                        .filter(|g| program.funcs[**g].recursive.is_none());
                    let below = below.filter_map(|g| chain[g.index()]).max().unwrap_or(0);
                    chain[f.index()] = Some(frame(&program.funcs[f]).saturating_add(below));
                    path.pop();
                }
            }
        }
    }
    let chains: Vec<usize> = chain.into_iter().map(|c| c.unwrap_or(0)).collect();
    // Which functions reach one that may call itself: marks spread to callers.
    let mut callers = vec![Vec::new(); n];
    for (f, list) in callees.iter().enumerate() {
        for g in list {
            callers[g.index()].push(f);
        }
    }
    let mut reaches: Vec<bool> = program
        .funcs
        .values()
        .map(|f| f.recursive.is_some())
        .collect();
    let mut todo: Vec<usize> = (0..n).filter(|&f| reaches[f]).collect();
    let step = todo.iter().map(|&f| chains[f]).max().unwrap_or(0);
    while let Some(g) = todo.pop() {
        for &f in &callers[g] {
            if !reaches[f] {
                reaches[f] = true;
                todo.push(f);
            }
        }
    }
    (0..n)
        .map(|f| Need {
            chain: chains[f],
            recursive: reaches[f],
            step,
        })
        .collect()
}

/// The functions that a function calls.
fn calls(f: &Function) -> Vec<FnId> {
    let mut found = Vec::new();
    for s in &f.body {
        s.visit(&mut |s| {
            if let Stmt::Call(g, ..) | Stmt::Split { func: g, .. } | Stmt::Ahead { func: g, .. } = s
            {
                found.push(*g);
            }
        });
    }
    found.sort_unstable();
    found.dedup();
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use cotangent_core::entity::PrimaryMap;
    use cotangent_lower::lir::{Site, Ty};

    fn function(name: &str, calls: &[u32], recursive: bool, regs: usize) -> Function {
        let mut f = Function {
            name: name.into(),
            regs: PrimaryMap::default(),
            params: Vec::new(),
            results: Vec::new(),
            result_types: Vec::new(),
            body: vec![Stmt::If(
                cotangent_lower::lir::Opnd::bool(true),
                calls
                    .iter()
                    .map(|&g| Stmt::Call(FnId(g), Vec::new(), Vec::new()))
                    .collect(),
                Vec::new(),
            )],
            recursive: recursive.then_some(Site(0)),
        };
        for _ in 0..regs {
            f.regs.push(Ty::I64);
        }
        f
    }

    fn program(funcs: Vec<Function>) -> Program {
        let mut p = Program::default();
        for f in funcs {
            p.funcs.push(f);
        }
        p
    }

    #[test]
    fn chains_add_up_and_end_at_recursive_functions() {
        let p = program(vec![
            function("a", &[1, 2], false, 0),
            function("b", &[2], false, 64),
            function("c", &[], false, 0),
            function("r", &[3, 1], true, 0),
            function("s", &[3], false, 0),
        ]);
        let n = needs(&p);
        assert_eq!(n[2].chain, 1024);
        assert_eq!(n[1].chain, 3072);
        assert_eq!(n[0].chain, 4096);
        assert_eq!((n[3].chain, n[3].recursive), (4096, true));
        assert_eq!((n[4].chain, n[4].recursive), (1024, true));
        assert!(n[..3].iter().all(|x| !x.recursive && x.step == 4096));
        assert_eq!(
            n[0].run_lightly(&Limits::default(), false, |stack| stack),
            Some(0)
        );
        assert!(n[0].run(&Limits::default(), false, |stack| stack > 0) == Some(true));
    }

    #[test]
    fn a_long_chain_of_functions_gets_a_stack_of_its_own() {
        let n = 20_000;
        let funcs = (0..n).map(|k| {
            let next: &[u32] = if k + 1 < n { &[k + 1] } else { &[] };
            function("f", next, false, 0)
        });
        let p = program(funcs.collect());
        let needs = needs(&p);
        assert_eq!(needs[0].chain, 1024 * n as usize);
        let Entry::Grow(bytes, zone) = needs[0].entry(&Limits::default(), true) else {
            panic!("{:?}", needs[0]);
        };
        assert!(bytes > needs[0].chain && zone > needs[0].chain);
    }

    #[test]
    fn a_new_stack_has_the_room_it_says() {
        let here = 0u8;
        let outside = (&raw const here).addr();
        let used = on_new(4 << 20, 1 << 20, |limit| {
            let here = 0u8;
            let inside = (&raw const here).addr();
            assert!(inside > limit && inside - limit < 4 << 20);
            inside - limit
        });
        assert!(used.is_some_and(|u| u > 2 << 20));
        let n = Need {
            chain: 1,
            recursive: true,
            step: 100,
        };
        match n.entry(&Limits::default(), false) {
            Entry::Here(limit) => assert!(limit < outside),
            Entry::Grow(..) => {}
        }
        assert!(matches!(n.entry(&Limits::default(), true), Entry::Grow(..)));
    }
}
