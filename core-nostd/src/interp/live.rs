//! Finds the last use of every register, so that arrays nobody else holds are updated in place.
//!
//! Backward liveness over basic blocks of steps, of the registers that may hold memory. Three things make sure that no
//! stale reference keeps an array shared: an operand at its last use is marked, and moved or let go there; a result that
//! nobody reads is dropped right after it is made; and what is live on one way out of a block but not on another is
//! dropped at the start of that other way.
//!
//! Cost: one scan to find the registers that are live across blocks, a worklist over blocks with bit sets of only those,
//! and one scan to mark.

use super::plan::{Code, List, Plan, Reg, Step, append};
use crate::ir::Op;
use alloc::vec;
use alloc::vec::Vec;

/// Marks last uses, inserts drops, leaves out constants nobody reads, and resolves labels to step numbers.
pub(super) fn finish(plan: Plan) -> Code {
    let Plan {
        mut code,
        labels,
        heap,
    } = plan;
    let blocks = Blocks::new(&code, &labels);
    let live = Liveness::new(&code, &blocks, &heap);
    let marks = mark(&mut code, &blocks, &live, &heap);
    rebuild(code, &labels, marks)
}

/// The basic blocks of a function: where they start and where they go.
struct Blocks {
    /// First step of each block, and the end of the last.
    starts: Vec<usize>,
    succs: Vec<Vec<usize>>,
    preds: Vec<Vec<usize>>,
}

impl Blocks {
    fn new(code: &Code, labels: &[u32]) -> Blocks {
        let n = code.steps.len();
        let mut leader = vec![false; n + 1];
        leader[0] = true;
        for &l in labels {
            if let Some(b) = leader.get_mut(l as usize) {
                *b = true;
            }
        }
        for (i, s) in code.steps.iter().enumerate() {
            if !s.falls_through() || s.clone().target_mut().is_some() {
                leader[i + 1] = true;
            }
        }
        let starts: Vec<usize> = (0..n).filter(|&i| leader[i]).chain([n]).collect();
        let count = starts.len() - 1;
        let block_at = |step: u32| starts[..count].binary_search(&(step as usize)).ok();
        let mut succs = vec![Vec::new(); count];
        let mut preds = vec![Vec::new(); count];
        for b in 0..count {
            let last = code.steps[starts[b + 1] - 1];
            let mut to: Vec<usize> = Vec::new();
            if last.falls_through() && b + 1 < count {
                to.push(b + 1);
            }
            if let Some(&mut l) = last.clone().target_mut() {
                to.extend(block_at(labels[l as usize]));
            }
            if let Step::Switch { targets, .. } = last {
                let targets = &code.lists[targets.range()];
                to.extend(targets.iter().filter_map(|&l| block_at(labels[l as usize])));
            }
            to.sort_unstable();
            to.dedup();
            for &s in &to {
                preds[s].push(b);
            }
            succs[b] = to;
        }
        Blocks {
            starts,
            succs,
            preds,
        }
    }
    fn len(&self) -> usize {
        self.succs.len()
    }
    fn steps(&self, b: usize) -> core::ops::Range<usize> {
        self.starts[b]..self.starts[b + 1]
    }
}

/// A set of small numbers.
#[derive(Clone, PartialEq)]
struct BitSet(Vec<u64>);

impl BitSet {
    fn new(n: usize) -> BitSet {
        BitSet(vec![0; n.div_ceil(64)])
    }
    fn insert(&mut self, i: u32) {
        self.0[i as usize / 64] |= 1 << (i % 64);
    }
    fn contains(&self, i: u32) -> bool {
        self.0[i as usize / 64] >> (i % 64) & 1 != 0
    }
    /// Adds all of `other`; whether that changed anything.
    fn union(&mut self, other: &BitSet) -> bool {
        let mut changed = false;
        for (a, b) in self.0.iter_mut().zip(&other.0) {
            changed |= *b & !*a != 0;
            *a |= b;
        }
        changed
    }
    fn iter(&self) -> impl Iterator<Item = u32> + '_ {
        self.0.iter().enumerate().flat_map(|(k, &w)| {
            (0..64)
                .filter(move |b| w >> b & 1 != 0)
                .map(move |b| k as u32 * 64 + b)
        })
    }
}

/// Which registers are live where blocks meet. Only registers that some block reads before writing are numbered.
struct Liveness {
    /// The numbered registers.
    regs: Vec<Reg>,
    live_in: Vec<BitSet>,
    live_out: Vec<BitSet>,
}

impl Liveness {
    fn new(code: &Code, blocks: &Blocks, heap: &[bool]) -> Liveness {
        const NONE: u32 = u32::MAX;
        let mut number = vec![NONE; heap.len()];
        let mut regs: Vec<Reg> = Vec::new();
        // Which block wrote a register last, in the scan.
        let mut written = vec![usize::MAX; heap.len()];
        let mut upward: Vec<Vec<u32>> = vec![Vec::new(); blocks.len()];
        for (b, upward) in upward.iter_mut().enumerate() {
            for s in &code.steps[blocks.steps(b)] {
                for &(r, _) in &code.args[s.uses().range()] {
                    if heap[r as usize] && written[r as usize] != b {
                        let k = &mut number[r as usize];
                        if *k == NONE {
                            *k = regs.len() as u32;
                            regs.push(r);
                        }
                        upward.push(*k);
                    }
                }
                for &r in &code.lists[s.defs().range()] {
                    written[r as usize] = b;
                }
            }
        }
        let empty = BitSet::new(regs.len());
        let mut kill = vec![empty.clone(); blocks.len()];
        let mut live_in = vec![empty.clone(); blocks.len()];
        let mut live_out = vec![empty; blocks.len()];
        for b in 0..blocks.len() {
            for s in &code.steps[blocks.steps(b)] {
                for &r in &code.lists[s.defs().range()] {
                    if number[r as usize] != NONE {
                        kill[b].insert(number[r as usize]);
                    }
                }
            }
            for &k in &upward[b] {
                live_in[b].insert(k);
            }
        }
        let mut work: Vec<usize> = (0..blocks.len()).collect();
        let mut queued = vec![true; blocks.len()];
        while let Some(b) = work.pop() {
            queued[b] = false;
            let mut out = core::mem::replace(&mut live_out[b], BitSet(Vec::new()));
            for &s in &blocks.succs[b] {
                out.union(&live_in[s]);
            }
            let mut through = out.clone();
            for (t, k) in through.0.iter_mut().zip(&kill[b].0) {
                *t &= !k;
            }
            live_out[b] = out;
            if live_in[b].union(&through) {
                for &p in &blocks.preds[b] {
                    if !queued[p] {
                        queued[p] = true;
                        work.push(p);
                    }
                }
            }
        }
        Liveness {
            regs,
            live_in,
            live_out,
        }
    }
}

/// What [`rebuild`] inserts and leaves out.
struct Marks {
    /// Registers to drop before a step, by step, ascending.
    before: Vec<(usize, Vec<Reg>)>,
    /// Registers to drop after a step: results nobody reads.
    after: Vec<(usize, Vec<Reg>)>,
    /// Steps to leave out.
    skip: Vec<bool>,
}

/// Sets the last-use flags of all operands and finds the drops.
fn mark(code: &mut Code, blocks: &Blocks, live: &Liveness, heap: &[bool]) -> Marks {
    let mut marks = Marks {
        before: Vec::new(),
        after: Vec::new(),
        skip: vec![false; code.steps.len()],
    };
    for b in 0..blocks.len() {
        let mut dead = BitSet::new(live.regs.len());
        for &p in &blocks.preds[b] {
            dead.union(&live.live_out[p]);
        }
        let mut drops: Vec<Reg> = dead
            .iter()
            .filter(|&k| !live.live_in[b].contains(k))
            .map(|k| live.regs[k as usize])
            .collect();
        if b == 0 {
            let read: Vec<Reg> = live.live_in[0]
                .iter()
                .map(|k| live.regs[k as usize])
                .collect();
            let params = 0..code.params.len() as Reg;
            drops.extend(params.filter(|r| heap[*r as usize] && !read.contains(r)));
        }
        if !drops.is_empty() {
            marks.before.push((blocks.starts[b], drops));
        }
    }
    let mut is_live = vec![false; heap.len()];
    for b in 0..blocks.len() {
        // What this block made live, to be forgotten at its end.
        let mut touched: Vec<Reg> = live.live_out[b]
            .iter()
            .map(|k| live.regs[k as usize])
            .collect();
        for &r in &touched {
            is_live[r as usize] = true;
        }
        for i in blocks.steps(b).rev() {
            let step = code.steps[i];
            let unread: Vec<Reg> = code.lists[step.defs().range()]
                .iter()
                .copied()
                .filter(|&r| heap[r as usize] && !is_live[r as usize])
                .collect();
            for &r in &code.lists[step.defs().range()] {
                is_live[r as usize] = false;
            }
            if !unread.is_empty() {
                if matches!(step, Step::Eval { op, .. } if matches!(code.ops[op as usize], Op::Const(_)))
                {
                    marks.skip[i] = true;
                    continue;
                }
                marks.after.push((i, unread));
            }
            let mut any = false;
            for (r, last) in code.args[step.uses().range()].iter_mut().rev() {
                let live = &mut is_live[*r as usize];
                *last = heap[*r as usize] && !*live;
                if *last {
                    any = true;
                    *live = true;
                    touched.push(*r);
                }
            }
            if let Step::Eval { clears, .. } = &mut code.steps[i] {
                *clears = any;
            }
        }
        for r in touched {
            is_live[r as usize] = false;
        }
    }
    marks.after.sort_unstable_by_key(|(i, _)| *i);
    marks
}

/// Inserts the drops, leaves out what is to be skipped, and makes targets step numbers.
fn rebuild(mut code: Code, labels: &[u32], marks: Marks) -> Code {
    let old = core::mem::take(&mut code.steps);
    let old_spans = core::mem::take(&mut code.spans);
    let mut position = Vec::with_capacity(old.len() + 1);
    let mut before = marks.before.into_iter().peekable();
    let mut after = marks.after.into_iter().peekable();
    let drop_list = |code: &mut Code, regs: Vec<Reg>, span| {
        let out: List = append(&mut code.lists, regs);
        code.steps.push(Step::Drop { out });
        code.spans.push(span);
    };
    for (i, (step, span)) in old.into_iter().zip(old_spans).enumerate() {
        position.push(code.steps.len() as u32);
        if let Some((_, regs)) = before.next_if(|(k, _)| *k == i) {
            drop_list(&mut code, regs, span);
        }
        if !marks.skip[i] {
            code.steps.push(step);
            code.spans.push(span);
        }
        if let Some((_, regs)) = after.next_if(|(k, _)| *k == i) {
            drop_list(&mut code, regs, span);
        }
    }
    position.push(code.steps.len() as u32);
    let resolve = |l: u32| {
        let step = labels.get(l as usize).copied().unwrap_or_default() as usize;
        position.get(step).copied().unwrap_or(u32::MAX)
    };
    for step in &mut code.steps {
        if let Some(t) = step.target_mut() {
            *t = resolve(*t);
        }
        if let Step::Switch { targets, .. } = step {
            for t in &mut code.lists[targets.range()] {
                *t = resolve(*t);
            }
        }
    }
    code
}
