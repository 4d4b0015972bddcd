//! Literals: scalars to text and back, without loss of a bit.

use crate::value::{Data, Scalar};
use alloc::string::String;
use core::fmt::Write;

/// A binary floating-point format.
#[derive(Copy, Clone, Debug)]
pub(super) struct Format {
    /// Stored bits of the significand.
    mantissa: u32,
    /// The exponent of the greatest finite numbers.
    max_exp: i64,
}

/// `f32`.
pub(super) const F32: Format = Format {
    mantissa: 23,
    max_exp: 127,
};
/// `f64`.
pub(super) const F64: Format = Format {
    mantissa: 52,
    max_exp: 1023,
};

impl Format {
    fn exp_mask(self) -> u64 {
        (self.max_exp as u64) * 2 + 1
    }
    fn min_exp(self) -> i64 {
        1 - self.max_exp
    }
    fn sign_bit(self) -> u64 {
        1 << (self.mantissa + self.exp_mask().count_ones())
    }
    fn mantissa_mask(self) -> u64 {
        (1 << self.mantissa) - 1
    }

    /// Appends the number with those bits.
    fn write(self, out: &mut String, bits: u64) {
        if bits & self.sign_bit() != 0 {
            out.push('-');
        }
        let frac = bits & self.mantissa_mask();
        let exp = (bits >> self.mantissa) & self.exp_mask();
        if exp == self.exp_mask() {
            if frac == 0 {
                out.push_str("inf");
            } else if frac == 1 << (self.mantissa - 1) {
                out.push_str("nan");
            } else {
                let _ = write!(out, "nan:0x{frac:x}");
            }
            return;
        }
        if exp == 0 && frac == 0 {
            out.push_str("0x0p0");
            return;
        }
        // Subnormals are written with a leading 1 too: one notation for all.
        let (frac, exp) = if exp == 0 {
            let shift = self.mantissa + 1 - (64 - frac.leading_zeros());
            (
                (frac << shift) & self.mantissa_mask(),
                self.min_exp() - i64::from(shift),
            )
        } else {
            (frac, exp as i64 - self.max_exp)
        };
        out.push_str("0x1");
        if frac != 0 {
            let digits = self.mantissa.div_ceil(4);
            let text = alloc::format!(
                "{:0w$x}",
                frac << (digits * 4 - self.mantissa),
                w = digits as usize
            );
            out.push('.');
            out.push_str(text.trim_end_matches('0'));
        }
        let _ = write!(out, "p{exp}");
    }
}

/// Appends a scalar as the text form has it, without its type.
pub(super) fn write_scalar(out: &mut String, s: Scalar) {
    let _ = match s {
        Scalar::Bool(v) => write!(out, "{v}"),
        Scalar::I8(v) => write!(out, "{v}"),
        Scalar::I16(v) => write!(out, "{v}"),
        Scalar::I32(v) => write!(out, "{v}"),
        Scalar::I64(v) => write!(out, "{v}"),
        Scalar::U8(v) => write!(out, "{v}"),
        Scalar::U16(v) => write!(out, "{v}"),
        Scalar::U32(v) => write!(out, "{v}"),
        Scalar::U64(v) => write!(out, "{v}"),
        Scalar::F32(v) => {
            F32.write(out, v.to_bits().into());
            Ok(())
        }
        Scalar::F64(v) => {
            F64.write(out, v.to_bits());
            Ok(())
        }
        Scalar::C64(v) => {
            write_pair(out, Scalar::F32(v.re), Scalar::F32(v.im));
            Ok(())
        }
        Scalar::C128(v) => {
            write_pair(out, Scalar::F64(v.re), Scalar::F64(v.im));
            Ok(())
        }
    };
}

fn write_pair(out: &mut String, re: Scalar, im: Scalar) {
    out.push('(');
    write_scalar(out, re);
    out.push_str(", ");
    write_scalar(out, im);
    out.push(')');
}

/// Appends the elements in brackets.
pub(super) fn write_data(out: &mut String, d: &Data) {
    out.push('[');
    for i in 0..d.len() {
        if i != 0 {
            out.push_str(", ");
        }
        write_scalar(out, d.get(i));
    }
    out.push(']');
}

/// A number in decimal for a reader's eye, where the exact notation is hexadecimal.
pub(super) fn decimal(s: Scalar) -> Option<String> {
    match s {
        Scalar::F32(v) => Some(alloc::format!("{v}")),
        Scalar::F64(v) if v.abs() < 1e15 && (v == 0.0 || v.abs() >= 1e-5) => {
            Some(alloc::format!("{v}"))
        }
        Scalar::F64(v) => Some(alloc::format!("{v:e}")),
        Scalar::C64(v) => Some(alloc::format!("({}, {})", v.re, v.im)),
        Scalar::C128(v) => Some(alloc::format!("({:?}, {:?})", v.re, v.im)),
        Scalar::Bool(_)
        | Scalar::I8(_)
        | Scalar::I16(_)
        | Scalar::I32(_)
        | Scalar::I64(_)
        | Scalar::U8(_)
        | Scalar::U16(_)
        | Scalar::U32(_)
        | Scalar::U64(_) => None,
    }
}
