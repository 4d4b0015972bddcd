//! What the runtime needs of a program while it runs: layouts of elements, operations left to the interpreter, and how values are moved.

use crate::ahead::Called;
use crate::constants::Constants;
use crate::marshal::Plan;
use crate::split::Part;
use cotangent_core::ir::Op;
use cotangent_core::ir::Type;
use cotangent_lower::layout::{Leaf, leaves, memory_layout};
use cotangent_lower::lir::{self, Layout};

/// An operation left to the interpreter.
#[derive(Debug)]
pub(crate) struct Eval {
    pub(crate) op: Op,
    pub(crate) args: Vec<Plan>,
    pub(crate) results: Vec<Plan>,
    pub(crate) result_types: Vec<Type>,
    pub(crate) site: u64,
}

/// A function's boundary.
#[derive(Debug)]
pub(crate) struct Signature {
    pub(crate) name: String,
    pub(crate) params: Vec<(Type, Plan)>,
    pub(crate) results: Vec<Plan>,
    /// The words of all parameters, and of all results.
    pub(crate) words: (usize, usize),
    /// Which words of the results are blocks.
    pub(crate) blocks: Vec<usize>,
    /// Which words of the parameters are.
    pub(crate) taken: Vec<usize>,
    /// Whether parameters and results are scalars and records of such.
    pub(crate) flat: bool,
}

/// What callbacks need of the program.
///
/// Invariant: the first layouts are the program's, by their numbers; those of the boundary that the program lacks follow.
#[derive(Debug, Default)]
pub(crate) struct Tables {
    pub(crate) layouts: Vec<Layout>,
    pub(crate) evals: Vec<Eval>,
    pub(crate) signatures: Vec<Signature>,
    /// The functions that run ranges of loops, by number; filled in when there is code.
    pub(crate) parts: Vec<Option<Part>>,
    /// The functions that are called ahead, likewise.
    pub(crate) calls: Vec<Option<Called>>,
    /// The constant arrays.
    pub(crate) constants: Constants,
}

impl Tables {
    pub(crate) fn new(program: &lir::Program) -> Tables {
        let mut t = Tables {
            layouts: program.layouts.values().cloned().collect(),
            constants: Constants::new(program),
            ..Tables::default()
        };
        for (f, (params, results)) in program.funcs.values().zip(&program.signatures) {
            let blocks = |types: &[Type]| -> Vec<usize> {
                let all = types.iter().flat_map(leaves).enumerate();
                all.filter(|(_, leaf)| *leaf == Leaf::Block)
                    .map(|(k, _)| k)
                    .collect()
            };
            let (taken, blocks) = (blocks(params), blocks(results));
            let params: Vec<(Type, Plan)> = params
                .iter()
                .map(|ty| (ty.clone(), Plan::new(ty, &mut t)))
                .collect();
            let results: Vec<Plan> = results.iter().map(|ty| Plan::new(ty, &mut t)).collect();
            let signature = Signature {
                name: f.name.clone(),
                words: (
                    params.iter().map(|p| p.1.words()).sum(),
                    results.iter().map(Plan::words).sum(),
                ),
                flat: params.iter().map(|p| &p.1).chain(&results).all(Plan::flat),
                params,
                results,
                blocks,
                taken,
            };
            t.signatures.push(signature);
        }
        for e in program.evals.values() {
            let eval = Eval {
                op: e.op.clone(),
                args: e.args.iter().map(|ty| Plan::new(ty, &mut t)).collect(),
                results: e.results.iter().map(|ty| Plan::new(ty, &mut t)).collect(),
                result_types: e.results.clone(),
                site: u64::from(e.site.0),
            };
            t.evals.push(eval);
        }
        t
    }
    /// The number of the layout of values of that type in memory.
    pub(crate) fn layout_of(&mut self, ty: &Type) -> u32 {
        let want = memory_layout(ty);
        let found = self.layouts.iter().position(|l| *l == want);
        let at = found.unwrap_or_else(|| {
            self.layouts.push(want);
            self.layouts.len() - 1
        });
        at as u32
    }
}
