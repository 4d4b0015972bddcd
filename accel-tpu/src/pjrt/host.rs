//! Arrays in host memory as plugins read and write them: dense, the last axis fastest, the first byte on a multiple of 64.
//!
//! With that alignment the CPU plugin can use the memory as it is, without a copy. Invariant: elements of type `Pred` are bytes 0 or 1.

use super::element::{ArrayType, ElementType};
use super::error::{Error, Result};
use num_complex::Complex;
use std::alloc::{self, Layout};
use std::fmt;
use std::ptr::NonNull;

/// Bytes that start on a multiple of 64. The system gives large ones zeroed, without a pass over them.
struct Bytes {
    start: NonNull<u8>,
    len: usize,
}

// SAFETY: it owns its bytes, and gives them out by the usual rules of borrowing.
unsafe impl Send for Bytes {}
// SAFETY: as above.
unsafe impl Sync for Bytes {}

impl Bytes {
    const ALIGN: usize = 64;

    /// Zeros; none if there is no memory for them.
    fn zeros(len: usize) -> Option<Bytes> {
        let layout = Layout::from_size_align(len, Bytes::ALIGN).ok()?;
        let start = if len == 0 {
            NonNull::new(std::ptr::without_provenance_mut(Bytes::ALIGN))
        } else {
            // SAFETY: the size is not zero.
            NonNull::new(unsafe { alloc::alloc_zeroed(layout) })
        };
        Some(Bytes { start: start?, len })
    }
    fn get(&self) -> &[u8] {
        // SAFETY: `len` initialised bytes, or none.
        unsafe { std::slice::from_raw_parts(self.start.as_ptr(), self.len) }
    }
    fn get_mut(&mut self) -> &mut [u8] {
        // SAFETY: as above, borrowed mutably here.
        unsafe { std::slice::from_raw_parts_mut(self.start.as_ptr(), self.len) }
    }
}

impl Drop for Bytes {
    fn drop(&mut self) {
        if let (Ok(layout), 1..) = (Layout::from_size_align(self.len, Bytes::ALIGN), self.len) {
            // SAFETY: allocated with that layout in `zeros`.
            unsafe { alloc::dealloc(self.start.as_ptr(), layout) };
        }
    }
}

/// Rust types that are elements of arrays as they are in memory.
///
/// # Safety
/// The type has the size of `TYPE`, no padding, and every pattern of bytes is a value of it, but for `bool`, whose bytes this module keeps
/// at 0 and 1.
pub unsafe trait Element: Copy + 'static {
    /// The element type.
    const TYPE: ElementType;
}

macro_rules! elements {
    ($($rust:ty = $element:ident),* $(,)?) => {$(
        // SAFETY: the type has the size of the element type, no padding, and every pattern of bytes is a value (but `bool`, see the trait).
        unsafe impl Element for $rust {
            const TYPE: ElementType = ElementType::$element;
        }
        const _: () = assert!(size_of::<$rust>() == ElementType::$element.bytes());
    )*};
}

elements! {
    bool = Pred, i8 = S8, i16 = S16, i32 = S32, i64 = S64, u8 = U8, u16 = U16, u32 = U32, u64 = U64, f32 = F32, f64 = F64,
    Complex<f32> = C64, Complex<f64> = C128, Half = F16, BrainFloat = Bf16,
}

/// The bits of a half-precision float.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
#[repr(transparent)]
pub struct Half(pub u16);

/// The bits of a `bf16`: the upper half of an `f32`.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
#[repr(transparent)]
pub struct BrainFloat(pub u16);

/// An array in host memory.
pub struct HostArray {
    ty: ArrayType,
    bytes: Bytes,
}

impl HostArray {
    /// All elements zero.
    pub fn zeros(ty: ArrayType) -> Result<HostArray> {
        let Some(len) = ty.bytes() else {
            return Err(Error::Host(format!("{ty} has too many elements")));
        };
        match Bytes::zeros(len) {
            Some(bytes) => Ok(HostArray { ty, bytes }),
            None => Err(Error::Host(format!("no memory for {ty}, {len} bytes"))),
        }
    }
    /// A copy of a slice, read as an array of those extents.
    pub fn new<T: Element>(data: &[T], dims: &[usize]) -> Result<HostArray> {
        let ty = ArrayType::new(T::TYPE, dims);
        if ty.elements() != Some(data.len()) {
            return Err(Error::Host(format!(
                "{} elements do not make a {ty}",
                data.len()
            )));
        }
        let mut array = HostArray::zeros(ty)?;
        // SAFETY: `Element` types have no padding, so their bytes can be read; the length is that of the slice.
        let bytes = unsafe { std::slice::from_raw_parts(data.as_ptr().cast(), size_of_val(data)) };
        array.raw_mut().copy_from_slice(bytes);
        Ok(array)
    }
    /// An array of rank 0.
    pub fn scalar<T: Element>(x: T) -> Result<HostArray> {
        HostArray::new(&[x], &[])
    }
    /// From bytes in the machine's order. Elements of `Pred` that are not 0 count as 1.
    pub fn from_bytes(ty: ArrayType, bytes: &[u8]) -> Result<HostArray> {
        if ty.bytes() != Some(bytes.len()) {
            return Err(Error::Host(format!(
                "{} bytes do not make a {ty}",
                bytes.len()
            )));
        }
        let mut array = HostArray::zeros(ty)?;
        array.raw_mut().copy_from_slice(bytes);
        array.normalise();
        Ok(array)
    }
    /// Its type.
    pub fn ty(&self) -> &ArrayType {
        &self.ty
    }
    /// Its bytes in the machine's order.
    pub fn bytes(&self) -> &[u8] {
        self.bytes.get()
    }
    /// Its bytes, to be written; [`HostArray::normalise`] afterwards.
    pub(super) fn raw_mut(&mut self) -> &mut [u8] {
        self.bytes.get_mut()
    }
    /// Makes bytes written by others elements again.
    pub(super) fn normalise(&mut self) {
        if self.ty.element == ElementType::Pred {
            for b in self.raw_mut() {
                *b = u8::from(*b != 0);
            }
        }
    }
    /// Its elements, if they are of that type.
    pub fn as_slice<T: Element>(&self) -> Result<&[T]> {
        if self.ty.element != T::TYPE {
            return Err(Error::Host(format!(
                "elements of {} are not {}",
                self.ty,
                T::TYPE.name()
            )));
        }
        let bytes = self.bytes();
        let count = bytes.len() / size_of::<T>();
        // SAFETY: the bytes are elements of that type (`Element`, and the invariant for `bool`), and their start is aligned to 64.
        Ok(unsafe { std::slice::from_raw_parts(bytes.as_ptr().cast(), count) })
    }
    /// A copy of its elements, if they are of that type.
    pub fn to_vec<T: Element>(&self) -> Result<Vec<T>> {
        Ok(self.as_slice()?.to_vec())
    }
    /// Its only element, if it has one of that type.
    pub fn to_scalar<T: Element>(&self) -> Result<T> {
        match self.as_slice()? {
            [x] => Ok(*x),
            _ => Err(Error::Host(format!("{} is not one element", self.ty))),
        }
    }
}

impl Clone for HostArray {
    /// Ends the process when there is no memory, as `Vec` does.
    fn clone(&self) -> HostArray {
        let layout = Layout::from_size_align(self.bytes.len, Bytes::ALIGN);
        let Some(mut bytes) = Bytes::zeros(self.bytes.len) else {
            alloc::handle_alloc_error(layout.unwrap_or(Layout::new::<u64>()));
        };
        bytes.get_mut().copy_from_slice(self.bytes());
        HostArray {
            ty: self.ty.clone(),
            bytes,
        }
    }
}

impl PartialEq for HostArray {
    fn eq(&self, other: &HostArray) -> bool {
        self.ty == other.ty && self.bytes() == other.bytes()
    }
}

impl fmt::Debug for HostArray {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} {:?}",
            self.ty,
            &self.bytes()[..self.bytes.len.min(32)]
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_and_back() {
        let a = HostArray::new(&[1.5f32, -2.0, 3.0], &[3]).unwrap();
        assert_eq!(a.bytes().as_ptr() as usize % 64, 0);
        assert_eq!(a.to_vec::<f32>().unwrap(), [1.5, -2.0, 3.0]);
        assert!(a.as_slice::<f64>().is_err());
        assert_eq!(
            HostArray::scalar(7i64).unwrap().to_scalar::<i64>().unwrap(),
            7
        );
        let z = Complex::new(1.0, -2.0);
        assert_eq!(
            HostArray::new(&[z], &[1, 1]).unwrap().as_slice(),
            Ok(&[z][..])
        );
        assert!(HostArray::new(&[1u8, 2], &[3]).is_err());
        assert!(HostArray::zeros(ArrayType::new(ElementType::F64, [1 << 62])).is_err());
        // More than any machine has.
        let e = HostArray::zeros(ArrayType::new(ElementType::S8, [1 << 55])).unwrap_err();
        assert!(e.to_string().contains("no memory"), "{e}");
        let z = HostArray::zeros(ArrayType::new(ElementType::U16, [1000])).unwrap();
        assert_eq!(z.clone().to_vec::<u16>().unwrap(), [0; 1000]);
        let empty = HostArray::new::<f64>(&[], &[0, 4]).unwrap();
        assert!(empty.bytes().is_empty() && empty.to_vec::<f64>().unwrap().is_empty());
    }

    #[test]
    fn truth_is_zero_or_one() {
        let ty = ArrayType::new(ElementType::Pred, [3]);
        let a = HostArray::from_bytes(ty, &[0, 1, 255]).unwrap();
        assert_eq!(a.to_vec::<bool>().unwrap(), [false, true, true]);
    }
}
