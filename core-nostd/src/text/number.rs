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

impl Format {
    pub(super) fn infinity(self) -> u64 {
        self.exp_mask() << self.mantissa
    }
    pub(super) fn quiet_nan(self) -> u64 {
        self.infinity() | 1 << (self.mantissa - 1)
    }
    /// The NaN with those bits in its significand, which must be some and fit.
    pub(super) fn nan(self, payload: u64) -> Option<u64> {
        (payload != 0 && payload <= self.mantissa_mask()).then(|| self.infinity() | payload)
    }
    pub(super) fn negate(self, bits: u64) -> u64 {
        bits ^ self.sign_bit()
    }
    /// The bits of a hexadecimal number (after `0x`), which must be exact.
    pub(super) fn read_hex(self, text: &str) -> Result<u64, &'static str> {
        let (digits, exp) = match text.split_once(['p', 'P']) {
            Some((d, e)) => (d, e.parse().map_err(|_| "the exponent is out of range")?),
            None => (text, 0i64),
        };
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
        let mut significand = 0u64;
        let mut exp = i128::from(exp);
        let all = whole
            .bytes()
            .map(|c| (c, 0))
            .chain(fraction.bytes().map(|c| (c, 4)));
        for (c, shift) in all {
            let d = (c as char).to_digit(16).ok_or("not a hexadecimal number")?;
            if significand >> 60 == 0 {
                significand = significand << 4 | u64::from(d);
                exp -= shift;
            } else if d == 0 {
                exp += 4 - shift;
            } else {
                return Err("more digits than the type holds");
            }
        }
        if whole.is_empty() {
            return Err("not a hexadecimal number");
        }
        if significand == 0 {
            return Ok(0);
        }
        exp += i128::from(significand.trailing_zeros());
        significand >>= significand.trailing_zeros();
        let bits = 64 - significand.leading_zeros();
        let top = exp + i128::from(bits) - 1;
        if top > self.max_exp.into() {
            return Err("too large for the type");
        }
        let least = i128::from(self.min_exp()) - i128::from(self.mantissa);
        if bits > self.mantissa + 1 || exp < least {
            return Err("more digits than the type holds");
        }
        Ok(if top < self.min_exp().into() {
            significand << (exp - least) as u32
        } else {
            let biased = (top + i128::from(self.max_exp)) as u64;
            (significand << (self.mantissa + 1 - bits)) & self.mantissa_mask()
                | biased << self.mantissa
        })
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

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::string::ToString;

    fn hex(x: f64) -> String {
        let mut s = String::new();
        write_scalar(&mut s, x.into());
        s
    }

    #[test]
    fn writes_c99() {
        assert_eq!(hex(1.0), "0x1p0");
        assert_eq!(hex(-0.1), "-0x1.999999999999ap-4");
        assert_eq!(hex(f64::MAX), "0x1.fffffffffffffp1023");
        assert_eq!(hex(5e-324), "0x1p-1074");
        assert_eq!(hex(-0.0), "-0x0p0");
        assert_eq!(hex(f64::from_bits(0x7ff0_0000_0000_0001)), "nan:0x1");
        assert_eq!(hex(f64::NAN), "nan".to_string());
        let mut s = String::new();
        write_scalar(&mut s, 0.1f32.into());
        assert_eq!(s, "0x1.99999ap-4");
    }

    #[test]
    fn hex_round_trips_every_kind_of_bits() {
        let mut x = 0x9e37_79b9_7f4a_7c15u64;
        for i in 0..20_000u64 {
            x = x.wrapping_mul(6364136223846793005).wrapping_add(i);
            // Small exponents and few digits often, so that subnormals and short numbers come up.
            let bits = match i % 3 {
                0 => x,
                1 => x >> 12,
                _ => x & 0xffff_0000_0000_0000,
            } & !(1 << 63);
            for (f, b) in [(F64, bits), (F32, bits >> 33)] {
                if b >> f.mantissa == f.exp_mask() {
                    continue;
                }
                let mut s = String::new();
                f.write(&mut s, b);
                assert_eq!(f.read_hex(s.strip_prefix("0x").unwrap()), Ok(b), "{s}");
            }
        }
        for bad in [
            "",
            "g",
            "1p",
            "1p99999999999999999999",
            "1p1024",
            "1p-1075",
            "1.00000000000001",
            ".8",
        ] {
            assert!(F64.read_hex(bad).is_err(), "{bad}");
        }
        assert_eq!(F64.read_hex("0.8p1"), Ok(1f64.to_bits()));
        assert_eq!(
            F64.read_hex("100000000000000000000"),
            Ok(2f64.powi(80).to_bits())
        );
    }
}
