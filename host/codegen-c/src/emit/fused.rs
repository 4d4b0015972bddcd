//! Products that go into a sum whose order is free: such a sum and its product are one instruction where the machine has it.
//!
//! The sum of a cotangent may be rounded in any way that an order of its terms could lead to; a product that is not rounded before is closer to
//! the exact number. What the user's program adds is never fused.

use cotangent_core::entity::SecondaryMap;
use cotangent_lower::lir::{Bin, Block, Function, Opnd, Reg, Rv, Stmt};
use std::collections::HashMap;

/// For each product that only such a sum in the same block reads: its factors.
pub(super) fn products(f: &Function) -> HashMap<Reg, (Opnd, Opnd)> {
    let mut uses: SecondaryMap<Reg, (u32, u32)> = SecondaryMap::new();
    let mut read = |a: Opnd| {
        if let Opnd::Reg(r) = a {
            uses[r].0 += 1;
        }
    };
    f.results.iter().copied().for_each(&mut read);
    for s in &f.body {
        s.visit(&mut |s| s.operands(&mut read));
    }
    for s in &f.body {
        s.visit(&mut |s| s.results(&mut |r| uses[r].1 += 1));
    }
    let mut out = HashMap::new();
    block(&f.body, &uses, &mut out);
    out
}

fn block(b: &Block, uses: &SecondaryMap<Reg, (u32, u32)>, out: &mut HashMap<Reg, (Opnd, Opnd)>) {
    let mut products: HashMap<Reg, (Opnd, Opnd)> = HashMap::new();
    for s in b {
        if let Stmt::Set(r, rv) = s {
            match *rv {
                Rv::Bin(Bin::Accumulate, _, Opnd::Reg(m))
                | Rv::Bin(Bin::Accumulate, Opnd::Reg(m), _)
                    if products.contains_key(&m) =>
                {
                    out.extend(products.remove_entry(&m));
                }
                _ => {}
            }
            // A factor that is set again is no longer what the product was made of.
            products.retain(|_, (x, y)| *x != Opnd::Reg(*r) && *y != Opnd::Reg(*r));
            if let Rv::Bin(Bin::Mul, x, y) = *rv
                && uses[*r] == (1, 1)
            {
                products.insert(*r, (x, y));
            }
            continue;
        }
        s.visit(&mut |s| {
            s.results(&mut |r| {
                products.retain(|_, (x, y)| *x != Opnd::Reg(r) && *y != Opnd::Reg(r));
            });
        });
        for inner in s.blocks() {
            block(inner, uses, out);
        }
    }
}
