//! Bytes: variable-length numbers, strings, types, and the checksum.
//!
//! Every length that is read is compared with the bytes that are left before anything is allocated, so a few bytes cannot ask for much memory.

use crate::ir::{DType, Dim, Type};
use crate::verify::{MAX_RANK, MAX_TYPE_DEPTH};
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

/// Why bytes are no module.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct DecodeError {
    /// Where, in bytes from the start.
    pub offset: usize,
    /// What is wrong there.
    pub message: &'static str,
}

impl fmt::Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "at byte {}: {}", self.offset, self.message)
    }
}

impl core::error::Error for DecodeError {}

pub(super) type Result<T> = core::result::Result<T, DecodeError>;

/// FNV-1a, 64 bits: finds damage, not malice.
pub(super) fn checksum(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |h, &b| {
        (h ^ u64::from(b)).wrapping_mul(0x0100_0000_01b3)
    })
}

#[derive(Default)]
pub(super) struct Writer {
    pub(super) bytes: Vec<u8>,
}

impl Writer {
    pub(super) fn byte(&mut self, b: u8) {
        self.bytes.push(b);
    }
    /// Seven bits a byte, the lowest first.
    pub(super) fn uint(&mut self, mut n: u64) {
        while n >= 0x80 {
            self.byte(n as u8 | 0x80);
            n >>= 7;
        }
        self.byte(n as u8);
    }
    pub(super) fn u32(&mut self, n: u32) {
        self.uint(n.into());
    }
    /// Small magnitudes first: 0, -1, 1, -2, …
    pub(super) fn int(&mut self, n: i64) {
        self.uint((n << 1 ^ n >> 63) as u64);
    }
    pub(super) fn string(&mut self, s: &str) {
        self.uint(s.len() as u64);
        self.bytes.extend_from_slice(s.as_bytes());
    }
    pub(super) fn list<T>(&mut self, items: &[T], mut item: impl FnMut(&mut Self, &T)) {
        self.uint(items.len() as u64);
        for x in items {
            item(self, x);
        }
    }
    pub(super) fn u32s(&mut self, items: &[u32]) {
        self.list(items, |w, &n| w.u32(n));
    }
    pub(super) fn dtype(&mut self, d: DType) {
        self.byte(code(&DType::ALL, d));
    }
    /// An unknown extent is a 0, a known one a 1 and its number.
    pub(super) fn shape(&mut self, shape: &[Dim]) {
        self.list(shape, |w, d| match d {
            Dim::Dynamic => w.byte(0),
            Dim::Known(n) => {
                w.byte(1);
                w.uint(*n);
            }
        });
    }
    pub(super) fn ty(&mut self, t: &Type) {
        match t {
            Type::Tensor(t) => {
                self.dtype(t.dtype);
                self.shape(&t.shape);
            }
            Type::Record(fs) => {
                self.byte(RECORD);
                self.list(fs, |w, t| w.ty(t));
            }
            Type::Seq(e) => {
                self.byte(SEQ);
                self.ty(e);
            }
            Type::Stack(e) => {
                self.byte(STACK);
                self.ty(e);
            }
        }
    }
    pub(super) fn types(&mut self, ts: &[Type]) {
        self.list(ts, |w, t| w.ty(t));
    }
}

/// Codes of types that are no tensors; a tensor starts with its element type.
const RECORD: u8 = 0x40;
const SEQ: u8 = 0x41;
const STACK: u8 = 0x42;

/// The position of an item in the list of its kind.
pub(super) fn code<T: PartialEq>(all: &[T], x: T) -> u8 {
    all.iter().position(|y| *y == x).unwrap_or(0xff) as u8
}

pub(super) struct Reader<'b> {
    bytes: &'b [u8],
    at: usize,
}

impl<'b> Reader<'b> {
    pub(super) fn new(bytes: &'b [u8]) -> Reader<'b> {
        Reader { bytes, at: 0 }
    }
    pub(super) fn error<T>(&self, message: &'static str) -> Result<T> {
        Err(DecodeError {
            offset: self.at,
            message,
        })
    }
    pub(super) fn left(&self) -> usize {
        self.bytes.len() - self.at
    }
    pub(super) fn take(&mut self, n: usize) -> Result<&'b [u8]> {
        if n > self.left() {
            return self.error("the bytes end too early");
        }
        let s = &self.bytes[self.at..self.at + n];
        self.at += n;
        Ok(s)
    }
    pub(super) fn array<const N: usize>(&mut self) -> Result<[u8; N]> {
        let s = self.take(N)?;
        let mut a = [0; N];
        a.copy_from_slice(s);
        Ok(a)
    }
    pub(super) fn byte(&mut self) -> Result<u8> {
        Ok(self.array::<1>()?[0])
    }
    pub(super) fn uint(&mut self) -> Result<u64> {
        let mut n = 0u64;
        for shift in (0..64).step_by(7) {
            let b = self.byte()?;
            let bits = u64::from(b & 0x7f);
            if bits << shift >> shift != bits {
                return self.error("a number does not fit 64 bits");
            }
            n |= bits << shift;
            if b & 0x80 == 0 {
                return Ok(n);
            }
        }
        self.error("a number does not fit 64 bits")
    }
    pub(super) fn u32(&mut self) -> Result<u32> {
        match self.uint()?.try_into() {
            Ok(n) => Ok(n),
            Err(_) => self.error("a number does not fit 32 bits"),
        }
    }
    pub(super) fn int(&mut self) -> Result<i64> {
        let n = self.uint()?;
        Ok((n >> 1) as i64 ^ -((n & 1) as i64))
    }
    /// A number below `n`.
    pub(super) fn below(&mut self, n: usize, what: &'static str) -> Result<u32> {
        let k = self.u32()?;
        if k as usize >= n {
            return self.error(what);
        }
        Ok(k)
    }
    /// How many items follow, each of at least one byte.
    pub(super) fn len(&mut self) -> Result<usize> {
        match usize::try_from(self.uint()?) {
            Ok(n) if n <= self.left() => Ok(n),
            _ => self.error("more items than bytes are left"),
        }
    }
    pub(super) fn string(&mut self) -> Result<String> {
        let n = self.len()?;
        match core::str::from_utf8(self.take(n)?) {
            Ok(s) => Ok(s.into()),
            Err(_) => self.error("a string is not UTF-8"),
        }
    }
    pub(super) fn list<T>(
        &mut self,
        mut item: impl FnMut(&mut Self) -> Result<T>,
    ) -> Result<Vec<T>> {
        let n = self.len()?;
        (0..n).map(|_| item(self)).collect()
    }
    pub(super) fn u32s(&mut self) -> Result<Vec<u32>> {
        self.list(Self::u32)
    }
    /// An item of a list of its kind, by position.
    pub(super) fn one_of<T: Copy>(&mut self, all: &[T], what: &'static str) -> Result<T> {
        let k = self.byte()?;
        match all.get(k as usize) {
            Some(&x) => Ok(x),
            None => self.error(what),
        }
    }
    pub(super) fn dtype(&mut self) -> Result<DType> {
        self.one_of(&DType::ALL, "no such element type")
    }
    pub(super) fn shape(&mut self) -> Result<Vec<Dim>> {
        let shape = self.list(|r| match r.byte()? {
            0 => Ok(Dim::Dynamic),
            1 => Ok(Dim::Known(r.uint()?)),
            _ => r.error("no such extent"),
        })?;
        if shape.len() > MAX_RANK {
            return self.error("too many axes");
        }
        Ok(shape)
    }
    pub(super) fn ty(&mut self) -> Result<Type> {
        self.type_at(0)
    }
    fn type_at(&mut self, depth: usize) -> Result<Type> {
        if depth > MAX_TYPE_DEPTH {
            return self.error("types nest too deeply");
        }
        match self.byte()? {
            RECORD => Ok(Type::record(self.list(|r| r.type_at(depth + 1))?)),
            SEQ => Ok(Type::seq(self.type_at(depth + 1)?)),
            STACK => Ok(Type::stack(self.type_at(depth + 1)?)),
            k => match DType::ALL.get(k as usize) {
                Some(&d) => Ok(Type::tensor(d, self.shape()?)),
                None => self.error("no such type"),
            },
        }
    }
    pub(super) fn types(&mut self) -> Result<Vec<Type>> {
        self.list(Self::ty)
    }
}
