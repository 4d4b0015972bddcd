//! Where what follows a convolution ends.
//!
//! A bias is added to a convolution's result and a function taken of each element, and the next convolution reads that. XLA may compute these
//! when the first writes its result, once an element, or again for every window of the second that reads one; it often does the latter, which
//! on a TPU also keeps the result in single precision where the second reads `bf16`. A barrier behind the last of them leaves no choice: VGG19
//! forward on a batch of 100 moves 8.3 GB instead of 11.7 GB or, where it is a maximum, 15.1 GB.
//!
//! Invariant: only what nothing else reads has one. In a training step the reverse pass reads these too, and XLA's choice is the better one.
//! Products of matrices have none: measured, it is a gain on one TPU and a loss on another.

use super::control::is_elementwise;
use cotangent_core::entity::{SecondaryMap, Value};
use cotangent_core::ir::{Func, Op, WindowOp};
use std::collections::{HashMap, HashSet};

/// What an instruction is to an epilogue.
enum Part {
    /// It may have one.
    Convolution,
    /// It reads windows.
    Window,
    /// It may be in one.
    Elementwise,
    Other,
}

fn part(op: &Op) -> Part {
    match op {
        Op::Window(w) => match w {
            WindowOp::Convolution(_)
            | WindowOp::ConvolutionLhs(..)
            | WindowOp::ConvolutionRhs(..) => Part::Convolution,
            WindowOp::Reduce(..) => Part::Window,
            WindowOp::Spread(..)
            | WindowOp::SelectAndScatter(..)
            | WindowOp::SelectAndGather(..) => Part::Other,
        },
        op if is_elementwise(op) => Part::Elementwise,
        Op::Const(_)
        | Op::Unary(_)
        | Op::Binary(_)
        | Op::Ternary(_)
        | Op::Convert(_)
        | Op::Compare(_)
        | Op::Place(_)
        | Op::Array(_)
        | Op::Shape(_)
        | Op::Index(_)
        | Op::Reduce(_)
        | Op::Sort(_)
        | Op::Dot(_)
        | Op::Random(_)
        | Op::Linalg(_)
        | Op::Fft(_)
        | Op::Tangent(_)
        | Op::Control(_)
        | Op::Effect(_)
        | Op::Slot(_) => Part::Other,
    }
}

/// The values of a function that end what follows a convolution, and that windows are read of.
pub(super) fn ends(f: &Func) -> HashSet<Value> {
    let mut read = Vec::new();
    f.visit(f.body, &mut |_, d| match part(&d.op) {
        Part::Convolution | Part::Window => read.extend(d.args.iter().copied()),
        Part::Elementwise | Part::Other => {}
    });
    if read.is_empty() {
        return HashSet::new();
    }
    let uses = f.uses();
    read.retain(|&v| uses[v] == 1 && follows(f, &uses, v));
    read.into_iter().collect()
}

/// Whether a value is made, element by element, of a convolution's result, and nothing else reads that or what is between.
fn follows(f: &Func, uses: &SecondaryMap<Value, u32>, end: Value) -> bool {
    let elementwise = |v: Value| {
        let d = &f.insts[f.def_inst(v)?];
        matches!(part(&d.op), Part::Elementwise).then_some(d)
    };
    let mut seen: HashMap<Value, u32> = HashMap::new();
    let mut open: Vec<_> = elementwise(end).into_iter().collect();
    while let Some(d) = open.pop() {
        for &v in &d.args {
            let n = seen.entry(v).or_default();
            *n += 1;
            if *n < uses[v] {
                continue;
            }
            let Some(made) = f.def_inst(v) else { continue };
            match part(&f.insts[made].op) {
                Part::Convolution => return true,
                Part::Elementwise => open.push(&f.insts[made]),
                Part::Window | Part::Other => {}
            }
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;
    use cotangent_core::text::parse;

    const CONVOLUTION: &str = "convolution[b, 0, f]x[0, i, o]->[b, 0, f]";

    /// How many ends there are in a function of an image, a kernel and a bias that begins with their convolution and its bias, `a`.
    fn ends_in(body: &str) -> usize {
        let text = format!(
            "cotangent 1\n\nfunc @f(x: f32[1,4,1], k: f32[1,1,1], b: f32[1,4,1]) -> (f32[1,4,1]) {{
  c = {CONVOLUTION} x, k : f32[1,4,1]
  a = add c, b : f32[1,4,1]
{body}\n}}\n"
        );
        let m = parse(&text).unwrap_or_else(|e| panic!("{}", e.render(&text)));
        ends(m.funcs.values().next().unwrap()).len()
    }

    #[test]
    fn only_what_nothing_else_reads() {
        let again = |v| format!("  y = {CONVOLUTION} {v}, k : f32[1,4,1]\n  return y");
        let both = "  p = le a, b : bool[1,4,1]\n  r = select p, b, a : f32[1,4,1]\n";
        assert_eq!(ends_in(&again("a")), 1);
        assert_eq!(ends_in(&format!("{both}{}", again("r"))), 1);
        let max = "  y = reduce_window_max[1, 1, 1] a : f32[1,4,1]\n  return y";
        assert_eq!(ends_in(max), 1);
        // The function's result; what is read twice; a part of it that is.
        assert_eq!(ends_in("  return a"), 0);
        for (before, v) in [("", "a"), (both, "r")] {
            let more = again(v).replace("return y", "z = add a, y : f32[1,4,1]\n  return z");
            assert_eq!(ends_in(&format!("{before}{more}")), 0);
        }
        // No convolution before it; none between two.
        assert_eq!(
            ends_in(&format!("  s = sine x : f32[1,4,1]\n{}", again("s"))),
            0
        );
        assert_eq!(ends_in(&again("c")), 0);
    }
}
