//! Convolutions and reductions over windows. Transposes are written by what the core makes of them with known extents (`ops::window::forward`).
//! Sums of integers wrap, also in a checked program.

use super::dot;
use super::error::{Result, Unsupported};
use super::index::{add_at, take};
use super::math::extreme;
use super::reduce::pairs;
use super::shape::{extents, reverse};
use super::value::{Sym, Tensor, TensorLayout};
use super::writer::{Block, Cx, i64s};
use cotangent_core::entity::Value;
use cotangent_core::ir::{
    Builder, Convolution, DType, Dim, Extreme, Op, Type, WindowAxis, WindowOp, WindowReduce,
    Windows,
};
use cotangent_core::ops;
use cotangent_core::value::Scalar;
use std::collections::HashMap;
use std::convert::Infallible;

/// Writes an operation of the family.
pub(super) fn emit(cx: &mut Cx<'_>, op: &WindowOp, args: &[Sym]) -> Result<Vec<Sym>> {
    let name = ops::mnemonic(&Op::Window(op.clone()));
    let count = match op {
        WindowOp::Reduce(..) | WindowOp::Spread(..) => 1,
        WindowOp::Convolution(_)
        | WindowOp::ConvolutionLhs(..)
        | WindowOp::ConvolutionRhs(..)
        | WindowOp::SelectAndScatter(..)
        | WindowOp::SelectAndGather(..) => 2,
    };
    let mut t = Vec::with_capacity(count);
    for s in &args[..count] {
        t.push(cx.fixed(s, name)?);
    }
    let known = |shape: &[Dim]| -> Result<Vec<u64>> {
        let n: Option<Vec<u64>> = shape.iter().map(|d| d.known()).collect();
        n.ok_or_else(|| Unsupported::new(format!("`{name}`"), "of an unknown extent"))
    };
    let wrong = |_| Unsupported::mismatch(name, "its operands do not suit its windows");
    let dims = |t: &Tensor| -> Vec<Dim> { t.ty.shape.iter().map(|&n| Dim::Known(n)).collect() };
    let d = t[0].ty.dtype;
    let out = match op {
        WindowOp::Convolution(c) => {
            let shape = ops::window::result_shape(c, &dims(&t[0]), &dims(&t[1])).map_err(wrong)?;
            let ty = TensorLayout::new(d, known(&shape)?);
            convolution(cx, c, &t[0], &t[1], ty)
        }
        WindowOp::Reduce(r, w) => {
            let shape = ops::window::reduced_shape(w, &dims(&t[0])).map_err(wrong)?;
            let ty = TensorLayout::new(d, known(&shape)?);
            reduce(cx, *r, w, &t[0], ty)
        }
        WindowOp::SelectAndScatter(which, w) => scatter(cx, *which, w, &t[0], &t[1])?,
        WindowOp::SelectAndGather(which, w) => {
            let shape = ops::window::reduced_shape(w, &dims(&t[0])).map_err(wrong)?;
            gather(cx, *which, w, &t[0], &t[1], known(&shape)?)
        }
        WindowOp::ConvolutionLhs(c, shape) => {
            let (n, _) = extents(cx, shape, &args[2..], name)?;
            let n = n.into_iter().map(Dim::Known).collect();
            return backwards(cx, WindowOp::ConvolutionLhs(c.clone(), n), &t);
        }
        WindowOp::ConvolutionRhs(c, shape) => {
            let (n, _) = extents(cx, shape, &args[2..], name)?;
            let n = n.into_iter().map(Dim::Known).collect();
            return backwards(cx, WindowOp::ConvolutionRhs(c.clone(), n), &t);
        }
        WindowOp::Spread(w, shape) => {
            let (n, _) = extents(cx, shape, &args[1..], name)?;
            let n = n.into_iter().map(Dim::Known).collect();
            return backwards(cx, WindowOp::Spread(w.clone(), n), &t);
        }
    };
    Ok(vec![out.into()])
}

/// A transpose by plain operations.
fn backwards(cx: &mut Cx<'_>, op: WindowOp, args: &[Tensor]) -> Result<Vec<Sym>> {
    let name = ops::mnemonic(&Op::Window(op.clone()));
    let operands: Vec<Sym> = args.iter().cloned().map(Sym::Tensor).collect();
    super::suits(&Op::Window(op.clone()), &operands)?;
    let fails = || Unsupported::new(format!("`{name}`"), "its extents are too large");
    let types: Vec<Type> = args
        .iter()
        .map(|t| Type::known(t.ty.dtype, &t.ty.shape))
        .collect();
    let mut b = Builder::new("transpose", &types);
    let params = b.params();
    let out = ops::window::forward::emit(&mut b, &op, &params).ok_or_else(fails)?;
    let f = b.finish(&[out]).map_err(|_| fails())?;
    let mut values: HashMap<Value, Sym> = params
        .into_iter()
        .zip(args.iter().cloned().map(Sym::Tensor))
        .collect();
    for &i in &f.regions[f.body].insts {
        let d = &f.insts[i];
        let operands: Vec<Sym> = d.args.iter().map(|v| values[v].clone()).collect();
        let types: Vec<Type> = d.results.iter().map(|&v| f.ty(v).clone()).collect();
        let made = cx.family(&d.op, &operands, &types)?;
        values.extend(d.results.iter().copied().zip(made));
    }
    Ok(f.regions[f.body]
        .yields
        .iter()
        .map(|v| values[v].clone())
        .collect())
}

/// Low and high padding of each axis.
fn padding(axes: &[WindowAxis]) -> String {
    let rows: Vec<String> = axes
        .iter()
        .map(|a| format!("[{}, {}]", a.low, a.high))
        .collect();
    let rows = if rows.is_empty() {
        String::new()
    } else {
        format!("[{}]", rows.join(", "))
    };
    format!("padding = dense<{rows}> : tensor<{}x2xi64>", axes.len())
}

fn each(axes: &[WindowAxis], f: impl Fn(&WindowAxis) -> u64) -> String {
    i64s(axes.iter().map(|a| f(a) as i64))
}

fn convolution(
    cx: &mut Cx<'_>,
    c: &Convolution,
    l: &Tensor,
    r: &Tensor,
    ty: TensorLayout,
) -> Tensor {
    if ty.elements() == 0 || l.ty.elements() == 0 || r.ty.elements() == 0 {
        return cx.zeros(ty);
    }
    let axes = |rank: usize, named: [(u32, &str); 2], spatial: &[u32]| {
        let mut out = vec![String::new(); rank];
        for (k, name) in named {
            out[k as usize] = name.into();
        }
        for (n, &k) in spatial.iter().enumerate() {
            out[k as usize] = n.to_string();
        }
        format!("[{}]", out.join(", "))
    };
    let rank = ty.shape.len();
    let (lhs, rhs, out) = (
        axes(
            rank,
            [(c.lhs.batch, "b"), (c.lhs.feature, "f")],
            &c.lhs.spatial,
        ),
        axes(
            rank,
            [(c.rhs.input, "i"), (c.rhs.output, "o")],
            &c.rhs.spatial,
        ),
        axes(
            rank,
            [(c.out.batch, "b"), (c.out.feature, "f")],
            &c.out.spatial,
        ),
    );
    // Kernels are reversed by an operation of their own: with windows that are read backwards XLA's plugin for CPUs takes thirty times as long.
    let backwards: Vec<u32> = (c.window.iter().zip(&c.rhs.spatial))
        .filter(|(a, _)| a.reversed)
        .map(|(_, &k)| k)
        .collect();
    let turned = (!backwards.is_empty()).then(|| reverse(cx, r, &backwards));
    let r = turned.as_ref().unwrap_or(r);
    let forwards = match &vec!["false"; c.window.len()][..] {
        [] => "array<i1>".into(),
        all => format!("array<i1: {}>", all.join(", ")),
    };
    let attributes = format!(
        "batch_group_count = {} : i64, dimension_numbers = #stablehlo.conv<{lhs}x{rhs}->{out}>, feature_group_count = {} : i64, lhs_dilation = {}, {}, rhs_dilation = {}, window_reversal = {forwards}, window_strides = {}{}",
        c.batch_groups,
        c.feature_groups,
        each(&c.window, |a| a.base_dilation),
        padding(&c.window),
        each(&c.window, |a| a.window_dilation),
        each(&c.window, |a| a.stride),
        dot::precision(cx.options.precision, l.ty.dtype)
    );
    cx.op("convolution", &[l, r], &attributes, ty)
}

fn windows(w: &Windows) -> String {
    format!(
        "base_dilations = {}, {}, window_dilations = {}, window_dimensions = {}, window_strides = {}",
        each(&w.axes, |a| a.base_dilation),
        padding(&w.axes),
        each(&w.axes, |a| a.window_dilation),
        i64s(w.size.iter().map(|&n| n as i64)),
        each(&w.axes, |a| a.stride)
    )
}

fn reduce(cx: &mut Cx<'_>, r: WindowReduce, w: &Windows, t: &Tensor, ty: TensorLayout) -> Tensor {
    let d = ty.dtype;
    let (name, start) = match r {
        WindowReduce::Sum => ("add", Scalar::zero(d)),
        WindowReduce::Min => ("minimum", extreme(d, true)),
        WindowReduce::Max => ("maximum", extreme(d, false)),
    };
    if ty.elements() == 0 || t.ty.elements() == 0 || ty.shape.is_empty() {
        return if ty.shape.is_empty() {
            t.clone()
        } else {
            cx.splat(start, ty)
        };
    }
    let block = cx.pairwise(name, d);
    let start = cx.constant(start);
    let mut out = cx.op_with_blocks(
        "reduce_window",
        &[t, &start],
        &windows(w),
        vec![ty],
        &[block],
    );
    out.pop().expect("one result was asked for")
}

/// For each window the place in the operand, in row-major order, of the element that is selected; the greatest `i32` where there is none.
fn selected(cx: &mut Cx<'_>, which: Extreme, w: &Windows, a: &Tensor, shape: &[u64]) -> Tensor {
    let d = a.ty.dtype;
    let flat = cx.iota(TensorLayout::new(DType::I32, [a.ty.elements()]), 0);
    let places = cx.reshape(&flat, a.ty.with(DType::I32));
    let (better, greatest) = match which {
        Extreme::Max => ("GT", false),
        Extreme::Min => ("LT", true),
    };
    let block = pairs(cx, d, DType::I32, better);
    let (start, none) = (
        cx.constant(extreme(d, greatest)),
        cx.constant(Scalar::I32(i32::MAX)),
    );
    let types = vec![
        TensorLayout::new(d, shape.iter().copied()),
        TensorLayout::new(DType::I32, shape.iter().copied()),
    ];
    let args = [a, &places, &start, &none];
    cx.op_with_blocks("reduce_window", &args, &windows(w), types, &[block])
        .remove(1)
}

/// Flattened, with 0 where nothing is selected; and the indices in range.
fn flattened(cx: &mut Cx<'_>, at: &Tensor) -> (Tensor, Tensor) {
    let n = at.ty.elements();
    let at = cx.reshape(at, TensorLayout::new(DType::I32, [n]));
    let last = cx.whole(i32::MAX.into(), &at);
    let some = cx.compared("NE", &at, &last);
    let zero = cx.whole(0, &at);
    let at = cx.pick(&some, &at, &zero);
    (at, some)
}

fn gather(
    cx: &mut Cx<'_>,
    which: Extreme,
    w: &Windows,
    a: &Tensor,
    b: &Tensor,
    shape: Vec<u64>,
) -> Tensor {
    let ty = TensorLayout::new(b.ty.dtype, shape);
    if ty.shape.is_empty() {
        return b.clone();
    }
    if ty.elements() == 0 || a.ty.elements() == 0 {
        return cx.zeros(ty);
    }
    let at = selected(cx, which, w, a, &ty.shape);
    let (at, some) = flattened(cx, &at);
    let flat = cx.reshape(b, TensorLayout::new(b.ty.dtype, [b.ty.elements()]));
    let out = take(cx, &flat, &at);
    let zero = cx.zeros(out.ty.clone());
    let out = cx.pick(&some, &out, &zero);
    cx.reshape(&out, ty)
}

fn scatter(cx: &mut Cx<'_>, which: Extreme, w: &Windows, a: &Tensor, b: &Tensor) -> Result<Tensor> {
    if a.ty.shape.is_empty() {
        return Ok(b.clone());
    }
    if a.ty.elements() == 0 || b.ty.elements() == 0 {
        return Ok(cx.zeros(a.ty.clone()));
    }
    let plain = |a: &WindowAxis| {
        a.base_dilation == 1 && a.window_dilation == 1 && a.low >= 0 && a.high >= 0
    };
    if w.axes.iter().all(plain) {
        return Ok(select_and_scatter(cx, which, w, a, b));
    }
    let at = selected(cx, which, w, a, &b.ty.shape.clone());
    let (at, some) = flattened(cx, &at);
    let x = cx.reshape(
        b,
        TensorLayout::new(b.ty.dtype, at.ty.shape.iter().copied()),
    );
    let zero = cx.zeros(x.ty.clone());
    let x = cx.pick(&some, &x, &zero);
    let flat = cx.zeros(TensorLayout::new(a.ty.dtype, [a.ty.elements()]));
    let out = add_at(cx, &flat, &at, &x);
    Ok(cx.reshape(&out, a.ty.clone()))
}

fn select_and_scatter(
    cx: &mut Cx<'_>,
    which: Extreme,
    w: &Windows,
    a: &Tensor,
    b: &Tensor,
) -> Tensor {
    let d = a.ty.dtype;
    let s = TensorLayout::scalar(d);
    let how = match which {
        Extreme::Max => "GE",
        Extreme::Min => "LE",
    };
    // Whether the one so far stays: of equals the first, and a NaN. But XLA cuts only plain comparisons over devices: of others every device
    // would have the whole batch. There a NaN does not stay.
    let select: std::result::Result<Block, Infallible> = cx.block(&[s.clone(), s], |cx, p| {
        let mut stays = cx.compared(how, &p[0], &p[1]);
        if d.is_float() && !cx.spread {
            let nan = cx.is_nan(&p[0]);
            stays = cx.or(&stays, &nan);
        }
        Ok(vec![stays])
    });
    let Ok(select) = select;
    let add = cx.pairwise("add", d);
    let zero = cx.constant(Scalar::zero(d));
    let attributes = format!(
        "{}, window_dimensions = {}, window_strides = {}",
        padding(&w.axes),
        i64s(w.size.iter().map(|&n| n as i64)),
        each(&w.axes, |a| a.stride)
    );
    let types = vec![a.ty.clone()];
    let args = [a, b, &zero];
    cx.op_with_blocks(
        "select_and_scatter",
        &args,
        &attributes,
        types,
        &[select, add],
    )
    .remove(0)
}
