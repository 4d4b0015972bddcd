//! Data of scalars only, as machine words: how a scalar function is called without any allocation.
//!
//! The encoding is that of the executors' path for flat functions: one `u64` for each scalar, its value in the low bits (`bool` 0 or 1,
//! signed integers sign-extended, floats their bits), two for a complex number. What a type takes is known when the program is compiled
//! ([`Words`]), so that a call moves a few registers and no more.

/// The most words that the arguments or results of such a call may have.
pub const MAX_WORDS: usize = 16;

/// What the words of a type are.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub struct Words {
    /// How many.
    len: usize,
    /// Bit `i`: word `i` is (part of) a floating-point number.
    smooth: u64,
    /// Whether the type consists of scalars only, and of few enough.
    flat: bool,
}

impl Words {
    /// A type that is not passed this way.
    pub const NONE: Words = Words {
        len: 0,
        smooth: 0,
        flat: false,
    };
    /// A type without leaves.
    pub const EMPTY: Words = Words {
        len: 0,
        smooth: 0,
        flat: true,
    };
    /// A scalar of that many words.
    pub const fn scalar(len: usize, smooth: bool) -> Words {
        Words {
            len,
            smooth: if smooth { (1 << len) - 1 } else { 0 },
            flat: true,
        }
    }
    /// These words and then those.
    pub const fn then(self, next: Words) -> Words {
        let len = self.len + next.len;
        if !self.flat || !next.flat || len > MAX_WORDS {
            return Words::NONE;
        }
        Words {
            len,
            smooth: self.smooth | next.smooth << self.len,
            flat: true,
        }
    }
    /// Whether the type is passed this way.
    pub const fn is_flat(self) -> bool {
        self.flat
    }
    /// How many words there are.
    pub const fn len(self) -> usize {
        self.len
    }
    /// Whether there are none.
    pub const fn is_empty(self) -> bool {
        self.len == 0
    }
    /// How many belong to floating-point numbers.
    pub const fn smooth(self) -> usize {
        self.smooth.count_ones() as usize
    }
    /// The words of a value with those of floating-point numbers replaced: what a gradient is made of. `cotangents` are in order.
    #[inline]
    pub fn replace_smooth(self, primal: &[u64], cotangents: &[u64], out: &mut [u64]) {
        let mut cts = cotangents.iter();
        for (i, (out, &p)) in out.iter_mut().zip(primal).enumerate().take(self.len) {
            let smooth = self.smooth >> i & 1 == 1;
            *out = if smooth {
                cts.next().copied().unwrap_or(0)
            } else {
                p
            };
        }
    }
    /// The words of floating-point numbers.
    #[inline]
    pub fn only_smooth(self, words: &[u64], out: &mut [u64]) {
        let mut out = out.iter_mut();
        for (i, &w) in words.iter().enumerate().take(self.len) {
            if self.smooth >> i & 1 == 1
                && let Some(out) = out.next()
            {
                *out = w;
            }
        }
    }
}

/// Words being collected in a buffer of the caller's. There is room for as many as [`Words::len`] says; more would be left out.
#[derive(Debug)]
pub struct WordBuf<'a> {
    words: &'a mut [u64],
    len: usize,
}

impl<'a> WordBuf<'a> {
    /// An empty one.
    #[inline]
    pub fn new(words: &'a mut [u64]) -> WordBuf<'a> {
        WordBuf { words, len: 0 }
    }
    /// Adds a word.
    #[inline]
    pub fn push(&mut self, word: u64) {
        if let Some(w) = self.words.get_mut(self.len) {
            *w = word;
            self.len += 1;
        }
    }
}
