//! What a twin does with functions of the host: calls of opaque functions, values and cotangents shown on their way, and derivatives
//! that are left out.

use super::call::Call;
use super::staged::{Staged, leaves, types};
use super::stager::B;
use crate::entity::Value;
use crate::ir::{Builder, CustomRule, EffectOp, HostCall, HostFn, TangentOp, Type, UnaryOp};
use alloc::string::String;
use alloc::vec::Vec;

impl<'b> Call<'b> {
    /// Ends a call of a function of the host: as [`end`](Call::end), with what it computes.
    pub fn end_host<R: Staged<'b>>(&mut self, name: &str, func: HostFn) -> R {
        self.emit(|b, args, tys| {
            let call = HostCall {
                name: name.into(),
                results: tys.to_vec(),
                func,
            };
            b.ops(EffectOp::Host(call), args)
        })
    }
}

/// `debug::value(name, x)`: gives the leaves of `x` to the host.
pub fn show_value<'b, P: Staged<'b>>(b: B<'b>, x: P, name: &str, func: HostFn) -> P {
    show(&mut b.ir(), &leaves(&x), name, func);
    x
}

/// `debug::cotangent(name, x)`: gives the cotangents of the leaves of `x` that have a tangent space to the host.
pub fn show_cotangent<'b, P: Staged<'b>>(b: B<'b>, x: P, name: &str, func: HostFn) -> P {
    pass(b, x, "shown", |f, cts| {
        show(f, cts, name, func);
        cts.to_vec()
    })
}

fn show(b: &mut Builder, args: &[Value], name: &str, func: HostFn) {
    let call = HostCall {
        name: name.into(),
        results: Vec::new(),
        func,
    };
    b.inst(EffectOp::Host(call), args);
}

/// `x`, whose cotangents go through what `rule` emits.
pub(super) fn pass<'b, P: Staged<'b>>(
    b: B<'b>,
    x: P,
    what: &str,
    rule: impl FnOnce(&mut Builder, &[Value]) -> Vec<Value>,
) -> P {
    let tys = types::<P>();
    let span = b.ir().span();
    let rule = b.add_func(|name| {
        // The rule takes the value and the cotangent.
        let smooth = tys.iter().filter(|t| t.has_tangent()).map(Type::tangent);
        let params: Vec<Type> = tys.iter().cloned().chain(smooth).collect();
        let mut f = Builder::new(name(&alloc::format!("{what}.vjp")), &params);
        f.set_span(span);
        let cts = f.params()[tys.len()..].to_vec();
        let out = rule(&mut f, &cts);
        f.finish(&out)
    });
    identity(b, x, what, rule.map(CustomRule::Vjp))
}

/// `x` through a function that gives it back and has a rule.
fn identity<'b, P: Staged<'b>>(b: B<'b>, x: P, what: &str, rule: Option<CustomRule>) -> P {
    let tys = types::<P>();
    let made = rule.and_then(|rule| {
        b.add_func(|name| {
            let f = Builder::new(name(what), &tys);
            let params = f.params();
            let mut f = f.finish(&params)?;
            f.rule = Some(rule);
            Ok(f)
        })
    });
    match made {
        Some(f) => {
            let out = b.ir().call(f, &leaves(&x), &tys);
            P::take(b, &mut out.iter())
        }
        None => x,
    }
}

/// The value, without its derivative.
pub fn stop_gradient<'b, P: Staged<'b>>(b: B<'b>, x: P) -> P {
    let tys = types::<P>();
    if tys
        .iter()
        .all(|t| t.as_tensor().is_some() || !t.has_tangent())
    {
        let stop = |(&v, t): (&Value, &Type)| match t.has_tangent() {
            true => b.op(UnaryOp::StopGradient, &[v]),
            false => v,
        };
        let vs: Vec<Value> = leaves(&x).iter().zip(&tys).map(stop).collect();
        return P::take(b, &mut vs.iter());
    }
    // The op is of tensors; of anything else the derivative is the zero of its structure.
    let rule = b.add_func(|name: &dyn Fn(&str) -> String| {
        let smooth: Vec<usize> = (0..tys.len()).filter(|&i| tys[i].has_tangent()).collect();
        let tangents = smooth.iter().map(|&i| tys[i].tangent());
        let params: Vec<Type> = tys.iter().cloned().chain(tangents).collect();
        let mut f = Builder::new(name("stopped.jvp"), &params);
        let mut out = f.params()[..tys.len()].to_vec();
        for i in smooth {
            let zero = f.inst1(TangentOp::ZerosLike, &[out[i]]);
            out.push(zero);
        }
        f.finish(&out)
    });
    identity(b, x, "stopped", rule.map(CustomRule::Jvp))
}
