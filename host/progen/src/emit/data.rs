//! What is done to collections: the vector, the arrays, the sequence of records, the ragged rows; the complex variable.
//!
//! Every operation is total: indices and bounds are taken modulo what there is, and nothing happens to what is empty. Vectors do
//! not grow beyond [`LONG`] elements by concatenation.

use super::Emit;
use crate::program::{Float, Int, LEN};
use cotangent_core::ir::{
    ArrayOp, BinaryOp, CompareOp, ControlOp, CumOp, DType, Dim, DotDims, Path, PlaceOp, ReduceOp,
    Reduction, ShapeOp, Slot, Step, UnaryOp, Value,
};

const LONG: i64 = 12;

impl Emit<'_> {
    pub(super) fn push(&mut self, s: Slot, x: Value) {
        let v = self.get(s);
        let v = self.b.inst1(ArrayOp::Push, &[v, x]);
        self.set(s, v);
    }
    /// Pops the last element, if there is one, and does something with it.
    pub(super) fn pop(&mut self, s: Slot, then: impl FnOnce(&mut Self, Value)) {
        let n = self.len_of(s);
        self.if_some(n, |e| {
            let v = e.get(s);
            let popped = e.b.inst(ArrayOp::Pop, &[v]);
            e.set(s, popped[0]);
            then(e, popped[1]);
        });
    }
    pub(super) fn swap(&mut self, a: Slot, b: Slot) {
        let (x, y) = (self.get(a), self.get(b));
        self.set(a, y);
        self.set(b, x);
    }
    /// An `if` that yields a number: what `then` gives if the length is not 0, else a constant.
    fn unless_empty(&mut self, n: Value, then: impl FnOnce(&mut Self) -> Value) -> Value {
        let zero = self.b.scalar(0i64);
        let some = self.b.compare(CompareOp::Gt, n, zero);
        self.b.open(&[]);
        let x = then(self);
        let a = self.b.close(&[x]);
        self.b.open(&[]);
        let x = self.real(0.125);
        let o = self.b.close(&[x]);
        self.b.region_op(ControlOp::If, &[some], &[a, o])[0]
    }
    /// `slot[i].path`, a constant if the collection is empty.
    pub(super) fn element(&mut self, s: Slot, path: Path, i: &Int) -> Value {
        let n = self.len_of(s);
        self.unless_empty(n, |e| {
            let i = e.index(i, Some(n));
            let v = e.get(s);
            let path = [vec![Step::Index], path].concat();
            e.b.inst1(PlaceOp::Get(path), &[v, i])
        })
    }
    pub(super) fn node_array(&mut self, i: &Int, j: &Int) -> Value {
        let s = self.nodes;
        let n = self.len_of(s);
        self.unless_empty(n, |e| {
            let (i, j) = (e.index(i, Some(n)), e.index(j, None));
            let path = vec![Step::Index, Step::Field(2), Step::Index];
            e.b.slot_get(s, path, &[i, j])
        })
    }
    pub(super) fn row(&mut self, i: &Int, j: &Int) -> Value {
        let s = self.rows;
        let n = self.len_of(s);
        self.unless_empty(n, |e| {
            let i = e.index(i, Some(n));
            let row = e.b.slot_get(s, vec![Step::Index], &[i]);
            let m = e.b.len(row);
            let m = e.b.convert(DType::I64, m);
            e.unless_empty(m, |e| {
                let j = e.index(j, Some(m));
                e.b.at(row, j)
            })
        })
    }

    pub(super) fn node(&mut self, op: u8, i: &Int, x: &Float) {
        let s = self.nodes;
        match op % 4 {
            0 => {
                let (x, i) = (self.float(x), self.int(i));
                let a = self.get(self.arrays[0]);
                let node = self.b.record(&[x, i, a]);
                self.push(s, node);
            }
            1 => self.pop(s, |e, node| {
                let (x, a) = (e.b.field(node, 0), e.b.field(node, 2));
                e.set(e.floats[0], x);
                e.set(e.arrays[1], a);
            }),
            2 => self.write(s, i, x, |_, i| (vec![Step::Index, Step::Field(0)], vec![i])),
            _ => self.write(s, i, x, |e, i| {
                let j = e.b.scalar(2i64);
                let path = vec![Step::Index, Step::Field(2), Step::Index];
                (path, vec![i, j])
            }),
        }
    }
    /// Writes a number to a place of a collection that is not empty.
    fn write(
        &mut self,
        s: Slot,
        i: &Int,
        x: &Float,
        place: impl FnOnce(&mut Self, Value) -> (Path, Vec<Value>),
    ) {
        let n = self.len_of(s);
        self.if_some(n, |e| {
            let x = e.float(x);
            let i = e.index(i, Some(n));
            let (path, indices) = place(e, i);
            e.b.slot_set(s, x, path, &indices);
        });
    }

    pub(super) fn row_op(&mut self, op: u8, i: &Int, j: &Int, x: &Float) {
        let s = self.rows;
        match op % 4 {
            0 => {
                let v = self.get(self.vector);
                self.push(s, v);
            }
            1 => self.pop(s, |e, row| e.set(e.vector, row)),
            2 => {
                let n = self.len_of(s);
                self.if_some(n, |e| {
                    let x = e.float(x);
                    let i = e.index(i, Some(n));
                    let row = e.b.slot_get(s, vec![Step::Index], &[i]);
                    let row = e.b.inst1(ArrayOp::Push, &[row, x]);
                    e.b.slot_set(s, row, vec![Step::Index], &[i]);
                });
            }
            _ => {
                let n = self.len_of(s);
                self.if_some(n, |e| {
                    let i = e.index(i, Some(n));
                    let row = e.b.slot_get(s, vec![Step::Index], &[i]);
                    let m = e.b.len(row);
                    let m = e.b.convert(DType::I64, m);
                    e.if_some(m, |e| {
                        let x = e.float(x);
                        let j = e.index(j, Some(m));
                        e.b.slot_set(s, x, vec![Step::Index, Step::Index], &[i, j]);
                    });
                });
            }
        }
    }

    fn slice(&mut self, v: Value, lo: Value, hi: Value) -> Value {
        self.b.inst1(ArrayOp::Slice, &[v, lo, hi])
    }
    /// The vector, cut to its last [`LONG`] elements.
    fn set_cut(&mut self, v: Value) {
        let n = self.b.len(v);
        let n = self.b.convert(DType::I64, n);
        let most = self.b.scalar(LONG);
        let zero = self.b.scalar(0i64);
        let over = self.b.sub(n, most);
        let lo = self.b.binary(BinaryOp::Max, over, zero);
        let v = self.slice(v, lo, n);
        self.set(self.vector, v);
    }

    pub(super) fn vector_op(&mut self, op: u8, i: &Int, x: &Float) {
        let s = self.vector;
        let v = self.get(s);
        let n = self.len_of(s);
        let zero = self.b.scalar(0i64);
        let one = self.b.scalar(1i64);
        match op % 9 {
            // The rest from a position (it may be all, or empty), the part before it.
            k @ (0 | 1) => {
                let m = self.b.add(n, one);
                let at = self.index(i, Some(m));
                let (lo, hi) = if k == 0 { (at, n) } else { (zero, at) };
                let v = self.slice(v, lo, hi);
                self.set(s, v);
            }
            2 => {
                let a = self.get(self.arrays[1]);
                let v = self.b.inst1(ShapeOp::Concat(0), &[v, a]);
                self.set_cut(v);
            }
            3 => {
                let v = self.b.inst1(ShapeOp::Concat(0), &[v, v]);
                self.set_cut(v);
            }
            4 => {
                let x = self.float(x);
                let five = self.b.scalar(5i64);
                let n = self.index(i, Some(five));
                let v = self.b.inst1(ArrayOp::Fill, &[x, n]);
                self.set(s, v);
            }
            // The first half over the second.
            5 => {
                let two = self.b.scalar(2i64);
                let half = self.b.div(n, two);
                let first = self.slice(v, zero, half);
                let v = self.b.inst1(ArrayOp::UpdateSlice, &[v, first, half]);
                self.set(s, v);
            }
            6 => {
                let x = self.float(x);
                let x = self.b.splat_like(x, v);
                let v = self.b.mul(v, x);
                let v = self.b.unary(UnaryOp::Sin, v);
                self.set(s, v);
            }
            7 => {
                let v = self.b.inst1(ShapeOp::Reverse(vec![0]), &[v]);
                self.set(s, v);
            }
            _ => {
                let v = self.cumsum(v);
                self.set(s, v);
            }
        }
    }
    fn cumsum(&mut self, v: Value) -> Value {
        let op = Reduction::Cumulative {
            op: CumOp::Sum,
            axis: 0,
            reverse: false,
        };
        let v = self.b.inst1(op, &[v]);
        self.b.unary(UnaryOp::Tanh, v)
    }

    pub(super) fn arrays_op(&mut self, op: u8, k: u8, i: &Int, x: &Float) {
        let (to, from) = (
            self.arrays[usize::from(k % 2)],
            self.arrays[usize::from(1 - k % 2)],
        );
        let (a, b) = (self.get(to), self.get(from));
        let out = match op % 6 {
            0 => {
                let d = self.b.sub(a, b);
                self.b.unary(UnaryOp::Sin, d)
            }
            1 => {
                let p = self.b.mul(a, b);
                self.b.unary(UnaryOp::Tanh, p)
            }
            // Two elements over two others.
            2 => {
                let last = self.b.scalar(LEN as i64 - 1);
                let lo = self.index(i, Some(last));
                let two = self.b.scalar(2i64);
                let hi = self.b.add(lo, two);
                let part = self.slice(b, lo, hi);
                let at = self.b.scalar(1i64);
                self.b.inst1(ArrayOp::UpdateSlice, &[a, part, at])
            }
            3 => self.b.inst1(ShapeOp::Reverse(vec![0]), &[b]),
            4 => {
                let x = self.float(x);
                let x = self.b.splat_like(x, b);
                let p = self.b.mul(x, b);
                self.cumsum(p)
            }
            // tanh(a ⊗ b) b
            _ => {
                let shape = vec![Dim::Known(LEN), Dim::Known(LEN)];
                let mut spread = |v: Value, axis: u32| {
                    let dims = vec![axis];
                    let shape = shape.clone();
                    self.b.inst1(ShapeOp::Broadcast { shape, dims }, &[v])
                };
                let (rows, columns) = (spread(a, 0), spread(b, 1));
                let m = self.b.mul(rows, columns);
                let m = self.b.unary(UnaryOp::Tanh, m);
                let dims = DotDims {
                    lhs_contract: vec![1],
                    rhs_contract: vec![0],
                    ..DotDims::default()
                };
                let v = self.b.inst1(dims, &[m, b]);
                self.b.scale(v, 0.25)
            }
        };
        self.set(to, out);
    }

    /// A number of a whole array, bounded.
    pub(super) fn reduce(&mut self, r: u8) -> Value {
        let v = self.get(if r.is_multiple_of(2) {
            self.vector
        } else {
            self.arrays[0]
        });
        let y = match r / 2 % 3 {
            0 => self.b.inst1(Reduction::Axes(ReduceOp::Sum, vec![0]), &[v]),
            1 => {
                let v = self.b.unary(UnaryOp::Cos, v);
                self.b.inst1(Reduction::Axes(ReduceOp::Prod, vec![0]), &[v])
            }
            _ => {
                let dims = DotDims {
                    lhs_contract: vec![0],
                    rhs_contract: vec![0],
                    ..DotDims::default()
                };
                self.b.inst1(dims, &[v, v])
            }
        };
        self.b.unary(UnaryOp::Tanh, y)
    }

    pub(super) fn complex(&mut self, op: u8, x: &Float) {
        let z = self.get(self.z);
        let ty = self.types().complex();
        let complex = ty.dtype().unwrap_or(DType::C128);
        let out = match op % 5 {
            0 => {
                let x = self.float(x);
                let y = self.get(self.floats[1]);
                self.b.binary(BinaryOp::Complex, x, y)
            }
            // z z / (1 + |z|²)
            1 => {
                let zz = self.b.mul(z, z);
                self.bounded(zz, z, complex)
            }
            2 => self.b.unary(UnaryOp::Conj, z),
            // exp(z / (1 + |z|²))
            3 => {
                let w = self.bounded(z, z, complex);
                self.b.unary(UnaryOp::Exp, w)
            }
            _ => {
                let x = self.float(x);
                let x = self.b.unary(UnaryOp::Tanh, x);
                let y = self.real(0.5);
                let w = self.b.binary(BinaryOp::Complex, x, y);
                let p = self.b.mul(w, z);
                self.bounded(p, z, complex)
            }
        };
        self.set(self.z, out);
    }
    /// `w / (1 + |z|²)`.
    fn bounded(&mut self, w: Value, z: Value, complex: DType) -> Value {
        let d = self.square(z);
        let d = self.b.convert(complex, d);
        self.b.div(w, d)
    }
    /// `1 + |z|²`, real.
    fn square(&mut self, z: Value) -> Value {
        let (x, y) = (
            self.b.unary(UnaryOp::Real, z),
            self.b.unary(UnaryOp::Imag, z),
        );
        let (x, y) = (self.b.mul(x, x), self.b.mul(y, y));
        let s = self.b.add(x, y);
        let one = self.real(1.0);
        self.b.add(one, s)
    }
    pub(super) fn complex_part(&mut self, part: u8) -> Value {
        let z = self.get(self.z);
        match part % 4 {
            0 => self.b.unary(UnaryOp::Real, z),
            1 => self.b.unary(UnaryOp::Imag, z),
            2 => {
                let s = self.square(z);
                self.b.unary(UnaryOp::Sqrt, s)
            }
            // |z + 3| where z is small.
            _ => {
                let complex = self.types().complex().dtype().unwrap_or(DType::C128);
                let w = self.bounded(z, z, complex);
                let three = self.b.real(complex, 3.0);
                let w = self.b.add(w, three);
                self.b.unary(UnaryOp::Abs, w)
            }
        }
    }
}
