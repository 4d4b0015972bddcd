//! Blocks of memory, and the heap of a context that they come from.
//!
//! A block is a [`Head`] and room elsewhere, which the head points to. Sizes are rounded up to *classes* (multiples of 64 bytes, four classes an
//! octave from 512 on), and each class has a list of free blocks. Small blocks are carved from chunks, their room right after the head. The room
//! of large ones is the system allocator's, and each is allocated like a vector's: who called the program may be given it as a result, without a
//! copy ([`Heap::give`]).
//!
//! Invariants: heads and the room of small blocks are 64-byte aligned, the room of large ones as their elements are; a block on a free list has
//! reference count 0 and is on that list once; everything a call allocated is dead when [`Heap::reset`] is called, which makes all memory
//! available again but returns to the system only what exceeds [`RETAIN`]. So a program that is called again and again makes no call of the
//! system's allocator after the first ones, but for large results that it gives away.

use crate::checked::Blocks;
use crate::huge;
use cotangent_lower::abi;
use std::alloc::{Layout, alloc, alloc_zeroed, dealloc};
use std::mem::{ManuallyDrop, align_of, offset_of, size_of};
use std::ptr;

/// The head of a block: the fields that compiled code knows, then the heap's own.
#[repr(C, align(64))]
#[derive(Debug)]
pub struct Head {
    /// The number of references.
    pub count: u64,
    /// Bytes of room.
    pub room: u64,
    /// For elements that refer to blocks, how many are there.
    pub len: u64,
    /// The layout of the elements.
    pub layout: u32,
    class: u32,
    /// The next free block of the class, or the next one to be freed.
    pub(crate) next: *mut Head,
    /// The first byte of the room.
    data: *mut u8,
}

const _: () = {
    assert!(size_of::<Head>() == abi::HEAD as usize && align_of::<Head>() == abi::HEAD as usize);
    assert!(offset_of!(Head, count) == abi::BLOCK_COUNT as usize);
    assert!(offset_of!(Head, room) == abi::BLOCK_ROOM as usize);
    assert!(offset_of!(Head, len) == abi::BLOCK_LEN as usize);
    assert!(offset_of!(Head, layout) == abi::BLOCK_LAYOUT as usize);
    assert!(offset_of!(Head, data) == abi::BLOCK_DATA as usize);
};

/// The address of a block's first byte of room.
///
/// # Safety
/// The block came from [`Heap::alloc`] and its heap is there.
pub unsafe fn data_of(block: *mut Head) -> *mut u8 {
    // SAFETY: heads are initialised, and stay as long as the heap.
    unsafe { (*block).data }
}

/// Bytes of a head, the unit in which sizes are counted.
const UNIT: usize = size_of::<Head>();
/// Classes of 1 to 8 units; beyond, four an octave.
const SMALL: usize = 8;
/// The number of classes: up to 2^46 units.
const CLASSES: usize = SMALL + 4 * 43;
/// The room of blocks of more bytes, head included, is the system allocator's: a copy of such a result takes longer than a call of that does.
const LARGE: usize = 1 << 15;
/// What room is aligned to if it is not said.
const ALIGN: usize = align_of::<u64>();
/// The first chunk; each further one is twice as big, up to [`MAX_CHUNK`].
const MIN_CHUNK: usize = 1 << 18;
const MAX_CHUNK: usize = 1 << 24;
/// The most bytes that a heap keeps between calls.
pub const RETAIN: usize = 1 << 29;

/// The class of blocks of `units` units, and how many units such blocks have. `None` if too many.
fn class_of(units: usize) -> Option<(usize, usize)> {
    if units <= SMALL {
        let units = units.max(1);
        return Some((units - 1, units));
    }
    let last = units - 1;
    let octave = last.ilog2() as usize;
    let quarter = last >> (octave - 2);
    let class = SMALL + (octave - 3) * 4 + (quarter - 4);
    (class < CLASSES).then_some((class, (quarter + 1) << (octave - 2)))
}

/// How a heap has been used.
#[derive(Copy, Clone, PartialEq, Eq, Debug, Default)]
pub struct Stats {
    /// Blocks given out.
    pub blocks: u64,
    /// Calls of the system's allocator for memory.
    pub system: u64,
    /// Bytes held from the system.
    pub held: usize,
}

/// Memory of the system, given back when dropped.
#[derive(Debug)]
struct Chunk {
    start: *mut u8,
    layout: Layout,
}

impl Chunk {
    fn new(bytes: usize, align: usize, zero: bool) -> Option<Chunk> {
        let layout = Layout::from_size_align(bytes, align).ok()?;
        // SAFETY: the layout has a size above 0: chunks and large blocks have at least a unit.
        let start = unsafe {
            if zero {
                alloc_zeroed(layout)
            } else {
                alloc(layout)
            }
        };
        if start.is_null() {
            return None;
        }
        huge::advise(start, bytes);
        Some(Chunk { start, layout })
    }
    fn bytes(&self) -> usize {
        self.layout.size()
    }
}

impl Drop for Chunk {
    fn drop(&mut self) {
        // SAFETY: `start` came from `alloc` with this layout, and a chunk is dropped once.
        unsafe { dealloc(self.start, self.layout) }
    }
}

/// A large block.
#[derive(Debug)]
struct Large {
    /// A [`Head`], initialised.
    head: Chunk,
    room: Chunk,
}

impl Large {
    fn block(&self) -> *mut Head {
        self.head.start.cast()
    }
}

/// The memory of a context.
#[derive(Debug)]
pub struct Heap {
    /// The free blocks of each class, linked by `next`.
    free: [*mut Head; CLASSES],
    /// Which classes' lists may hold blocks.
    used: [u64; CLASSES.div_ceil(64)],
    /// Whether a block was given out since the last reset.
    touched: bool,
    chunks: Vec<Chunk>,
    /// Where the next small block is carved: a chunk, and the bytes of it that are taken.
    chunk: usize,
    taken: usize,
    /// Large blocks.
    large: Vec<Large>,
    /// Heads of those whose room was given away.
    heads: Vec<Chunk>,
    stats: Stats,
    /// While the check of [`crate::checked`] is on.
    pub(crate) checked: Option<Box<Blocks>>,
}

impl Default for Heap {
    fn default() -> Heap {
        Heap::new()
    }
}

impl Heap {
    /// A heap without memory.
    pub const fn new() -> Heap {
        Heap {
            free: [ptr::null_mut(); CLASSES],
            used: [0; CLASSES.div_ceil(64)],
            touched: false,
            chunks: Vec::new(),
            chunk: 0,
            taken: 0,
            large: Vec::new(),
            heads: Vec::new(),
            stats: Stats {
                blocks: 0,
                system: 0,
                held: 0,
            },
            checked: None,
        }
    }
    /// How it has been used.
    pub fn stats(&self) -> Stats {
        self.stats
    }
    /// A block with room for `bytes`, reference count 1, `len` 0, contents undefined. Null if there is no such memory.
    pub fn alloc(&mut self, bytes: u64, layout: u32) -> *mut Head {
        self.alloc_for(bytes, layout, ALIGN, false).0
    }
    /// Whether room for so many bytes is the system allocator's.
    pub fn is_large(bytes: u64) -> bool {
        bytes > (LARGE - UNIT) as u64
    }
    /// As [`alloc`](Self::alloc), for elements of that alignment, a power of two up to that of blocks; which matters only if it
    /// [is large](Self::is_large). With whether the room is known to be zero: new memory of the system is, if that is asked for.
    pub fn alloc_for(
        &mut self,
        bytes: u64,
        layout: u32,
        align: usize,
        zero: bool,
    ) -> (*mut Head, bool) {
        let mut clean = false;
        let units = usize::try_from(bytes)
            .ok()
            .and_then(|b| b.checked_add(2 * UNIT - 1))
            .map(|b| b / UNIT);
        let Some((class, units)) = units.and_then(class_of) else {
            return (ptr::null_mut(), false);
        };
        let found = self.free[class];
        let block = if !found.is_null() {
            // SAFETY: blocks on a free list are this heap's and their heads are initialised.
            self.free[class] = unsafe { (*found).next };
            found
        } else if units * UNIT > LARGE {
            clean = zero;
            self.alloc_large(class, (units - 1) * UNIT, align, &mut clean)
        } else {
            let block = self.carve(units * UNIT).cast::<Head>();
            if !block.is_null() {
                // SAFETY: new memory of at least a unit.
                unsafe { (&raw mut (*block).data).write(block.cast::<u8>().wrapping_add(UNIT)) };
            }
            block
        };
        if block.is_null() {
            return (block, false);
        }
        self.used[class / 64] |= 1 << (class % 64);
        self.touched = true;
        self.stats.blocks += 1;
        // A large block may come from the next class.
        let (class, room) = if found.is_null() && units * UNIT > LARGE {
            // SAFETY: `alloc_large` initialised these two fields.
            unsafe { ((*block).class, (*block).room) }
        } else {
            (class as u32, ((units - 1) * UNIT) as u64)
        };
        // SAFETY: this field was initialised when the block was made.
        let data = unsafe { (*block).data };
        let head = Head {
            count: 1,
            room,
            len: 0,
            layout,
            class,
            next: ptr::null_mut(),
            data,
        };
        // SAFETY: `block` is aligned memory of at least a unit that nobody else uses.
        unsafe { block.write(head) };
        if let Some(c) = &mut self.checked {
            // SAFETY: the head was written just now.
            unsafe { c.allocated(block) }
            clean = false;
        }
        (block, clean)
    }
    /// Takes back a block of this heap to which nothing refers.
    ///
    /// # Safety
    /// The block came from [`alloc`](Self::alloc) of this heap since the last reset, was not given back before, and is not used
    /// afterwards.
    pub unsafe fn free(&mut self, block: *mut Head) {
        if let Some(c) = &mut self.checked {
            // SAFETY: the caller's promise, or one that is found to be broken.
            unsafe { c.freed(block) }
            return;
        }
        // SAFETY: the caller's promise: a live block of this heap.
        let head = unsafe { &mut *block };
        let class = head.class as usize;
        head.count = 0;
        head.next = self.free[class];
        self.free[class] = block;
    }
    /// Memory for a small block from a chunk.
    fn carve(&mut self, bytes: usize) -> *mut u8 {
        loop {
            match self.chunks.get(self.chunk) {
                Some(c) if c.bytes() - self.taken >= bytes => {
                    let at = c.start.wrapping_add(self.taken);
                    self.taken += bytes;
                    return at;
                }
                Some(_) => {
                    self.chunk += 1;
                    self.taken = 0;
                }
                None => {
                    let size = self.chunks.last().map_or(MIN_CHUNK, |c| c.bytes() * 2);
                    let Some(c) = self.system(size.min(MAX_CHUNK), UNIT, false) else {
                        return ptr::null_mut();
                    };
                    self.chunks.push(c);
                    self.chunk = self.chunks.len() - 1;
                    self.taken = 0;
                }
            }
        }
    }
    /// The room of a free large block that is larger than is asked for, but not by far; so that what grows step by step to the size that it
    /// had in an earlier call need not be copied at each step.
    pub fn spare(&self, bytes: u64) -> Option<u64> {
        const TIMES: usize = 16;
        let units = usize::try_from(bytes).ok()? / UNIT + 2;
        if units * UNIT <= LARGE {
            return None;
        }
        let (least, _) = class_of(units)?;
        let (most, _) = class_of(units.checked_mul(TIMES)?)?;
        let block = (least + 1..=most)
            .rev()
            .map(|class| self.free[class])
            .find(|block| !block.is_null())?;
        // SAFETY: blocks on a free list are this heap's and their heads are initialised.
        Some(unsafe { (*block).room })
    }
    /// A large block: a free one that is not much bigger, or a new one with so much room, zero if that is asked for; `zero` tells then. Sets
    /// its class, room and data.
    fn alloc_large(
        &mut self,
        class: usize,
        room: usize,
        align: usize,
        zero: &mut bool,
    ) -> *mut Head {
        for bigger in class + 1..(class + 4).min(CLASSES) {
            let found = self.free[bigger];
            if !found.is_null() {
                // SAFETY: blocks on a free list are this heap's and their heads are initialised.
                self.free[bigger] = unsafe { (*found).next };
                *zero = false;
                return found;
            }
        }
        let head = self.heads.pop();
        let head = head.or_else(|| Chunk::new(UNIT, UNIT, false));
        let (Some(head), Some(room)) = (head, self.system(room, align, *zero)) else {
            return ptr::null_mut();
        };
        let made = Head {
            count: 0,
            room: room.bytes() as u64,
            len: 0,
            layout: 0,
            class: class as u32,
            next: ptr::null_mut(),
            data: room.start,
        };
        let large = Large { head, room };
        let block = large.block();
        // SAFETY: new memory of a unit.
        unsafe { block.write(made) };
        self.large.push(large);
        block
    }
    /// Gives a large block's room away, for `len` elements of size and alignment `of`, if nothing else refers to it and not much of it would be
    /// unused: where it starts, and for how many elements it was allocated, as for a vector of those. The block's count is 0 then, and no memory
    /// of this heap any more; what it held stays where it was.
    ///
    /// # Safety
    /// The block is live, this heap's or another's.
    pub unsafe fn give(
        &mut self,
        block: *mut Head,
        len: usize,
        of: Layout,
    ) -> Option<(*mut u8, usize)> {
        // SAFETY: the caller's promise.
        let head = unsafe { block.as_ref() }?;
        if head.count != 1 || !Heap::is_large(head.room) {
            return None;
        }
        let at = self.large.iter().position(|l| l.block() == block)?;
        let room = self.large[at].room.layout;
        let fits = room.align() == of.align() && room.size().is_multiple_of(of.size());
        if !fits || len.saturating_mul(of.size()) < room.size() / 4 * 3 {
            return None;
        }
        let Large { head, room } = self.large.swap_remove(at);
        self.heads.push(head);
        self.stats.held -= room.bytes();
        // SAFETY: the caller's promise.
        unsafe { (*block).count = 0 };
        // Whoever is given the memory frees it.
        let room = ManuallyDrop::new(room);
        Some((room.start, room.bytes() / of.size()))
    }
    /// Memory of the system; free large blocks are given up for it if need be.
    fn system(&mut self, bytes: usize, align: usize, zero: bool) -> Option<Chunk> {
        let c = Chunk::new(bytes, align, zero).or_else(|| {
            self.give_up();
            Chunk::new(bytes, align, zero)
        })?;
        self.stats.system += 1;
        self.stats.held += bytes;
        Some(c)
    }
    /// Returns all free large blocks to the system.
    fn give_up(&mut self) {
        for class in 0..CLASSES {
            if class_bytes(class) > LARGE {
                self.free[class] = ptr::null_mut();
            }
        }
        let held = &mut self.stats.held;
        self.large.retain(|l| {
            // SAFETY: heads of large blocks are initialised.
            let dead = unsafe { (*l.block()).count } == 0;
            if dead {
                *held -= l.room.bytes();
            }
            !dead
        });
    }
    /// Ends a call: no block is in use any more, all memory is free. Memory beyond [`RETAIN`] is returned to the system.
    #[inline]
    pub fn reset(&mut self) {
        if self.touched || self.checked.is_some() {
            self.clear();
        }
    }
    #[inline(never)]
    fn clear(&mut self) {
        self.checked = None;
        if !self.touched {
            return;
        }
        self.touched = false;
        for (k, word) in self.used.iter_mut().enumerate() {
            while *word != 0 {
                self.free[k * 64 + word.trailing_zeros() as usize] = ptr::null_mut();
                *word &= *word - 1;
            }
        }
        (self.chunk, self.taken) = (0, 0);
        if self.stats.held > RETAIN {
            self.trim();
        }
        for k in 0..self.large.len() {
            let block = self.large[k].block();
            // SAFETY: heads of large blocks are initialised, and nobody uses the block any more.
            unsafe { self.free(block) };
            // SAFETY: as above.
            let class = unsafe { (*block).class } as usize;
            self.used[class / 64] |= 1 << (class % 64);
        }
    }
    /// Returns memory to the system, the largest large blocks first, until at most [`RETAIN`] is held.
    fn trim(&mut self) {
        self.large.sort_by_key(|l| l.room.bytes());
        while self.stats.held > RETAIN {
            let large = self.large.pop().map(|l| l.room);
            let Some(c) = large.or_else(|| self.chunks.pop()) else {
                return;
            };
            self.stats.held -= c.bytes();
        }
    }
}

/// Bytes of the blocks of a class, head included.
fn class_bytes(class: usize) -> usize {
    if class < SMALL {
        return (class + 1) * UNIT;
    }
    let (octave, quarter) = ((class - SMALL) / 4 + 3, (class - SMALL) % 4 + 4);
    ((quarter + 1) << (octave - 2)) * UNIT
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classes_are_tight_and_ordered() {
        let mut last = (0, 0);
        for units in 1..5000 {
            let (class, size) = class_of(units).unwrap();
            assert!(
                size >= units && size * 4 <= units * 5 + 4,
                "{units}: {size}"
            );
            assert_eq!(class_bytes(class), size * UNIT, "{units}");
            assert!((class, size) >= last);
            assert_eq!(class == last.0, size == last.1 || units == 1);
            last = (class, size);
        }
        assert_eq!(class_of(usize::MAX / 64), None);
        assert!(Heap::new().alloc(u64::MAX, 0).is_null());
    }

    /// Allocates, writes all of it, frees half.
    fn churn(h: &mut Heap, sizes: &[u64]) {
        let mut live = Vec::new();
        for (k, &n) in sizes.iter().enumerate() {
            let b = h.alloc(n, 7);
            assert!(!b.is_null() && b.addr().is_multiple_of(64));
            // SAFETY: a new block, with room for `n` bytes.
            unsafe {
                assert!((*b).room >= n && (*b).count == 1 && (*b).layout == 7);
                data_of(b).write_bytes(k as u8, n as usize);
            }
            live.push((b, n, k as u8));
            if k % 2 == 1 {
                let (b, ..) = live.swap_remove(k / 4);
                // SAFETY: live, and no longer used.
                unsafe { h.free(b) };
            }
        }
        for (b, n, k) in live {
            // SAFETY: the bytes were written above.
            let bytes = unsafe { std::slice::from_raw_parts(data_of(b), n as usize) };
            assert!(bytes.iter().all(|&x| x == k));
        }
    }

    #[test]
    fn memory_is_used_again() {
        let mut h = Heap::new();
        let sizes: Vec<u64> = (0..200).map(|k| (k * k * 37) % 100_000).collect();
        // In the second round all large blocks are there from the start, so others serve for larger ones than in the first.
        for _ in 0..2 {
            churn(&mut h, &sizes);
            h.reset();
        }
        let first = h.stats();
        for _ in 0..4 {
            churn(&mut h, &sizes);
            h.reset();
        }
        assert_eq!(h.stats().system, first.system);
        assert_eq!(h.stats().held, first.held);
        assert_eq!(h.stats().blocks, first.blocks * 3);
    }

    #[test]
    fn large_rooms_are_given_away_as_vectors() {
        let of = Layout::new::<f64>();
        let mut h = Heap::new();
        let n = LARGE / 8;
        let (small, shared) = (h.alloc(64, 0), h.alloc(8 * n as u64, 0));
        let (given, short) = (h.alloc(8 * n as u64, 0), h.alloc(8 * n as u64, 0));
        // SAFETY: live blocks with room for `n` floats; what is given away is a vector's from then on.
        unsafe {
            (*shared).count = 2;
            for i in 0..n {
                data_of(given).cast::<f64>().add(i).write(i as f64);
            }
            assert_eq!(h.give(small, 8, of), None);
            assert_eq!(h.give(shared, n, of), None);
            assert_eq!(h.give(short, n / 2, of), None, "half of it would be unused");
            assert_eq!(
                h.give(short, 2 * n, Layout::new::<f32>()),
                None,
                "aligned otherwise"
            );
            assert_eq!(Heap::new().give(short, n, of), None, "another heap's");
            let held = h.stats().held;
            let (at, room) = h.give(given, n, of).unwrap();
            assert!(h.stats().held <= held - 8 * n && (*given).count == 0);
            assert_eq!(h.give(given, n, of), None, "once only");
            let v = Vec::from_raw_parts(at.cast::<f64>(), n, room);
            drop(h);
            assert!(v.iter().enumerate().all(|(i, &x)| x == i as f64));
        }
    }

    #[test]
    fn what_was_given_away_is_allocated_again() {
        let mut h = Heap::new();
        for _ in 0..3 {
            let (b, clean) = h.alloc_for(1 << 20, 0, 4, true);
            assert!(clean);
            let of = Layout::new::<u32>();
            // SAFETY: a live block, all of which is zero, and then written.
            let v = unsafe {
                let room = std::slice::from_raw_parts(data_of(b), 1 << 20);
                assert!(room.iter().all(|&b| b == 0));
                data_of(b).write_bytes(1, 1 << 20);
                let (at, room) = h.give(b, 1 << 18, of).unwrap();
                Vec::from_raw_parts(at.cast::<u32>(), 1 << 18, room)
            };
            h.reset();
            assert!(v.iter().all(|&x| x == 0x0101_0101));
        }
        assert_eq!(h.heads.len(), 1, "heads are used again");
        // Memory that was used before is not known to be zero.
        let b = h.alloc_for(1 << 20, 0, 8, true).0;
        // SAFETY: live, and no longer used.
        unsafe { h.free(b) };
        assert_eq!(h.alloc_for(1 << 20, 0, 8, true), (b, false));
    }

    #[test]
    fn what_is_kept_is_bounded() {
        if cfg!(miri) {
            return;
        }
        let mut h = Heap::new();
        for _ in 0..3 {
            let b = h.alloc(RETAIN as u64, 0);
            assert!(!b.is_null());
        }
        assert!(!h.alloc(1 << 20, 0).is_null());
        assert!(h.stats().held > 3 * RETAIN);
        h.reset();
        assert!(h.stats().held <= RETAIN && h.stats().held >= 1 << 20);
        let before = h.stats().system;
        assert!(!h.alloc(1 << 20, 0).is_null());
        assert_eq!(h.stats().system, before);
    }

    #[test]
    fn free_large_blocks_are_given_up_when_memory_is_short() {
        let mut h = Heap::new();
        let (a, b) = (h.alloc(1 << 20, 0), h.alloc(1 << 20, 0));
        // SAFETY: live, and no longer used.
        unsafe { h.free(a) };
        let held = h.stats().held;
        h.give_up();
        assert!(h.stats().held < held && h.stats().held >= 1 << 20);
        // SAFETY: `b` is still live.
        assert_eq!(unsafe { (*b).count }, 1);
        assert!(!h.alloc(1 << 20, 0).is_null());
    }
}
