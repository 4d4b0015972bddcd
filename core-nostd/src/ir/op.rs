//! The operations, as data. What each one means is in [`crate::ops`], one file per family.
//!
//! Invariant: nothing here has behaviour beyond names and arity. Op names are StableHLO's where one exists.

use super::host::HostCall;
use super::types::{DType, Dim, Shape, Type};
use super::window::WindowOp;
use crate::entity::{FuncId, Label, Slot};
use crate::value::{Scalar, Tensor};
use alloc::string::String;
use alloc::sync::Arc;
use alloc::vec::Vec;

/// Declares a fieldless enum of ops with names, docs, `ALL` and `from_name`.
macro_rules! op_list {
    ($(#[$doc:meta])* $name:ident { $($variant:ident $text:literal $vdoc:literal,)* }) => {
        $(#[$doc])*
        #[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
        pub enum $name { $(#[doc = $vdoc] $variant,)* }
        impl $name {
            /// All of them, in the order of their binary codes.
            pub const ALL: &'static [$name] = &[$($name::$variant,)*];
            /// The name in the text form.
            pub const fn name(self) -> &'static str {
                match self { $($name::$variant => $text,)* }
            }
            /// One line on what it computes.
            pub const fn doc(self) -> &'static str {
                match self { $($name::$variant => $vdoc,)* }
            }
            /// The op of that name.
            pub fn from_name(s: &str) -> Option<$name> {
                $name::ALL.iter().copied().find(|o| o.name() == s)
            }
        }
    };
}

op_list! {
    /// Elementwise operations of one operand; the result has the operand's shape.
    UnaryOp {
        Neg "negate" "`-x`; traps on integer overflow.",
        Not "not" "Bitwise complement of an integer, logical of a `bool`.",
        Abs "abs" "Absolute value; of a complex number its (real) modulus. Traps on integer overflow.",
        Sign "sign" "-1, 0 or 1 by sign (of a float: NaN and signed zeros pass through); of a complex number `z/|z|`, 0 at 0.",
        Floor "floor" "Largest integer not above.",
        Ceil "ceil" "Smallest integer not below.",
        Round "round_nearest_afz" "Nearest integer, ties away from zero (Rust's `round`).",
        RoundEven "round_nearest_even" "Nearest integer, ties to even.",
        Trunc "trunc" "Integer part.",
        Sqrt "sqrt" "Square root.",
        Rsqrt "rsqrt" "`1/sqrt(x)`.",
        Cbrt "cbrt" "Cube root.",
        Recip "recip" "`1/x`.",
        Square "square" "`x*x`.",
        Exp "exponential" "`e^x`.",
        Exp2 "exp2" "`2^x`.",
        Expm1 "exponential_minus_one" "`e^x - 1`, accurate near 0.",
        Log "log" "Natural logarithm.",
        Log2 "log2" "Base-2 logarithm.",
        Log10 "log10" "Base-10 logarithm.",
        Log1p "log_plus_one" "`log(1 + x)`, accurate near 0.",
        Sin "sine" "Sine.",
        Cos "cosine" "Cosine.",
        Tan "tan" "Tangent.",
        Asin "asin" "Inverse sine.",
        Acos "acos" "Inverse cosine.",
        Atan "atan" "Inverse tangent.",
        Sinh "sinh" "Hyperbolic sine.",
        Cosh "cosh" "Hyperbolic cosine.",
        Tanh "tanh" "Hyperbolic tangent.",
        Asinh "asinh" "Inverse hyperbolic sine.",
        Acosh "acosh" "Inverse hyperbolic cosine.",
        Atanh "atanh" "Inverse hyperbolic tangent.",
        Logistic "logistic" "`1/(1 + e^-x)`.",
        Erf "erf" "Error function.",
        Erfc "erfc" "Complementary error function.",
        ErfInv "erf_inv" "Inverse error function.",
        Lgamma "lgamma" "Logarithm of the absolute value of the gamma function.",
        Digamma "digamma" "Logarithmic derivative of the gamma function.",
        IsFinite "is_finite" "Whether neither infinite nor NaN; a `bool`.",
        IsNan "is_nan" "Whether NaN; a `bool`.",
        Real "real" "Real part of a complex number; a real number itself.",
        Imag "imag" "Imaginary part of a complex number; 0 of a real number.",
        Conj "conj" "Complex conjugate; a real number itself.",
        PopCount "popcnt" "Number of one bits.",
        LeadingZeros "count_leading_zeros" "Number of leading zero bits.",
        TrailingZeros "count_trailing_zeros" "Number of trailing zero bits.",
        StopGradient "stop_gradient" "The operand itself, with derivative zero.",
    }
}

op_list! {
    /// Elementwise operations of two operands of one shape.
    BinaryOp {
        Add "add" "`a + b`; traps on integer overflow.",
        Sub "subtract" "`a - b`; traps on integer overflow.",
        Mul "multiply" "`a * b`; traps on integer overflow.",
        Div "divide" "`a / b`; integers truncate, and trap on division by zero and overflow.",
        Rem "remainder" "Remainder with the sign of `a` (Rust's `%`); integers trap as `divide` does.",
        RemEuclid "rem_euclid" "Rust's `rem_euclid`: the least non-negative remainder.",
        DivEuclid "div_euclid" "Rust's `div_euclid`.",
        WrappingAdd "wrapping_add" "Integer sum modulo 2^bits.",
        WrappingSub "wrapping_sub" "Integer difference modulo 2^bits.",
        WrappingMul "wrapping_mul" "Integer product modulo 2^bits.",
        Min "minimum" "The smaller; NaN if either is NaN (StableHLO).",
        Max "maximum" "The larger; NaN if either is NaN (StableHLO).",
        FMin "fmin" "The smaller; the other operand if one is NaN (Rust's `f64::min`).",
        FMax "fmax" "The larger; the other operand if one is NaN (Rust's `f64::max`).",
        Pow "power" "`a^b`, floats or complex; integers by repeated multiplication, trapping on overflow.",
        Powi "powi" "`a^n` for an integer `n` (any integer type) and float or complex `a`.",
        Atan2 "atan2" "Angle of the point `(b, a)`.",
        Hypot "hypot" "`sqrt(a*a + b*b)` without undue overflow.",
        Copysign "copysign" "`|a|` with the sign of `b`.",
        And "and" "Bitwise and; logical of `bool`.",
        Or "or" "Bitwise or; logical of `bool`.",
        Xor "xor" "Bitwise exclusive or; logical of `bool`.",
        Shl "shift_left" "`a << b`; traps if `b` is not below the bits of `a`. `b` is any integer type.",
        Shr "shift_right" "`a >> b`, arithmetic if signed; traps if `b` is not below the bits of `a`.",
        Complex "complex" "The complex number `a + i b` of two floats.",
        Polygamma "polygamma" "The `a`-th derivative of digamma at `b`; `a` is an integer-valued float >= 0.",
    }
}

op_list! {
    /// Elementwise operations of three operands of one shape.
    TernaryOp {
        Select "select" "`b` where `a` (a `bool` tensor of their shape, or a scalar) holds, else `c`.",
        Clamp "clamp" "`b` limited to `[a, c]`; operands `(low, x, high)`.",
        Fma "fma" "`a * b + c`, rounded once.",
    }
}

op_list! {
    /// Elementwise comparisons; the result is a `bool` tensor. Complex numbers only `eq` and `ne`.
    CompareOp {
        Eq "eq" "Equal.",
        Ne "ne" "Not equal.",
        Lt "lt" "Less.",
        Le "le" "Less or equal.",
        Gt "gt" "Greater.",
        Ge "ge" "Greater or equal.",
    }
}

op_list! {
    /// Reductions over axes.
    ReduceOp {
        Sum "reduce_sum" "Sum; 0 of nothing.",
        Prod "reduce_prod" "Product; 1 of nothing.",
        Min "reduce_min" "Least, NaN if any is; of nothing +inf or the type's greatest.",
        Max "reduce_max" "Greatest, NaN if any is; of nothing -inf or the type's least.",
        Any "reduce_any" "Whether any `bool` holds.",
        All "reduce_all" "Whether every `bool` holds.",
    }
}

op_list! {
    /// Index of an extreme along one axis, as `u64`; the first one if several.
    ArgReduceOp {
        ArgMin "argmin" "Index of the least (of the first NaN if any); traps on an empty axis.",
        ArgMax "argmax" "Index of the greatest (of the first NaN if any); traps on an empty axis.",
    }
}

op_list! {
    /// Running reductions along one axis.
    CumOp {
        Sum "cumsum" "Running sum.",
        Prod "cumprod" "Running product.",
        Min "cummin" "Running minimum.",
        Max "cummax" "Running maximum.",
    }
}

/// One step of a [`Path`].
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub enum Step {
    /// Field of a record.
    Field(u32),
    /// Element of a tensor (its leading extent) or sequence; the index is the next index operand, of any integer type.
    Index,
}

/// Where in a value an access goes: `a[i].1[j]` is `[Index, Field(1), Index]` with two index operands.
pub type Path = Vec<Step>;

/// Axes that a `dot_general` pairs.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default)]
pub struct DotDims {
    /// Batch axes of the left operand.
    pub lhs_batch: Vec<u32>,
    /// Batch axes of the right operand, paired with the left's.
    pub rhs_batch: Vec<u32>,
    /// Contracted axes of the left operand.
    pub lhs_contract: Vec<u32>,
    /// Contracted axes of the right operand, paired with the left's.
    pub rhs_contract: Vec<u32>,
}

/// Which derivative of a function a [`ControlOp::Derive`] calls.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub enum DeriveKind {
    /// Operands: the primals. Results: the cotangents of the chosen parameters. The function has one float scalar result.
    Gradient,
    /// As `Gradient`, with the function's result first.
    ValueAndGradient,
    /// Operands: the primals, then a tangent for each chosen parameter. Results: the function's, then the tangents of
    /// those that have a tangent space.
    Jvp,
    /// Operands: the primals, then a cotangent for each result that has a tangent space. Results: the function's, then
    /// the cotangents of the chosen parameters.
    Vjp,
    /// No derivative, but made as one is: the function batched. The chosen parameters, which may be of any type, are arrays
    /// with an item for each lane ([`Type::array_of`]), the results too.
    Batch,
}

/// Constants.
#[derive(Clone, PartialEq, Debug)]
pub enum ConstOp {
    /// A scalar constant.
    Scalar(Scalar),
    /// A tensor constant of rank >= 1.
    Tensor(Arc<Tensor>),
    /// The zero of a type: 0 and `false` at the leaves, 0 for each unknown extent, empty sequences and stacks.
    /// Fills what no path defines (the other variant of an enum, a diverging arm).
    Default(Type),
}

/// Records, and reads and writes at a [`Path`].
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum PlaceOp {
    /// A record of the operands.
    Record,
    /// `base[path]`. Operands: base, then one index per `Index` step.
    Get(Path),
    /// `base` with `base[path]` replaced. Operands: base, new value, indices.
    Update(Path),
    /// `base` with `x` added to `base[path]` (structural sum). Operands: base, `x`, indices. The transpose of `get`.
    AddAt(Path),
}

/// Arrays as Rust has them: tensors by their leading extent, sequences, stacks.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum ArrayOp {
    /// Elements `lo..hi` along the leading extent of a tensor or sequence. Operands: a, lo, hi.
    Slice,
    /// `a` with elements from `lo` replaced by those of `b`. Operands: a, b, lo.
    UpdateSlice,
    /// `a` with `b` added to the elements from `lo` (structural sum). Operands: a, b, lo. The transpose of `slice`.
    AddSlice,
    /// Number of elements of a tensor's leading extent, a sequence or a stack, as `u64`.
    Len,
    /// The extent of an axis of a tensor, as `u64`.
    Dim(u32),
    /// An array of `n` copies. Operands: x, n. The type is [`Type::array_of`] with extent `?`.
    Fill,
    /// An array of the operands (at least one, of one type), [`Type::array_of`] with that extent.
    Array,
    /// Appends an element to a tensor (the result's leading extent is `?`), sequence or stack. Operands: a, x.
    Push,
    /// Removes the last element. Operand: a. Results: the rest (leading extent `?`), the element. Traps if empty.
    Pop,
}

/// Shape changes of tensors.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum ShapeOp {
    /// The same elements in another shape. Extents `?` are given by operands after the first, in order, as `u64`.
    Reshape(Shape),
    /// Permutation of axes: result axis `i` is operand axis `perm[i]`.
    Transpose(Vec<u32>),
    /// StableHLO `broadcast_in_dim`: operand axis `i` becomes result axis `dims[i]`; an extent 1 stretches. Extents `?` are
    /// given by operands after the first, in order, as `u64`.
    Broadcast {
        /// The result's shape.
        shape: Shape,
        /// The result axis of each operand axis, ascending.
        dims: Vec<u32>,
    },
    /// Operands one after another along an axis; sequences too (axis 0).
    Concat(u32),
    /// Padding of each axis with the second operand (a scalar): `(low, high, interior)`; low and high may be negative.
    Pad(Vec<(i64, i64, u64)>),
    /// The elements of an axis range with a stride: `(start, limit, stride)` per axis. StableHLO's `slice`. Traps if out of range.
    StridedSlice(Vec<(u64, u64, u64)>),
    /// Order reversed along axes.
    Reverse(Vec<u32>),
    /// 0, 1, 2, … along an axis. Extents `?` are given by operands, in order, as `u64`.
    Iota {
        /// Integer, float or complex.
        dtype: DType,
        /// The result's shape.
        shape: Shape,
        /// The axis along which it counts.
        axis: u32,
    },
}

/// Reads and sums by tensors of indices.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum IndexOp {
    /// Rows by index along an axis. Operands: a, indices (integer tensor or scalar). The axis is replaced by the indices' shape. Traps if
    /// out of range.
    Gather(u32),
    /// `a` with updates added along an axis. Operands: a, indices, updates (shaped as `gather`'s result). The transpose of `gather`.
    ScatterAdd(u32),
}

/// Reductions and scans.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Reduction {
    /// See [`ReduceOp`]; the axes ascend and are dropped.
    Axes(ReduceOp, Vec<u32>),
    /// See [`ArgReduceOp`]; the axis is dropped.
    Arg(ArgReduceOp, u32),
    /// See [`CumOp`]; along the axis, from the end if `reverse`.
    Cumulative {
        /// Which.
        op: CumOp,
        /// Along which axis.
        axis: u32,
        /// From the end.
        reverse: bool,
    },
}

/// Changes of element type.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub enum ConvertOp {
    /// As Rust's `as` (float to integer saturates, NaN to 0); `bool` from numbers is `!= 0`; to complex: imaginary part 0; from complex to real: the
    /// real part.
    To(DType),
    /// Reinterpretation of the bits as a type of the same size (integers and floats).
    Bitcast(DType),
}

/// Counter-based random bits (threefry2x32, 20 rounds). Operand: key `u32[2]`. Result: uniform bits of `u32` or `u64`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct RngBits {
    /// `u32` or `u64`.
    pub dtype: DType,
    /// The result's shape, all extents known.
    pub shape: Shape,
}

/// Factorizations and systems of equations, of the matrices that the last two axes of a float or complex tensor are; the axes
/// before them are a batch. Nothing is read of a triangle that an op does not name, and it has derivative zero.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub enum LinalgOp {
    /// The lower triangular `l` with positive diagonal and `l l^H = a`, of the Hermitian matrix whose lower triangle `a` holds. Traps
    /// unless it is positive definite.
    Cholesky,
    /// See [`Triangular`]. Operands: a, b. Traps if an element of the diagonal is zero.
    TriangularSolve(Triangular),
    /// Elimination with row exchanges. Results: `u` and, below its diagonal, `l`, whose diagonal is 1; the row of `a` that is each row
    /// of `l u` (`u64`); the number of exchanges (`u64`). A singular matrix has a zero in `u`.
    Lu,
    /// The solution of `op(a) x = b` by what [`LinalgOp::Lu`] gave of `a`. Operands: a, the factors, the rows, b. Only the factors are read, and the
    /// derivative is that by `a` alone: the factors stand for it. Traps if a zero is on the diagonal of `u`.
    LuSolve(TransposeA),
    /// Results: `q` with orthonormal columns and `r`, upper triangular with a diagonal not negative, with `q r = a`, of an `m x n` matrix
    /// with `k = min(m, n)`: `m x k`, `k x n`.
    Qr,
    /// Of the Hermitian matrix whose lower triangle `a` holds. Results: the eigenvalues (real), ascending, and the eigenvectors in the
    /// columns of a unitary matrix.
    Eigh,
}

/// How a triangular system is solved: StableHLO's `triangular_solve`.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub struct Triangular {
    /// `op(a) x = b`, else `x op(a) = b`.
    pub left: bool,
    /// The lower triangle of `a`, else the upper one.
    pub lower: bool,
    /// The diagonal is taken for ones, and not read.
    pub unit: bool,
    /// What `op(a)` is.
    pub transpose: TransposeA,
}

/// How the matrix of a triangular system is taken.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub enum TransposeA {
    /// As it is.
    No,
    /// Transposed.
    Transpose,
    /// Transposed and conjugated.
    Adjoint,
}

/// Discrete Fourier transforms along the last axis: StableHLO's `fft` of one dimension.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub enum FftOp {
    /// `y[k] = sum over j of x[j] e^(-2 pi i j k / n)`, complex.
    Fft,
    /// The inverse of [`FftOp::Fft`], with the factor `1/n`.
    Ifft,
    /// The first `n/2 + 1` elements of the transform of a real vector; the others are their conjugates.
    Rfft,
    /// The real vector of that many elements whose [`FftOp::Rfft`] the operand is. A `?` is given by an operand, as `u64`. The imaginary
    /// parts of the first element, and of the last one of an even length, are not read.
    Irfft(Dim),
}

/// What automatic differentiation adds.
#[derive(Clone, PartialEq, Debug)]
pub enum TangentOp {
    /// The zero of the operand's tangent type, with its run-time structure.
    ZerosLike,
    /// Structural sum of two values of one tangent type.
    Accumulate,
    /// A linear map known only by its transpose: operands are residuals then tangents (`tangents` many). The function takes
    /// the residuals, then a cotangent for each result, and returns a cotangent for each tangent.
    CustomLinear {
        /// The transpose.
        transpose: FuncId,
        /// How many of the operands, at the end, are tangents.
        tangents: u32,
        /// The types of the results (tangent types).
        results: Vec<Type>,
    },
}

/// Control flow. Regions may use values of enclosing regions.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum ControlOp {
    /// Operand: a `bool`. Regions: then, else, without parameters.
    If,
    /// Operand: an integer. Regions: one per case, without parameters; out of range takes the last.
    Switch,
    /// Operands: initial values. Regions: condition (parameters -> `bool`), body (parameters -> next values).
    While,
    /// Operands: lo, hi (one integer type), initial values. Region: body (index, values -> next values), for each index of `lo..hi` in order.
    For,
    /// Operands: tensors of one shape (at least one). Region: (scalars -> scalars), applied elementwise; results are tensors.
    Map,
    /// A call. Operands and results as the function's.
    Call(FuncId),
    /// A call of a derivative; replaced by a plain call before running (see `ad::expand`).
    Derive {
        /// The function.
        func: FuncId,
        /// Which derivative.
        kind: DeriveKind,
        /// The chosen parameters, ascending.
        wrt: Vec<u32>,
    },
}

/// What bounds the memory that checkpoints of a loop take.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub enum Budget {
    /// At most so many states of the loop are kept.
    Slots,
    /// As many states as fit into so many bytes, one at least.
    Bytes,
}

/// Traps, the mark of what reverse mode computes again, and calls out of the program.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum EffectOp {
    /// Traps with the message unless the operand (a `bool`) holds.
    Assert(String),
    /// Traps with the message.
    Panic(String),
    /// Traps as a read out of range does unless `0 <= i < n`. Operands: i (any integer type), n (`u64`).
    CheckIndex,
    /// Traps as a slice out of range does unless `0 <= lo <= hi <= n`. Operands: lo, hi (any integer types), n (`u64`).
    CheckRange,
    /// Does nothing by itself. Reverse mode saves no residuals of the innermost loop around it (of the function, outside loops):
    /// it keeps states of the loop within the budget and computes from them again. Operand: the budget (`u64`), known before the loop.
    Checkpoint(Budget),
    /// Calls a function of the host by name; operands and results are its own. Never dropped, repeated or moved across another.
    Host(HostCall),
}

/// The slot stage of the front end; `structurize` and `mem2reg` remove these.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum SlotOp {
    /// Reads `slot[path]`. Operands: indices.
    Get(Slot, Path),
    /// Writes `slot[path]`. Operands: value, indices.
    Set(Slot, Path),
    /// Region: body, without parameters or yields. `br` to the label leaves it.
    Block(Label),
    /// Leaves the enclosing block of that label; nothing after it in its region is run.
    Br(Label),
}

/// An operation, by family. Operands, regions and results are in [`InstData`](super::InstData).
#[derive(Clone, PartialEq, Debug)]
pub enum Op {
    /// Constants.
    Const(ConstOp),
    /// Elementwise, one operand.
    Unary(UnaryOp),
    /// Elementwise, two operands.
    Binary(BinaryOp),
    /// Elementwise, three operands.
    Ternary(TernaryOp),
    /// Elementwise comparisons.
    Compare(CompareOp),
    /// Elementwise changes of element type.
    Convert(ConvertOp),
    /// Records, reads and writes.
    Place(PlaceOp),
    /// Rust's arrays.
    Array(ArrayOp),
    /// Shape changes.
    Shape(ShapeOp),
    /// Gather and scatter.
    Index(IndexOp),
    /// Reductions and scans.
    Reduce(Reduction),
    /// Stable ascending sort along an axis by the first operand (floats by total order); the others (same shape) are permuted alike.
    /// One result per operand.
    Sort(u32),
    /// StableHLO `dot_general`: result axes are batch, left free, right free.
    Dot(DotDims),
    /// Random bits.
    Random(RngBits),
    /// Factorizations and systems of equations.
    Linalg(LinalgOp),
    /// Discrete Fourier transforms.
    Fft(FftOp),
    /// Convolutions and reductions over windows.
    Window(WindowOp),
    /// Automatic differentiation.
    Tangent(TangentOp),
    /// Control flow.
    Control(ControlOp),
    /// Traps.
    Effect(EffectOp),
    /// The slot stage.
    Slot(SlotOp),
}

macro_rules! from_family {
    ($($family:ident $ty:ident,)*) => {$(
        impl From<$ty> for Op {
            fn from(o: $ty) -> Op {
                Op::$family(o)
            }
        }
    )*};
}
from_family! {
    Const ConstOp, Unary UnaryOp, Binary BinaryOp, Ternary TernaryOp, Compare CompareOp, Convert ConvertOp, Place PlaceOp, Array ArrayOp, Shape ShapeOp,
    Index IndexOp, Reduce Reduction, Dot DotDims, Random RngBits, Linalg LinalgOp, Fft FftOp, Window WindowOp, Tangent TangentOp, Control ControlOp, Effect EffectOp, Slot SlotOp,
}
