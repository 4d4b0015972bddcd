//! Small functions around others: entries of functions that are called inside the program too, and detours to callbacks.
//!
//! A detour keeps all registers, so that a call in a cold block costs the way past it nothing: no value has to be in memory for it.

use crate::func::clif;
use crate::machine::Unit;
use cotangent_lower::abi::{self, Callback};
use cotangent_lower::lir::FnId;
use cotangent_lower::lir::rt;
use cranelift_codegen::ir::{
    AbiParam, Function, InstBuilder, MemFlagsData, Signature, Value, types,
};
use cranelift_codegen::isa::CallConv;
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

/// Where in the context a detour leaves its callback's result: number 0 is the bytes that could not be had.
pub(crate) const RESULT: i32 = abi::CTX_NUMBERS + 8;

/// The signature of a detour to callbacks like this one: always with the context, without a result.
pub(crate) fn detour_signature(s: &rt::Signature) -> Signature {
    let mut out = Signature::new(CallConv::PreserveAll);
    out.params.push(AbiParam::new(types::I64));
    let params = s.params.iter().map(|&ty| AbiParam::new(clif(ty)));
    out.params.extend(params);
    out
}

/// Fills in the detour to a callback.
pub(crate) fn detour(
    unit: &mut Unit<'_>,
    c: Callback,
    out: &mut Function,
    shared: &mut FunctionBuilderContext,
) {
    let config = unit.module.target_config();
    let mut b = FunctionBuilder::new(out, shared);
    let block = b.create_block();
    b.append_block_params_for_function_params(block);
    b.switch_to_block(block);
    b.seal_block(block);
    let given = b.block_params(block).to_vec();
    let s = c.signature();
    let sig = b.import_signature(callback_signature(unit, &s));
    let address = (unit.addresses)(c) as i64;
    let address = b.ins().iconst(types::I64, address);
    let args = if s.ctx { &given[..] } else { &given[1..] };
    let call = b.ins().call_indirect(sig, address, args);
    if let Some(&v) = b.inst_results(call).first() {
        b.ins().store(MemFlagsData::trusted(), v, given[0], RESULT);
    }
    b.ins().return_(&[]);
    b.finalize(config);
}

/// The signature of callbacks like this one.
pub(crate) fn callback_signature(unit: &Unit<'_>, s: &rt::Signature) -> Signature {
    let mut sig = unit.module.make_signature();
    if s.ctx {
        sig.params.push(AbiParam::new(types::I64));
    }
    let params = s.params.iter().map(|&ty| AbiParam::new(clif(ty)));
    sig.params.extend(params);
    let result = s.result.map(|ty| AbiParam::new(clif(ty)));
    sig.returns.extend(result);
    sig
}
