//! Types of array elements as PJRT numbers them, and the type of an array: elements and extents.

use cotangent_core::ir::DType;
use std::fmt;

/// Element types that arrays on a device may have. (Types of less than a byte are left out.)
#[derive(Copy, Clone, PartialEq, Eq, Debug, Hash)]
#[allow(missing_docs, reason = "each name says all")]
pub enum ElementType {
    Pred,
    S8,
    S16,
    S32,
    S64,
    U8,
    U16,
    U32,
    U64,
    F16,
    F32,
    F64,
    Bf16,
    C64,
    C128,
}

impl ElementType {
    /// All of them.
    pub const ALL: [ElementType; 15] = [
        ElementType::Pred,
        ElementType::S8,
        ElementType::S16,
        ElementType::S32,
        ElementType::S64,
        ElementType::U8,
        ElementType::U16,
        ElementType::U32,
        ElementType::U64,
        ElementType::F16,
        ElementType::F32,
        ElementType::F64,
        ElementType::Bf16,
        ElementType::C64,
        ElementType::C128,
    ];
    /// The number of this type in `PJRT_Buffer_Type`.
    pub const fn number(self) -> i32 {
        // The order of `ALL` is that of the C enumeration, which starts with an invalid type.
        self as i32 + 1
    }
    /// From the number in `PJRT_Buffer_Type`.
    pub fn from_number(n: i32) -> Option<ElementType> {
        ElementType::ALL.into_iter().find(|e| e.number() == n)
    }
    /// From the number in XLA's `PrimitiveType`, which HLO uses and which is another one.
    pub fn from_hlo(n: u64) -> Option<ElementType> {
        Some(match n {
            1 => ElementType::Pred,
            2 => ElementType::S8,
            3 => ElementType::S16,
            4 => ElementType::S32,
            5 => ElementType::S64,
            6 => ElementType::U8,
            7 => ElementType::U16,
            8 => ElementType::U32,
            9 => ElementType::U64,
            10 => ElementType::F16,
            11 => ElementType::F32,
            12 => ElementType::F64,
            15 => ElementType::C64,
            16 => ElementType::Bf16,
            18 => ElementType::C128,
            _ => return None,
        })
    }
    /// Bytes of one element.
    pub const fn bytes(self) -> usize {
        match self {
            ElementType::Pred | ElementType::S8 | ElementType::U8 => 1,
            ElementType::S16 | ElementType::U16 | ElementType::F16 | ElementType::Bf16 => 2,
            ElementType::S32 | ElementType::U32 | ElementType::F32 => 4,
            ElementType::S64 | ElementType::U64 | ElementType::F64 | ElementType::C64 => 8,
            ElementType::C128 => 16,
        }
    }
    /// The name in StableHLO text: `f32`, `i64`, `ui8`, `i1`, `complex<f64>`.
    pub const fn name(self) -> &'static str {
        match self {
            ElementType::Pred => "i1",
            ElementType::S8 => "i8",
            ElementType::S16 => "i16",
            ElementType::S32 => "i32",
            ElementType::S64 => "i64",
            ElementType::U8 => "ui8",
            ElementType::U16 => "ui16",
            ElementType::U32 => "ui32",
            ElementType::U64 => "ui64",
            ElementType::F16 => "f16",
            ElementType::F32 => "f32",
            ElementType::F64 => "f64",
            ElementType::Bf16 => "bf16",
            ElementType::C64 => "complex<f32>",
            ElementType::C128 => "complex<f64>",
        }
    }
}

impl From<DType> for ElementType {
    fn from(d: DType) -> ElementType {
        match d {
            DType::Bool => ElementType::Pred,
            DType::I8 => ElementType::S8,
            DType::I16 => ElementType::S16,
            DType::I32 => ElementType::S32,
            DType::I64 => ElementType::S64,
            DType::U8 => ElementType::U8,
            DType::U16 => ElementType::U16,
            DType::U32 => ElementType::U32,
            DType::U64 => ElementType::U64,
            DType::F32 => ElementType::F32,
            DType::F64 => ElementType::F64,
            DType::C64 => ElementType::C64,
            DType::C128 => ElementType::C128,
        }
    }
}

/// The type of an array: what it consists of, and how many along each axis. No axis: a scalar.
#[derive(Clone, PartialEq, Eq, Debug, Hash)]
pub struct ArrayType {
    /// Type of the elements.
    pub element: ElementType,
    /// Extents, the slowest axis first.
    pub dims: Vec<usize>,
}

impl ArrayType {
    /// An array of such elements and extents.
    pub fn new(element: ElementType, dims: impl Into<Vec<usize>>) -> ArrayType {
        ArrayType {
            element,
            dims: dims.into(),
        }
    }
    /// How many elements; none when that is more than fits.
    pub fn elements(&self) -> Option<usize> {
        // An extent of zero wins over others whose product is too large.
        if self.dims.contains(&0) {
            return Some(0);
        }
        self.dims.iter().try_fold(1usize, |n, d| n.checked_mul(*d))
    }
    /// How many bytes; none when that is more than fits.
    pub fn bytes(&self) -> Option<usize> {
        self.elements()?
            .checked_mul(self.element.bytes())
            .filter(|n| *n <= isize::MAX as usize)
    }
}

impl fmt::Display for ArrayType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("tensor<")?;
        for d in &self.dims {
            write!(f, "{d}x")?;
        }
        write!(f, "{}>", self.element.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_go_there_and_back() {
        for e in ElementType::ALL {
            assert_eq!(ElementType::from_number(e.number()), Some(e));
        }
        assert_eq!(ElementType::from_number(0), None);
        assert_eq!(ElementType::from_number(16), None);
        assert_eq!(ElementType::C128.number(), 15);
    }

    #[test]
    fn sizes_that_do_not_fit() {
        let big = ArrayType::new(ElementType::F32, [1 << 40, 1 << 40]);
        assert_eq!(big.elements(), None);
        let none = ArrayType::new(ElementType::F32, [1 << 40, 1 << 40, 0]);
        assert_eq!(none.bytes(), Some(0));
        assert_eq!(
            ArrayType::new(ElementType::S32, [2, 3]).to_string(),
            "tensor<2x3xi32>"
        );
    }
}
