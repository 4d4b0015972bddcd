//! One layout for values that come together: the arms of a branch, the iterations of a loop.

use super::error::{Result, Unsupported};
use super::value::{Array, Layout, Sym, Tensor, TensorLayout};
use super::writer::{Cx, i64s};
use cotangent_core::ir::{DType, Type};
use cotangent_core::value::Scalar;

/// The most bytes that a tensor may have.
const MAX_BYTES: u64 = 1 << 46;

impl Layout {
    /// A tensor as an array of its rows: what an item is, and how many there are.
    fn rows(t: &TensorLayout) -> Option<(Layout, u64)> {
        let (&n, rest) = t.shape.split_first()?;
        let item = TensorLayout::new(t.dtype, rest.iter().copied());
        Some((Layout::Tensor(item), n))
    }
    /// The least layout that values of both can take. Lengths are not known in it unless both agree.
    ///
    /// # Errors
    /// If the structures differ, or extents that are not leading ones.
    pub fn join(&self, other: &Layout) -> Result<Layout> {
        let array = |l: &Layout| match l {
            Layout::Array {
                item,
                room,
                most,
                len,
            } => Some(((**item).clone(), *room, *most, *len)),
            Layout::Tensor(t) => Layout::rows(t).map(|(item, n)| (item, n, n, Some(n))),
            Layout::Record(_) => None,
        };
        match (self, other) {
            (Layout::Tensor(a), Layout::Tensor(b)) if a == b => Ok(self.clone()),
            (Layout::Record(a), Layout::Record(b)) if a.len() == b.len() => Ok(Layout::Record(
                a.iter()
                    .zip(b)
                    .map(|(x, y)| x.join(y))
                    .collect::<Result<_>>()?,
            )),
            _ => {
                let (Some((x, rx, mx, lx)), Some((y, ry, my, ly))) = (array(self), array(other))
                else {
                    return Err(differ(self, other));
                };
                // What never holds an item says nothing of items. Rows of a tensor have one shape.
                let rows = matches!(
                    (self, other),
                    (Layout::Tensor(_), _) | (_, Layout::Tensor(_))
                );
                let item = match (mx, my) {
                    (0, _) => y,
                    (_, 0) => x,
                    _ if rows && x != y => return Err(differ(self, other)),
                    _ => x.join(&y)?,
                };
                Ok(Layout::Array {
                    item: Box::new(item),
                    room: rx.max(ry),
                    most: mx.max(my),
                    len: if lx == ly { lx } else { None },
                })
            }
        }
    }
    /// The bytes of its largest tensor. Plugins abort on some that are larger than any memory.
    ///
    /// # Errors
    /// If one is.
    pub(super) fn fits_memory(&self) -> Result<u64> {
        let mut largest = 0;
        for t in self.leaves() {
            let most = t.shape.iter().copied().max().unwrap_or(0);
            let bytes = t.elements().saturating_mul(t.dtype.bytes() as u64);
            largest = bytes.max(largest);
            if most.max(bytes) > MAX_BYTES {
                let why = "it is larger than any memory: its extents must be smaller";
                return Err(Unsupported::new(format!("a value of type {t}"), why));
            }
        }
        Ok(largest)
    }
    /// With no length known, and no more room than needed: how a loop carries it.
    pub(super) fn carried(&self) -> Layout {
        match self {
            Layout::Tensor(_) => self.clone(),
            Layout::Record(fields) => Layout::Record(fields.iter().map(Layout::carried).collect()),
            Layout::Array { item, most, .. } => Layout::Array {
                item: Box::new(item.carried()),
                room: *most,
                most: *most,
                len: None,
            },
        }
    }
}

/// The layout of an item of either array.
pub(super) fn join_items(a: &Array, b: &Array) -> Result<Layout> {
    a.items.layout_within(1).join(&b.items.layout_within(1))
}

fn differ(a: &Layout, b: &Layout) -> Unsupported {
    Unsupported::new(
        "a value with two shapes",
        format!(
            "it is {} on one way and {} on the other; give it one shape",
            show(a),
            show(b)
        ),
    )
}

/// A layout for messages.
pub fn show(l: &Layout) -> String {
    match l {
        Layout::Tensor(t) => t.to_string(),
        Layout::Record(fields) => {
            let list: Vec<String> = fields.iter().map(show).collect();
            format!("{{{}}}", list.join(", "))
        }
        Layout::Array { item, most, .. } => format!("at most {most} of {}", show(item)),
    }
}

impl Cx<'_> {
    /// The value in a layout that [`Layout::join`] made of its own and others.
    ///
    /// # Errors
    /// If it was not made so.
    pub fn coerce(&mut self, s: &Sym, to: &Layout) -> Result<Sym> {
        self.coerce_within(s, to, &[])
    }
    /// Inside arrays: every tensor has the leading extents `outer`.
    pub(super) fn coerce_within(&mut self, s: &Sym, to: &Layout, outer: &[u64]) -> Result<Sym> {
        match (s, to) {
            (Sym::Tensor(t), Layout::Tensor(want)) => {
                let shape = outer.iter().chain(&want.shape);
                if t.ty.shape.iter().eq(shape.clone()) {
                    return Ok(s.clone());
                }
                if t.ty.elements() == 0 {
                    let ty = TensorLayout::new(t.ty.dtype, shape.copied());
                    return Ok(self.zeros(ty).into());
                }
                Err(differ(&s.layout(), to))
            }
            (Sym::Record(fields), Layout::Record(want)) if fields.len() == want.len() => {
                let mut out = Vec::with_capacity(fields.len());
                for (f, w) in fields.iter().zip(want) {
                    out.push(self.coerce_within(f, w, outer)?);
                }
                Ok(Sym::Record(out))
            }
            (Sym::Tensor(t), Layout::Array { .. }) => {
                let Some(&n) = t.ty.shape.get(outer.len()) else {
                    return Err(differ(&s.layout(), to));
                };
                let len = TensorLayout::new(DType::U64, outer.iter().copied());
                let a = Array {
                    items: Box::new(s.clone()),
                    len: self.splat(Scalar::U64(n), len),
                    room: n,
                    most: n,
                };
                self.coerce_within(&Sym::Array(a), to, outer)
            }
            (
                Sym::Array(a),
                Layout::Array {
                    item, room, most, ..
                },
            ) => {
                let mut within = outer.to_vec();
                within.push(*room);
                let items = if a.most == 0 {
                    self.blank_within(item, &within)
                } else {
                    let items = self.with_room(&a.items, outer.len(), *room)?;
                    self.coerce_within(&items, item, &within)?
                };
                Ok(Sym::Array(Array {
                    items: Box::new(items),
                    len: a.len.clone(),
                    room: *room,
                    // Of arrays in arrays: what is stored into one of them may be longer than all so far.
                    most: if outer.is_empty() {
                        a.most.min(*room)
                    } else {
                        *most
                    },
                }))
            }
            (Sym::Array(_) | Sym::Record(_), _) | (Sym::Tensor(_), Layout::Record(_)) => {
                Err(differ(&s.layout(), to))
            }
        }
    }
    /// Every tensor of `s` with that extent along an axis: padded with zeros, or cut.
    pub(super) fn with_room(&mut self, s: &Sym, axis: usize, room: u64) -> Result<Sym> {
        s.map(&mut |t: &Tensor| {
            let have = t.ty.shape[axis];
            Ok(match have.cmp(&room) {
                std::cmp::Ordering::Equal => t.clone(),
                std::cmp::Ordering::Greater => self.head(t, axis, room),
                std::cmp::Ordering::Less => {
                    let mut ty = t.ty.clone();
                    ty.shape[axis] = room;
                    let zero = self.zeros(TensorLayout::scalar(ty.dtype));
                    let rank = ty.shape.len();
                    let high = (0..rank).map(|k| if k == axis { (room - have) as i64 } else { 0 });
                    let attributes = format!(
                        "edge_padding_low = {z}, edge_padding_high = {}, interior_padding = {z}",
                        i64s(high),
                        z = i64s(vec![0; rank])
                    );
                    self.op("pad", &[t, &zero], &attributes, ty)
                }
            })
        })
    }
    /// The first `n` elements along an axis.
    pub fn head(&mut self, t: &Tensor, axis: usize, n: u64) -> Tensor {
        self.part(t, axis, 0, n)
    }
    /// `n` elements along an axis, from `lo`.
    pub fn part(&mut self, t: &Tensor, axis: usize, lo: u64, n: u64) -> Tensor {
        if t.ty.shape[axis] == n {
            return t.clone();
        }
        let mut ty = t.ty.clone();
        ty.shape[axis] = n;
        let rank = ty.shape.len();
        let at = |from: u64| (0..rank).map(move |k| if k == axis { from as i64 } else { 0 });
        let limits = ty.shape.iter().zip(at(lo)).map(|(&n, lo)| lo + n as i64);
        let attributes = format!(
            "start_indices = {}, limit_indices = {}, strides = {}",
            i64s(at(lo)),
            i64s(limits),
            i64s(vec![1; rank])
        );
        self.op("slice", &[t], &attributes, ty)
    }
    /// The value of that layout that is all zeros.
    pub fn blank(&mut self, layout: &Layout) -> Sym {
        self.blank_within(layout, &[])
    }
    fn blank_within(&mut self, layout: &Layout, outer: &[u64]) -> Sym {
        match layout {
            Layout::Tensor(t) => {
                let shape = outer.iter().chain(&t.shape).copied();
                self.zeros(TensorLayout::new(t.dtype, shape)).into()
            }
            Layout::Record(fields) => {
                Sym::Record(fields.iter().map(|l| self.blank_within(l, outer)).collect())
            }
            Layout::Array { item, room, .. } => {
                let within: Vec<u64> = outer.iter().copied().chain([*room]).collect();
                let len = TensorLayout::new(DType::U64, outer.iter().copied());
                Sym::Array(Array {
                    items: Box::new(self.blank_within(item, &within)),
                    len: self.zeros(len),
                    room: *room,
                    most: 0,
                })
            }
        }
    }
    /// The value as its type wants it: a tensor whose length is known is no [`Array`].
    pub fn settle(&mut self, s: Sym, ty: &Type) -> Sym {
        match (s, ty) {
            (Sym::Array(a), Type::Tensor(_)) => match (a.known_len(), &*a.items) {
                (Some(n), Sym::Tensor(items)) if a.len.ty.shape.is_empty() => {
                    let items = items.clone();
                    self.head(&items, 0, n).into()
                }
                _ => Sym::Array(a),
            },
            (Sym::Record(fields), Type::Record(types)) => Sym::Record(
                fields
                    .into_iter()
                    .zip(types.iter())
                    .map(|(f, t)| self.settle(f, t))
                    .collect(),
            ),
            (Sym::Array(mut a), Type::Seq(_) | Type::Stack(_)) => {
                if let Some(n) = a.len.int() {
                    a.most = a.most.min(n as u64);
                }
                Sym::Array(a)
            }
            (s, _) => s,
        }
    }
    /// The zero of a type: no elements along extents that are not known, empty sequences and stacks.
    pub fn default_of(&mut self, ty: &Type) -> Sym {
        let layout = default_layout(ty);
        self.blank(&layout)
    }
}

/// How the zero of a type is laid out.
pub(super) fn default_layout(ty: &Type) -> Layout {
    match ty {
        Type::Tensor(t) => Layout::Tensor(TensorLayout::new(
            t.dtype,
            t.shape.iter().map(|d| d.known().unwrap_or(0)),
        )),
        Type::Record(fields) => Layout::Record(fields.iter().map(default_layout).collect()),
        Type::Seq(item) | Type::Stack(item) => Layout::Array {
            item: Box::new(default_layout(item)),
            room: 0,
            most: 0,
            len: Some(0),
        },
    }
}
