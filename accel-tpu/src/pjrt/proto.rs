//! Protocol buffers, as much as is needed: writing the options of a compilation, reading optimised programs.
//!
//! Reading takes any bytes: what is no message gives an end of the fields, never a panic.

/// A message that is being written.
#[derive(Default)]
pub(super) struct Writer {
    bytes: Vec<u8>,
}

impl Writer {
    fn varint(&mut self, mut n: u64) {
        while n >= 0x80 {
            self.bytes.push((n & 0x7f) as u8 | 0x80);
            n >>= 7;
        }
        self.bytes.push(n as u8);
    }
    /// An integer field; negative ones as the format has them, in ten bytes.
    pub(super) fn int(&mut self, field: u32, n: i64) -> &mut Writer {
        self.varint(u64::from(field) << 3);
        self.varint(n as u64);
        self
    }
    /// A field of bytes, text or another message.
    pub(super) fn bytes(&mut self, field: u32, bytes: &[u8]) -> &mut Writer {
        self.varint(u64::from(field) << 3 | 2);
        self.varint(bytes.len() as u64);
        self.bytes.extend_from_slice(bytes);
        self
    }
    /// A field that is a message.
    pub(super) fn message(&mut self, field: u32, write: impl FnOnce(&mut Writer)) -> &mut Writer {
        let mut inner = Writer::default();
        write(&mut inner);
        self.bytes(field, &inner.bytes)
    }
    /// A float of 64 bits.
    pub(super) fn double(&mut self, field: u32, x: f64) -> &mut Writer {
        self.varint(u64::from(field) << 3 | 1);
        self.bytes.extend_from_slice(&x.to_le_bytes());
        self
    }
    pub(super) fn finish(self) -> Vec<u8> {
        self.bytes
    }
}

/// A field's value.
#[derive(Copy, Clone, Debug, PartialEq)]
pub(super) enum Field<'a> {
    Int(u64),
    Bytes(&'a [u8]),
    /// Four or eight bytes; none is needed here.
    Fixed,
}

impl<'a> Field<'a> {
    /// The bytes, none if it is a number.
    pub(super) fn bytes(self) -> &'a [u8] {
        match self {
            Field::Bytes(b) => b,
            Field::Int(_) | Field::Fixed => &[],
        }
    }
    /// The text, empty if it is a number.
    pub(super) fn text(self) -> String {
        String::from_utf8_lossy(self.bytes()).into_owned()
    }
    /// The numbers of a repeated integer, packed or one by one.
    pub(super) fn ints(self) -> Vec<u64> {
        match self {
            Field::Int(n) => vec![n],
            Field::Bytes(b) => {
                let mut reader = Reader { bytes: b };
                std::iter::from_fn(|| reader.varint()).collect()
            }
            Field::Fixed => vec![],
        }
    }
    pub(super) fn int(self) -> u64 {
        match self {
            Field::Int(n) => n,
            Field::Bytes(_) | Field::Fixed => 0,
        }
    }
}

/// The fields of a message in order: number and value.
pub(super) struct Reader<'a> {
    bytes: &'a [u8],
}

impl<'a> Reader<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Reader<'a> {
        Reader { bytes }
    }
    fn varint(&mut self) -> Option<u64> {
        let mut n = 0;
        for shift in (0..64).step_by(7) {
            let (first, rest) = self.bytes.split_first()?;
            self.bytes = rest;
            n |= u64::from(first & 0x7f) << shift;
            if first & 0x80 == 0 {
                return Some(n);
            }
        }
        None
    }
    fn take(&mut self, n: u64) -> Option<&'a [u8]> {
        let (taken, rest) = self.bytes.split_at_checked(usize::try_from(n).ok()?)?;
        self.bytes = rest;
        Some(taken)
    }
}

impl<'a> Iterator for Reader<'a> {
    type Item = (u64, Field<'a>);
    fn next(&mut self) -> Option<(u64, Field<'a>)> {
        let tag = self.varint()?;
        let value = match tag & 7 {
            0 => Field::Int(self.varint()?),
            1 => self.take(8).map(|_| Field::Fixed)?,
            2 => {
                let n = self.varint()?;
                Field::Bytes(self.take(n)?)
            }
            5 => self.take(4).map(|_| Field::Fixed)?,
            _ => return None,
        };
        Some((tag >> 3, value))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read() {
        let mut w = Writer::default();
        w.int(1, -1)
            .int(16, 300)
            .bytes(2, b"text")
            .double(3, 1.5)
            .message(4, |m| {
                m.int(1, 7);
            });
        let bytes = w.finish();
        let fields: Vec<_> = Reader::new(&bytes).collect();
        assert_eq!(fields[0], (1, Field::Int(u64::MAX)));
        assert_eq!(fields[1], (16, Field::Int(300)));
        assert_eq!(fields[2].1.text(), "text");
        assert_eq!(fields[3], (3, Field::Fixed));
        assert_eq!(
            Reader::new(fields[4].1.bytes()).next(),
            Some((1, Field::Int(7)))
        );
        // Cut anywhere, it ends early.
        for n in 0..bytes.len() {
            assert!(Reader::new(&bytes[..n]).count() <= 5);
        }
        assert_eq!(Reader::new(&[0xff; 40]).next(), None);
        assert_eq!(Field::Bytes(&[1, 0x80, 1]).ints(), [1, 128]);
    }
}
