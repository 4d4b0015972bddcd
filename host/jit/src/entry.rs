//! Entries of functions that others call too: leaves from slots into registers, the call, results back into slots.

use crate::func::clif;
use crate::machine::Unit;
use cotangent_lower::lir::FnId;
use cranelift_codegen::ir::{Function, InstBuilder, MemFlagsData, Value};
use cranelift_frontend::{FunctionBuilder, FunctionBuilderContext};
use cranelift_module::{FuncId, Module};

/// Fills in the entry of function `id`, which is `inner` inside the program.
pub(crate) fn translate(
    unit: &mut Unit<'_>,
    id: FnId,
    inner: FuncId,
    out: &mut Function,
    shared: &mut FunctionBuilderContext,
) {
    let f = &unit.program.funcs[id];
    let config = unit.module.target_config();
    let mut b = FunctionBuilder::new(out, shared);
    let block = b.create_block();
    b.append_block_params_for_function_params(block);
    b.switch_to_block(block);
    b.seal_block(block);
    let [ctx, args, results] = *b.block_params(block) else {
        unreachable!("an entry has three parameters")
    };
    let flags = MemFlagsData::trusted();
    let mut values = vec![ctx];
    for (i, &r) in f.params.iter().enumerate() {
        values.push(b.ins().load(clif(f.regs[r]), flags, args, 8 * i as i32));
    }
    let callee = unit.module.declare_func_in_func(inner, b.func);
    let call = b.ins().call(callee, &values);
    let returned: Vec<Value> = b.inst_results(call).to_vec();
    for (i, &v) in returned[1..].iter().enumerate() {
        b.ins().store(flags, v, results, 8 * i as i32);
    }
    b.ins().return_(&returned[..1]);
    b.finalize(config);
}
