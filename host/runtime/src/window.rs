//! Convolutions and reductions over windows of floats, by the kernels, in parts on the threads of the run.
//!
//! What cannot be done here (other element types, operands whose shapes do not agree, tables out of all proportion) is left to the
//! interpreter's evaluation, which also says what is wrong.
//!
//! Images are brought to `[batch, spatial.., feature]` and kernels to `[spatial.., input, output]`, copied if they are not, and the result
//! from there.

use crate::block::data_of;
use crate::context::Context;
use crate::marshal::Plan;
use crate::tables::Eval;
use crate::threads;
use cotangent_core::error::TrapKind;
use cotangent_core::ir::{
    Convolution, DType, Dim, Extreme, Op, WindowAxis, WindowOp, WindowReduce, Windows,
};
use cotangent_core::ops::window::{given_shape, reduced_shape, result_shape};
use cotangent_kernels::Isa;
use cotangent_kernels::block::{Kernels, Number};
use cotangent_kernels::window::conv::{self, Gathered, Group};
use cotangent_kernels::window::pool::{self, Fold, Loops};
use cotangent_kernels::window::{Axis, NONE};

/// The most entries of the table of an axis.
const TABLE: u64 = 1 << 24;

/// A tensor operand: its elements and extents.
#[derive(Debug)]
struct Array {
    data: *const u8,
    shape: Vec<usize>,
}

/// The operands that are tensors, and the words after them.
///
/// # Safety
/// `words` points to the words of the operands.
unsafe fn operands(eval: &Eval, mut words: *const u64) -> Option<(Vec<Array>, Vec<usize>)> {
    let (mut arrays, mut sizes) = (Vec::new(), Vec::new());
    let mut next = || {
        // SAFETY: the plans say how many words there are.
        let w = unsafe { *words };
        words = words.wrapping_add(1);
        w
    };
    for plan in &eval.args {
        match plan {
            Plan::Tensor { dims, .. } => {
                next();
                let data = std::ptr::with_exposed_provenance(next() as usize);
                let shape = dims.iter().map(|d| match d {
                    Dim::Known(n) => Some(*n as usize),
                    Dim::Dynamic => usize::try_from(next()).ok(),
                });
                arrays.push(Array {
                    data,
                    shape: shape.collect::<Option<_>>()?,
                });
            }
            Plan::Scalar(DType::U64) => sizes.push(usize::try_from(next()).ok()?),
            Plan::Scalar(_) | Plan::Record(_) | Plan::List { .. } => return None,
        }
    }
    Some((arrays, sizes))
}

/// The extents that a shape and the words for its `?` say.
fn extents(shape: &[Dim], sizes: &[usize]) -> Option<Vec<usize>> {
    let mut sizes = sizes.iter();
    shape
        .iter()
        .map(|d| match d {
            Dim::Known(n) => usize::try_from(*n).ok(),
            Dim::Dynamic => sizes.next().copied(),
        })
        .collect()
}

fn dims(shape: &[usize]) -> Vec<Dim> {
    shape.iter().map(|&n| Dim::Known(n as u64)).collect()
}

fn count(shape: &[usize]) -> Option<usize> {
    shape.iter().try_fold(1usize, |n, &d| n.checked_mul(d))
}

/// Does the operation, if it is one of these and can be done; the words of the result are written.
///
/// # Safety
/// `args` points to the words of the operands, whose blocks are alive; `results` to room for those of the result.
pub(crate) unsafe fn run(
    cx: &mut Context,
    eval: &Eval,
    args: *const u64,
    results: *mut u64,
) -> Option<Result<(), TrapKind>> {
    let Op::Window(op) = &eval.op else {
        return None;
    };
    let [
        Plan::Tensor {
            dtype,
            dims: want,
            layout,
        },
    ] = &eval.results[..]
    else {
        return None;
    };
    if !matches!(dtype, DType::F32 | DType::F64) {
        return None;
    }
    // SAFETY: the caller's promise.
    let (arrays, sizes) = unsafe { operands(eval, args) }?;
    let (plan, shape) = Work::new(op, &arrays, &sizes)?;
    let agrees = |(n, d): (&usize, &Dim)| d.known().is_none_or(|k| k == *n as u64);
    if shape.len() != want.len() || !shape.iter().zip(want).all(agrees) {
        return None;
    }
    let bytes = count(&shape)?.checked_mul(dtype.bytes())?;
    let block = match cx.try_alloc(bytes as u64, *layout) {
        Ok(block) => block,
        Err(trap) => return Some(Err(trap)),
    };
    // SAFETY: a new block.
    let out = unsafe { data_of(block) };
    let threads = cx.limits.threads;
    let done = match dtype {
        // SAFETY: the operands are of the result's element type, which the type rule sees to, and as long as their shapes say.
        DType::F32 => unsafe { plan.run::<f32>(&arrays, out.cast(), threads) },
        // SAFETY: as above.
        _ => unsafe { plan.run::<f64>(&arrays, out.cast(), threads) },
    };
    if done.is_none() {
        // SAFETY: the block is new, and nothing refers to it.
        unsafe {
            (*block).count = 0;
            crate::callbacks::free(cx, block);
        }
        return None;
    }
    let open = shape.iter().zip(want).filter(|(_, d)| **d == Dim::Dynamic);
    let words = [
        block.expose_provenance() as u64,
        out.expose_provenance() as u64,
    ];
    for (k, w) in words
        .into_iter()
        .chain(open.map(|(n, _)| *n as u64))
        .enumerate()
    {
        // SAFETY: there is room for the words of the result: block, address and unknown extents.
        unsafe { results.add(k).write(w) };
    }
    Some(Ok(()))
}

/// What is to be done, its shapes checked.
enum Work<'a> {
    Conv(Conv<'a>),
    Pool {
        op: &'a WindowOp,
        windows: pool::Windows,
    },
}

/// Which of the three ops of a convolution.
#[derive(Copy, Clone, PartialEq)]
enum Part {
    Out,
    Lhs,
    Rhs,
}

/// A convolution with the shapes of operand, kernel and result.
struct Conv<'a> {
    c: &'a Convolution,
    part: Part,
    shapes: [Vec<usize>; 3],
}

impl<'a> Work<'a> {
    /// The work and the shape of its result; `None` if something does not agree.
    fn new(op: &'a WindowOp, arrays: &[Array], sizes: &[usize]) -> Option<(Work<'a>, Vec<usize>)> {
        let given = match given_shape(op) {
            Some((s, _)) => Some(extents(s, sizes)?),
            None => None,
        };
        let known = |d: Vec<Dim>| -> Option<Vec<usize>> {
            d.iter().map(|d| usize::try_from(d.known()?).ok()).collect()
        };
        match op {
            WindowOp::Convolution(c)
            | WindowOp::ConvolutionLhs(c, _)
            | WindowOp::ConvolutionRhs(c, _) => {
                let [a, b] = arrays else { return None };
                let (part, l, r) = match op {
                    WindowOp::ConvolutionLhs(..) => (Part::Lhs, given?, b.shape.clone()),
                    WindowOp::ConvolutionRhs(..) => (Part::Rhs, a.shape.clone(), given?),
                    WindowOp::Convolution(_)
                    | WindowOp::Reduce(..)
                    | WindowOp::Spread(..)
                    | WindowOp::SelectAndScatter(..)
                    | WindowOp::SelectAndGather(..) => {
                        (Part::Out, a.shape.clone(), b.shape.clone())
                    }
                };
                let o = known(result_shape(c, &dims(&l), &dims(&r)).ok()?)?;
                let agrees = match part {
                    Part::Out => true,
                    Part::Lhs => a.shape == o,
                    Part::Rhs => b.shape == o,
                };
                let shape = match part {
                    Part::Out => o.clone(),
                    Part::Lhs => l.clone(),
                    Part::Rhs => r.clone(),
                };
                let shapes = [l, r, o];
                agrees.then_some((Work::Conv(Conv { c, part, shapes }), shape))
            }
            WindowOp::Reduce(_, w)
            | WindowOp::Spread(w, _)
            | WindowOp::SelectAndScatter(_, w)
            | WindowOp::SelectAndGather(_, w) => {
                let from = given.unwrap_or_else(|| arrays[0].shape.clone());
                let to = known(reduced_shape(w, &dims(&from)).ok()?)?;
                let (agrees, shape) = match op {
                    WindowOp::Spread(..) => (arrays[0].shape == to, from.clone()),
                    WindowOp::SelectAndScatter(..) => (arrays[1].shape == to, from.clone()),
                    WindowOp::SelectAndGather(..) => (arrays[1].shape == from, to.clone()),
                    WindowOp::Reduce(..)
                    | WindowOp::Convolution(_)
                    | WindowOp::ConvolutionLhs(..)
                    | WindowOp::ConvolutionRhs(..) => (true, to.clone()),
                };
                let windows = windows(w, &from, &to)?;
                agrees.then_some((Work::Pool { op, windows }, shape))
            }
        }
    }

    /// # Safety
    /// The operands' elements are `T`, `out` has room for the result's.
    unsafe fn run<T: Number + PartialOrd + Send + Sync>(
        &self,
        arrays: &[Array],
        out: *mut T,
        threads: Option<u32>,
    ) -> Option<()> {
        let of = |k: usize| {
            arrays
                .get(k)
                .map_or(std::ptr::null(), |a| a.data.cast::<T>())
        };
        match self {
            // SAFETY: the caller's promise; the shapes agree.
            Work::Conv(c) => unsafe { c.run(of(0), of(1), out, threads) },
            Work::Pool { op, windows } => {
                let to_windows = matches!(op, WindowOp::Reduce(..) | WindowOp::SelectAndGather(..));
                let n = if to_windows {
                    windows.results()
                } else {
                    windows.source()
                };
                // SAFETY: room for the result.
                unsafe { out.write_bytes(0, n) };
                if windows.results() == 0 || windows.source() == 0 {
                    // Windows over no elements have no extreme but the type's.
                    return (n == 0 || !matches!(op, WindowOp::Reduce(..))).then_some(());
                }
                let m = windows.parts(to_windows);
                let loops = Loops::<T>::best();
                let (x, y, out) = (Shared(of(0)), Shared(of(1)), Shared(out.cast_const()));
                threads::each(threads, m, |k| {
                    let out = out.get().cast_mut();
                    // SAFETY: the shapes agree; each part is run once.
                    unsafe {
                        match op {
                            WindowOp::Reduce(r, _) => {
                                let fold = match r {
                                    WindowReduce::Sum => Fold::Sum,
                                    WindowReduce::Min => Fold::Min,
                                    WindowReduce::Max => Fold::Max,
                                };
                                pool::reduce(loops, windows, fold, (x.get(), out), (k, m));
                            }
                            WindowOp::Spread(..) => {
                                pool::spread(loops, windows, (x.get(), out), (k, m));
                            }
                            WindowOp::SelectAndScatter(e, _) | WindowOp::SelectAndGather(e, _) => {
                                let how = (*e == Extreme::Max, !to_windows);
                                pool::select(loops, windows, how, (x.get(), y.get(), out), (k, m));
                            }
                            WindowOp::Convolution(_)
                            | WindowOp::ConvolutionLhs(..)
                            | WindowOp::ConvolutionRhs(..) => {}
                        }
                    }
                });
                Some(())
            }
        }
    }
}

/// An address that parts share.
#[derive(Copy, Clone)]
struct Shared<T>(*const T);
// SAFETY: parts read what nobody writes, and write apart from each other.
unsafe impl<T> Sync for Shared<T> {}
// SAFETY: as above.
unsafe impl<T> Send for Shared<T> {}
impl<T> Shared<T> {
    fn get(self) -> *const T {
        self.0
    }
}

/// The table of an axis with `n` elements in the source, `size` places in a window and `rows` windows.
fn table(w: &WindowAxis, n: usize, size: usize, rows: usize) -> Option<Axis> {
    if rows as u64 * size as u64 > TABLE || n >= NONE as usize {
        return None;
    }
    let mut at = Vec::with_capacity(rows * size);
    for o in 0..rows as u64 {
        for k in 0..size as u64 {
            let place = if w.reversed { size as u64 - 1 - k } else { k };
            at.push(w.element(o, place, n as u64).map_or(NONE, |i| i as u32));
        }
    }
    Some(Axis {
        rows,
        taps: size,
        source: n,
        at,
    })
}

/// The table the other way: for each element and place of the window the window, of which there is one at most.
fn turned(a: &Axis) -> Axis {
    let mut at = vec![NONE; a.source * a.taps];
    for r in 0..a.rows {
        for (t, &s) in a.row(r).iter().enumerate() {
            if s != NONE {
                at[s as usize * a.taps + t] = r as u32;
            }
        }
    }
    Axis {
        rows: a.source,
        taps: a.taps,
        source: a.rows,
        at,
    }
}

/// The windows of a reduction, features apart.
fn windows(w: &Windows, from: &[usize], to: &[usize]) -> Option<pool::Windows> {
    let rank = from.len();
    let side = rank > 0 && w.size[rank - 1] == 1 && w.axes[rank - 1] == WindowAxis::default();
    let spatial = rank - usize::from(side);
    let axes: Option<Vec<Axis>> = (0..spatial)
        .map(|k| table(&w.axes[k], from[k], usize::try_from(w.size[k]).ok()?, to[k]))
        .collect();
    pool::Windows::new(axes?, if side { from[rank - 1] } else { 1 })
}

/// Row-major strides.
fn strides(shape: &[usize]) -> Vec<usize> {
    let mut out = vec![1; shape.len()];
    for k in (1..shape.len()).rev() {
        out[k - 1] = out[k] * shape[k];
    }
    out
}

/// Copies elements `[i, j, ..]` at the sum of index times stride, between two such views of the same extents.
///
/// # Safety
/// Both views are of elements that are there.
unsafe fn copy<T: Copy>(
    extents: &[usize],
    (src, from): (*const T, &[usize]),
    (dst, to): (*mut T, &[usize]),
) {
    let Some((&n, outer)) = extents.split_last() else {
        // SAFETY: one element.
        unsafe { dst.write(*src) };
        return;
    };
    if extents.contains(&0) {
        return;
    }
    let last = outer.len();
    let mut at = vec![0usize; last];
    loop {
        let sum = |s: &[usize]| at.iter().zip(s).map(|(i, s)| i * s).sum::<usize>();
        let (x, y) = (src.wrapping_add(sum(from)), dst.wrapping_add(sum(to)));
        for i in 0..n {
            // SAFETY: the caller's promise.
            unsafe { y.add(i * to[last]).write(*x.add(i * from[last])) };
        }
        let Some(k) = (0..last).rfind(|&k| at[k] + 1 < outer[k]) else {
            return;
        };
        at[k] += 1;
        at[k + 1..].fill(0);
    }
}

/// A tensor with its axes in another order: itself, or a copy.
struct Ordered<T> {
    data: *const T,
    _copy: Vec<T>,
}

/// The tensor in the order of axes `perm`.
///
/// # Safety
/// `data` points to the tensor's elements, and outlives what is given back.
unsafe fn ordered<T: Number>(data: *const T, shape: &[usize], perm: &[usize]) -> Ordered<T> {
    let order: Vec<usize> = perm.iter().map(|&p| shape[p]).collect();
    let long = |k: &usize| shape[*k] != 1;
    // Axes of one element may be anywhere.
    if perm.iter().filter(|k| long(k)).is_sorted() {
        return Ordered {
            data,
            _copy: Vec::new(),
        };
    }
    let whole = strides(shape);
    let from: Vec<usize> = perm.iter().map(|&p| whole[p]).collect();
    let n = order.iter().product();
    let mut copied: Vec<T> = vec![T::ZERO; n];
    // SAFETY: both are of these extents.
    unsafe {
        copy(
            &order,
            (data, &from),
            (copied.as_mut_ptr(), &strides(&order)),
        )
    };
    Ordered {
        data: copied.as_ptr(),
        _copy: copied,
    }
}

impl Conv<'_> {
    /// # Safety
    /// `a`, `b` and `out` point to as many elements as the shapes of operands and result say.
    unsafe fn run<T: Number + Send + Sync>(
        &self,
        a: *const T,
        b: *const T,
        out: *mut T,
        threads: Option<u32>,
    ) -> Option<()> {
        let [l, r, o] = &self.shapes;
        let c = self.c;
        let image = |x: &cotangent_core::ir::ImageAxes| -> Vec<usize> {
            let spatial = x.spatial.iter().copied();
            let all = [x.batch].into_iter().chain(spatial).chain([x.feature]);
            all.map(|k| k as usize).collect()
        };
        let kernel: Vec<usize> = c
            .rhs
            .spatial
            .iter()
            .copied()
            .chain([c.rhs.input, c.rhs.output])
            .map(|k| k as usize)
            .collect();
        let (lp, op) = (image(&c.lhs), image(&c.out));
        let (shape, perm) = match self.part {
            Part::Out => (o, &op),
            Part::Lhs => (l, &lp),
            Part::Rhs => (r, &kernel),
        };
        let total = count(shape)?;
        // SAFETY: room for the result.
        unsafe { out.write_bytes(0, total) };
        if [l, r, o].iter().any(|s| s.contains(&0)) {
            return Some(());
        }
        let forward: Option<Vec<Axis>> = (0..c.window.len())
            .map(|k| {
                let of = |s: &[usize], axes: &[u32]| s[axes[k] as usize];
                let (n, size) = (of(l, &c.lhs.spatial), of(r, &c.rhs.spatial));
                table(&c.window[k], n, size, of(o, &c.out.spatial))
            })
            .collect();
        let forward = forward?;
        let sizes = Sizes {
            groups: c.feature_groups.max(c.batch_groups) as usize,
            by_batch: c.batch_groups > 1,
            batch: o[c.out.batch as usize],
            inputs: r[c.rhs.input as usize],
            outputs: o[c.out.feature as usize],
            features: l[c.lhs.feature as usize],
            pixels: c.lhs.spatial.iter().map(|&k| l[k as usize]).product(),
            taps: c.rhs.spatial.iter().map(|&k| r[k as usize]).product(),
        };
        let turned_axes: Vec<Axis> = forward.iter().map(turned).collect();
        // The result as it is computed, and as it is wanted.
        let in_place = perm.iter().filter(|&&k| shape[k] != 1).is_sorted();
        let mut aside: Vec<T> = Vec::new();
        let to = if in_place {
            out
        } else {
            aside.resize(total, T::ZERO);
            aside.as_mut_ptr()
        };
        // SAFETY: the shapes are those of the operands, checked by the rule of the op; `to` has room for the result.
        unsafe {
            match self.part {
                Part::Out => {
                    let (x, w) = (ordered(a, l, &lp), ordered(b, r, &kernel));
                    sizes.forward(forward, x.data, w.data, to, threads)?;
                }
                Part::Rhs => {
                    let (x, v) = (ordered(a, l, &lp), ordered(b, o, &op));
                    sizes.by_kernel(forward, x.data, v.data, to, threads)?;
                }
                Part::Lhs => {
                    let (v, w) = (ordered(a, o, &op), ordered(b, r, &kernel));
                    sizes.by_operand(turned_axes, v.data, w.data, to, threads)?;
                }
            }
        }
        if !in_place {
            let order: Vec<usize> = perm.iter().map(|&p| shape[p]).collect();
            let whole = strides(shape);
            let there: Vec<usize> = perm.iter().map(|&p| whole[p]).collect();
            // SAFETY: both are of these extents.
            unsafe { copy(&order, (to.cast_const(), &strides(&order)), (out, &there)) };
        }
        Some(())
    }
}

/// The extents of a convolution.
#[derive(Debug)]
struct Sizes {
    groups: usize,
    /// The groups are of the batch, else of the features.
    by_batch: bool,
    /// Of the result.
    batch: usize,
    /// Features of a group.
    inputs: usize,
    /// Features of the result.
    outputs: usize,
    /// Features of the operand.
    features: usize,
    /// Places of an image of the operand.
    pixels: usize,
    /// Places of the kernel.
    taps: usize,
}

impl Sizes {
    /// Where a group starts in the operand.
    fn group(&self, k: usize) -> usize {
        if self.by_batch {
            k * self.batch * self.pixels * self.features
        } else {
            k * self.inputs
        }
    }
    /// Whether every feature is a group of its own.
    fn depthwise(&self) -> bool {
        !self.by_batch && self.groups > 1 && self.inputs == 1 && self.outputs == self.groups
    }
    /// # Safety
    /// As [`Conv::run`], in the order of axes that the kernels take; so for the others.
    unsafe fn forward<T: Number + Send + Sync>(
        &self,
        axes: Vec<Axis>,
        x: *const T,
        w: *const T,
        out: *mut T,
        threads: Option<u32>,
    ) -> Option<()> {
        let g = Gathered::new(self.batch, axes, self.features, self.inputs)?;
        let each = self.outputs / self.groups;
        // SAFETY: the caller's promise.
        unsafe {
            if self.depthwise() {
                depthwise(&g, (x, w, out), self.outputs, threads);
                return Some(());
            }
            multiply(&g, threads, self.groups, |k| Group {
                source: x.wrapping_add(self.group(k)),
                right: (w.wrapping_add(k * each), self.outputs),
                out: (out.wrapping_add(k * each), self.outputs),
                outputs: each,
            });
        }
        Some(())
    }
    /// # Safety
    /// See [`forward`](Self::forward).
    unsafe fn by_operand<T: Number + Send + Sync>(
        &self,
        axes: Vec<Axis>,
        v: *const T,
        w: *const T,
        out: *mut T,
        threads: Option<u32>,
    ) -> Option<()> {
        let each = self.outputs / self.groups;
        let g = Gathered::new(self.batch, axes, self.outputs, each)?;
        // SAFETY: the caller's promise.
        unsafe {
            if self.depthwise() {
                depthwise(&g, (v, w, out), self.outputs, threads);
                return Some(());
            }
            // The kernel as a matrix of its own for each group: places and result's features by input features.
            let extents = [self.groups, self.taps, each, self.inputs];
            let from = [each, self.inputs * self.outputs, 1, self.outputs];
            let mut turned: Vec<T> = vec![T::ZERO; self.taps * self.inputs * self.outputs];
            copy(
                &extents,
                (w, &from),
                (turned.as_mut_ptr(), &strides(&extents)),
            );
            let size = self.taps * each * self.inputs;
            let w = turned.as_ptr();
            multiply(&g, threads, self.groups, |k| Group {
                source: v.wrapping_add(k * each),
                right: (w.wrapping_add(k * size), self.inputs),
                out: (out.wrapping_add(self.group(k)), self.features),
                outputs: self.inputs,
            });
        }
        Some(())
    }
    /// # Safety
    /// See [`forward`](Self::forward).
    unsafe fn by_kernel<T: Number + Send + Sync>(
        &self,
        axes: Vec<Axis>,
        x: *const T,
        v: *const T,
        out: *mut T,
        threads: Option<u32>,
    ) -> Option<()> {
        let g = Gathered::new(self.batch, axes, self.features, self.inputs)?;
        let each = self.outputs / self.groups;
        let kernels = Kernels::<T>::new(Isa::best());
        if self.depthwise() {
            let all = Group {
                source: x,
                right: (v, self.outputs),
                out: (out, self.outputs),
                outputs: self.outputs,
            };
            threads::each(threads, self.taps, |k| {
                // SAFETY: the caller's promise; each part is run once.
                unsafe { conv::depthwise_back(&kernels, &g, all, k) };
            });
            return Some(());
        }
        let (m, n) = conv::backward_parts(&g, each);
        let group = |k: usize| Group {
            source: x.wrapping_add(self.group(k)),
            right: (v.wrapping_add(k * each), self.outputs),
            out: (out.wrapping_add(k * each), self.outputs),
            outputs: each,
        };
        let groups: Vec<Group<T>> = (0..self.groups).map(group).collect();
        threads::each(threads, m * n * self.groups, |k| {
            // SAFETY: the caller's promise; each part is run once.
            unsafe { conv::backward(&kernels, &g, groups[k / (m * n)], k % (m * n)) };
        });
        Some(())
    }
}

/// `out += G w` for each group.
///
/// # Safety
/// The groups' pointers are as [`conv::forward`] says.
unsafe fn multiply<T: Number + Send + Sync>(
    g: &Gathered,
    threads: Option<u32>,
    groups: usize,
    group: impl Fn(usize) -> Group<T>,
) {
    let kernels = Kernels::<T>::new(Isa::best());
    let groups: Vec<Group<T>> = (0..groups).map(group).collect();
    let (m, n) = conv::forward_parts(g, groups.first().map_or(1, |g| g.outputs));
    threads::each(threads, m * n * groups.len(), |k| {
        // SAFETY: the caller's promise; each part is run once.
        unsafe { conv::forward(&kernels, g, groups[k / (m * n)], k % (m * n)) };
    });
}

/// # Safety
/// As [`conv::depthwise`] says.
unsafe fn depthwise<T: Number + Send + Sync>(
    g: &Gathered,
    (x, w, out): (*const T, *const T, *mut T),
    features: usize,
    threads: Option<u32>,
) {
    let kernels = Kernels::<T>::new(Isa::best());
    let all = Group {
        source: x,
        right: (w, features),
        out: (out, features),
        outputs: features,
    };
    threads::each(threads, conv::depthwise_parts(g), |k| {
        // SAFETY: the caller's promise; each part is run once.
        unsafe { conv::depthwise(&kernels, g, all, k) };
    });
}
