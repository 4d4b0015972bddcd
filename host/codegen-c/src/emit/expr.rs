//! Operands, addresses and right-hand sides as C expressions.

use super::scope::{c_type, short};
use cotangent_core::entity::PrimaryMap;
use cotangent_kernels::math::Fn2;
use cotangent_kernels::{CFunction, Precision};
use cotangent_lower::abi::Callback;
use cotangent_lower::lir::{Addr, Bin, Cmp, Cvt, Math1, Math2, Opnd, Reg, Rv, Ty, Un};
use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;

/// Knows the types of a function's registers and the numbers of callbacks.
pub(super) struct Exprs<'a> {
    pub(super) regs: &'a PrimaryMap<Reg, Ty>,
    pub(super) callbacks: &'a [Callback],
    /// Whether the statement is in a loop that a C compiler may widen: there the functions are those without branches.
    pub(super) wide: Cell<bool>,
    /// The functions without branches that the text names.
    pub(super) used: RefCell<BTreeSet<CFunction>>,
}

impl Exprs<'_> {
    /// The type of an operand.
    pub(super) fn ty(&self, a: Opnd) -> Ty {
        a.ty(self.regs)
    }
    /// An operand.
    pub(super) fn opnd(&self, a: Opnd) -> String {
        match a {
            Opnd::Reg(r) => r.to_string(),
            Opnd::Const(ty, bits) => constant(ty, bits),
        }
    }
    /// An integer operand read with a sign.
    pub(super) fn signed(&self, a: Opnd) -> String {
        format!("(int{}_t){}", 8 * self.ty(a).bytes(), self.opnd(a))
    }
    /// An address, as a `char *`.
    pub(super) fn addr(&self, a: &Addr) -> String {
        let mut s = self.opnd(a.base);
        if let Some((i, scale)) = a.index {
            s += &match (i.constant(), scale) {
                (Some(i), _) => match i.cast_signed().wrapping_mul(scale.into()) {
                    0 => String::new(),
                    n => format!(" + {n}"),
                },
                (None, 1) => format!(" + {}", self.opnd(i)),
                (None, _) => format!(" + {} * {scale}", self.opnd(i)),
            };
        }
        match a.offset {
            0 => s,
            n if n < 0 => format!("{s} - {}", -i64::from(n)),
            n => format!("{s} + {n}"),
        }
    }
    /// What memory holds there, to read or to set.
    pub(super) fn place(&self, ty: Ty, a: &Addr) -> String {
        let star = if ty == Ty::Ptr { "char **" } else { "" };
        let base = if ty == Ty::Ptr {
            String::new()
        } else {
            format!("{} *", c_type(ty))
        };
        format!("*({base}{star})({})", self.addr(a))
    }
    /// A call of a callback through the context's table.
    pub(super) fn callback(&self, cb: Callback, args: &[String]) -> String {
        let sig = cb.signature();
        let number = self.callbacks.iter().position(|c| *c == cb).unwrap_or(0);
        let result = sig.result.map_or("void", c_type);
        let mut types: Vec<String> = Vec::new();
        let mut all: Vec<String> = Vec::new();
        if sig.ctx {
            types.push("ct_context *".into());
            all.push("ctx".into());
        }
        types.extend(sig.params.iter().map(|t| c_type(*t).to_string()));
        all.extend_from_slice(args);
        format!(
            "(({result} (*)({}))ctx->callbacks[{number}])({})",
            types.join(", "),
            all.join(", ")
        )
    }

    /// A right-hand side.
    pub(super) fn rv(&self, rv: &Rv) -> String {
        match rv {
            Rv::Copy(a) => self.opnd(*a),
            Rv::Un(op, a) => self.unary(*op, *a),
            Rv::Bin(op, a, b) => self.binary(*op, *a, *b),
            Rv::Cmp(op, a, b) => self.cmp(*op, *a, *b),
            Rv::Fma(a, b, c) => format!(
                "fma{}({}, {}, {})",
                suffix(self.ty(*a)),
                self.opnd(*a),
                self.opnd(*b),
                self.opnd(*c)
            ),
            Rv::Select(c, a, b) => {
                format!("{} ? {} : {}", self.opnd(*c), self.opnd(*a), self.opnd(*b))
            }
            Rv::Cvt(how, to, a) => self.convert(*how, *to, *a),
            Rv::Load(ty, addr) => self.place(*ty, addr),
            Rv::Lea(addr) => self.addr(addr),
            Rv::Const(c) => format!("ctx->consts[{}]", c.0),
        }
    }
    fn unary(&self, op: Un, a: Opnd) -> String {
        let ty = self.ty(a);
        let x = self.opnd(a);
        let f = suffix(ty);
        let bits = 8 * ty.bytes();
        match op {
            Un::Neg if ty.is_float() => format!("-{x}"),
            Un::Neg => format!("({})(0 - {x})", c_type(ty)),
            Un::Not => format!("({})~{x}", c_type(ty)),
            Un::FAbs => format!("fabs{f}({x})"),
            Un::Floor => format!("floor{f}({x})"),
            Un::Ceil => format!("ceil{f}({x})"),
            Un::Trunc => format!("trunc{f}({x})"),
            Un::Nearest => format!("rint{f}({x})"),
            Un::Sqrt => format!("sqrt{f}({x})"),
            Un::PopCount => format!("ct_popcount_{bits}({x})"),
            Un::Clz => format!("ct_clz_{bits}({x})"),
            Un::Ctz => format!("ct_ctz_{bits}({x})"),
            Un::Math(m) => match (libm1(m), kernel1(m, ty)) {
                (name, Some(k)) if name.is_none() || self.wide.get() => {
                    let call = format!("{}({x})", k.name());
                    self.used.borrow_mut().insert(k);
                    call
                }
                (Some(name), _) => format!("{name}{f}({x})"),
                (None, _) => self.callback(Callback::Math1(m, ty), &[x]),
            },
        }
    }
    fn binary(&self, op: Bin, a: Opnd, b: Opnd) -> String {
        let ty = self.ty(a);
        let (x, y) = (self.opnd(a), self.opnd(b));
        let infix = |o: &str| {
            // C computes narrow integers as `int`.
            if ty.is_float() || ty.bytes() >= 4 {
                format!("{x} {o} {y}")
            } else {
                format!("({})({x} {o} {y})", c_type(ty))
            }
        };
        let signed = |o: &str| {
            let (x, y) = (self.signed(a), self.signed(b));
            format!("({})({x} {o} {y})", c_type(ty))
        };
        let choose = |c: String| format!("{c} ? {x} : {y}");
        match op {
            Bin::Add | Bin::Accumulate => infix("+"),
            Bin::Sub => infix("-"),
            // `uint16_t` products as `int` may overflow.
            Bin::Mul if ty == Ty::I16 => format!("(uint16_t)((uint32_t){x} * {y})"),
            Bin::Mul => infix("*"),
            Bin::FDiv | Bin::UDiv => infix("/"),
            Bin::URem => infix("%"),
            Bin::SDiv => signed("/"),
            Bin::SRem => signed("%"),
            Bin::And => infix("&"),
            Bin::Or => infix("|"),
            Bin::Xor => infix("^"),
            Bin::Shl => format!("({})((uint64_t){x} << {y})", c_type(ty)),
            Bin::ShrU => infix(">>"),
            Bin::ShrS => format!("({})({} >> {y})", c_type(ty), self.signed(a)),
            Bin::UMin => choose(format!("{x} < {y}")),
            Bin::UMax => choose(format!("{x} > {y}")),
            Bin::SMin => choose(format!("{} < {}", self.signed(a), self.signed(b))),
            Bin::SMax => choose(format!("{} > {}", self.signed(a), self.signed(b))),
            Bin::FMin => format!("ct_min_{}({x}, {y})", short(ty)),
            Bin::FMax => format!("ct_max_{}({x}, {y})", short(ty)),
            Bin::FMinNumber => format!("ct_min_number_{}({x}, {y})", short(ty)),
            Bin::FMaxNumber => format!("ct_max_number_{}({x}, {y})", short(ty)),
            Bin::Copysign => format!("copysign{}({x}, {y})", suffix(ty)),
            Bin::Math(Math2::Pow) if self.wide.get() => {
                let k = CFunction::Of2(Fn2::Pow, precision(ty));
                self.used.borrow_mut().insert(k);
                format!("{}({x}, {y})", k.name())
            }
            Bin::Math(m) => match libm2(m) {
                Some(name) => format!("{name}{}({x}, {y})", suffix(ty)),
                None => self.callback(Callback::Math2(m, ty), &[x, y]),
            },
        }
    }
    fn cmp(&self, op: Cmp, a: Opnd, b: Opnd) -> String {
        let (x, y) = (self.opnd(a), self.opnd(b));
        let bits = 8 * self.ty(a).bytes();
        let signed = |o: &str| format!("{} {o} {}", self.signed(a), self.signed(b));
        let over = |name: &str| format!("ct_{name}_{bits}({x}, {y})");
        match op {
            Cmp::Eq | Cmp::FEq => format!("{x} == {y}"),
            Cmp::Ne | Cmp::FNe => format!("{x} != {y}"),
            Cmp::ULt | Cmp::FLt => format!("{x} < {y}"),
            Cmp::ULe | Cmp::FLe => format!("{x} <= {y}"),
            Cmp::UGt | Cmp::FGt => format!("{x} > {y}"),
            Cmp::UGe | Cmp::FGe => format!("{x} >= {y}"),
            Cmp::SLt => signed("<"),
            Cmp::SLe => signed("<="),
            Cmp::SGt => signed(">"),
            Cmp::SGe => signed(">="),
            Cmp::SAddOv => over("saddov"),
            Cmp::SSubOv => over("ssubov"),
            Cmp::SMulOv => over("smulov"),
            Cmp::UAddOv => over("uaddov"),
            Cmp::USubOv => over("usubov"),
            Cmp::UMulOv => over("umulov"),
        }
    }
    fn convert(&self, how: Cvt, to: Ty, a: Opnd) -> String {
        let from = self.ty(a);
        let x = self.opnd(a);
        let bits = 8 * to.bytes();
        match how {
            Cvt::SExt => format!("({})(int{bits}_t){}", c_type(to), self.signed(a)),
            Cvt::ZExt | Cvt::Trunc | Cvt::UToF | Cvt::Promote | Cvt::Demote => {
                format!("({}){x}", c_type(to))
            }
            Cvt::SToF => format!("({}){}", c_type(to), self.signed(a)),
            Cvt::FToS => format!("ct_{}_to_s{bits}({x})", short(from)),
            Cvt::FToU => format!("ct_{}_to_u{bits}({x})", short(from)),
            Cvt::Bits if from == to => x,
            Cvt::Bits => format!("ct_bits_{}_{}({x})", short(from), short(to)),
        }
    }
}

/// The suffix of C's mathematical functions.
const fn suffix(ty: Ty) -> &'static str {
    match ty {
        Ty::F32 => "f",
        Ty::F64 | Ty::I8 | Ty::I16 | Ty::I32 | Ty::I64 | Ty::Ptr => "",
    }
}

const fn precision(ty: Ty) -> Precision {
    match ty {
        Ty::F32 => Precision::Single,
        Ty::F64 | Ty::I8 | Ty::I16 | Ty::I32 | Ty::I64 | Ty::Ptr => Precision::Double,
    }
}

/// The version of a function without branches.
fn kernel1(m: Math1, ty: Ty) -> Option<CFunction> {
    cotangent_runtime::vector(m).map(|f| CFunction::Of1(f, precision(ty)))
}

/// C's name of a function; `None` for those that the runtime gives.
const fn libm1(m: Math1) -> Option<&'static str> {
    Some(match m {
        Math1::Exp => "exp",
        Math1::Exp2 => "exp2",
        Math1::Expm1 => "expm1",
        Math1::Log => "log",
        Math1::Log2 => "log2",
        Math1::Log10 => "log10",
        Math1::Log1p => "log1p",
        Math1::Sin => "sin",
        Math1::Cos => "cos",
        Math1::Tan => "tan",
        Math1::Asin => "asin",
        Math1::Acos => "acos",
        Math1::Atan => "atan",
        Math1::Sinh => "sinh",
        Math1::Cosh => "cosh",
        Math1::Tanh => "tanh",
        Math1::Asinh => "asinh",
        Math1::Acosh => "acosh",
        Math1::Atanh => "atanh",
        Math1::Cbrt => "cbrt",
        Math1::Erf => "erf",
        Math1::Erfc => "erfc",
        Math1::Round => "round",
        Math1::Logistic | Math1::Lgamma | Math1::Digamma | Math1::ErfInv => return None,
    })
}

/// C's name of a function of two numbers.
const fn libm2(m: Math2) -> Option<&'static str> {
    Some(match m {
        Math2::Pow => "pow",
        Math2::Atan2 => "atan2",
        Math2::Hypot => "hypot",
        Math2::Fmod => "fmod",
        Math2::Polygamma => return None,
    })
}

/// A constant: integers in decimal, floats exactly.
fn constant(ty: Ty, bits: u64) -> String {
    match ty {
        Ty::I8 => (bits as u8).to_string(),
        Ty::I16 => (bits as u16).to_string(),
        Ty::I32 => format!("{}u", bits as u32),
        Ty::I64 => format!("UINT64_C({bits})"),
        Ty::Ptr if bits == 0 => "(char *)0".into(),
        Ty::Ptr => format!("(char *)(uintptr_t)UINT64_C({bits})"),
        Ty::F32 => {
            let x = f32::from_bits(bits as u32);
            if x.is_finite() {
                // The shortest decimal that reads back as the same number.
                format!("{x:?}f")
            } else {
                format!("ct_bits_u32_f32({}u)", bits as u32)
            }
        }
        Ty::F64 => {
            let x = f64::from_bits(bits);
            if x.is_finite() {
                format!("{x:?}")
            } else {
                format!("ct_bits_u64_f64(UINT64_C({bits}))")
            }
        }
    }
}
