//! The IR: structured SSA, data only.
//!
//! A [`Module`] holds [`Func`]s; a function is a tree of regions; control flow is `if`, `switch`, `while`, counted `for`,
//! `map` and `call`. Start with [`Op`] for the operations and [`Builder`] to make programs.

mod builder;
mod copy;
mod func;
mod host;
mod op;
mod types;
mod window;

pub use crate::entity::{FileId, FuncId, Inst, Label, Region, Slot, Value};
pub use builder::Builder;
pub use copy::Copier;
pub use func::{
    CustomRule, Func, InstData, Module, RegionData, SlotData, Span, ValueData, ValueDef,
};
pub use host::{HostBody, HostCall, HostFn};
pub use op::{
    ArgReduceOp, ArrayOp, BinaryOp, Budget, CompareOp, ConstOp, ControlOp, ConvertOp, CumOp,
    DeriveKind, DotDims, EffectOp, FftOp, IndexOp, LinalgOp, Op, Path, PlaceOp, ReduceOp,
    Reduction, RngBits, ShapeOp, SlotOp, Step, TangentOp, TernaryOp, TransposeA, Triangular,
    UnaryOp,
};
pub use types::{DType, Dim, Shape, TensorType, Type};
pub use window::{
    Convolution, Extreme, ImageAxes, KernelAxes, WindowAxis, WindowOp, WindowReduce, Windows,
};
