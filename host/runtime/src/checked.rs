//! A check of compiled programs: that they count references right.
//!
//! While it is on ([`check_memory`], or the environment variable `COTANGENT_CHECK_MEMORY`), new memory is filled with a pattern,
//! memory that was freed is filled with another and not given out again during the call, and at the end of a call that returned, every block must be either freed and
//! untouched since, or referred to by the results exactly as often as its count says. What is wrong ends the run with an error. Slow.

use crate::block::{Head, data_of};
use crate::tables::Tables;
use cotangent_lower::abi::IMMORTAL;
use std::collections::{HashMap, HashSet};
use std::sync::atomic::{AtomicU8, Ordering};

/// 0 is off, 1 is on, [`UNKNOWN`] is as the environment says.
static ON: AtomicU8 = AtomicU8::new(UNKNOWN);
const UNKNOWN: u8 = 2;

/// Turns the check on or off, for calls that start from now on.
pub fn check_memory(on: bool) {
    ON.store(on.into(), Ordering::Relaxed);
}

/// Whether the check is on.
#[inline]
pub(crate) fn is_on() -> bool {
    match ON.load(Ordering::Relaxed) {
        UNKNOWN => ask(),
        on => on == 1,
    }
}

/// What the environment says.
#[cold]
fn ask() -> bool {
    let on = std::env::var_os("COTANGENT_CHECK_MEMORY").is_some();
    check_memory(on);
    on
}

const NEW: u8 = 0xcd;
const FREED: u8 = 0xdf;

/// The blocks of a heap, as the check sees them.
#[derive(Debug, Default)]
pub(crate) struct Blocks {
    live: HashSet<*mut Head>,
    freed: HashSet<*mut Head>,
    /// A block was freed that was not live.
    twice: bool,
}

impl Blocks {
    /// A block was given out.
    ///
    /// # Safety
    /// Its head is initialised and nobody uses its room.
    pub(crate) unsafe fn allocated(&mut self, block: *mut Head) {
        self.live.insert(block);
        // SAFETY: the room is the block's own.
        unsafe { data_of(block).write_bytes(NEW, (*block).room as usize) }
    }
    /// A block is freed; it must not be given out again.
    ///
    /// # Safety
    /// Its head is initialised; if it is live, nobody uses its room.
    pub(crate) unsafe fn freed(&mut self, block: *mut Head) {
        if !self.live.remove(&block) {
            self.twice = true;
            return;
        }
        self.freed.insert(block);
        // SAFETY: the room is the block's own.
        unsafe {
            (*block).count = 0;
            data_of(block).write_bytes(FREED, (*block).room as usize);
        }
    }
    /// Checks the end of a call whose results refer to these blocks.
    ///
    /// # Safety
    /// The results are what the call has written, and no code runs.
    pub(crate) unsafe fn ends(&self, tables: &Tables, results: &[*mut Head]) -> Result<(), String> {
        if self.twice {
            return Err("a block was freed twice".into());
        }
        for &block in &self.freed {
            // SAFETY: blocks of this heap keep their memory until the call's end.
            let untouched = unsafe {
                let room = std::slice::from_raw_parts(data_of(block), (*block).room as usize);
                (*block).count == 0 && room.iter().all(|&b| b == FREED)
            };
            if !untouched {
                return Err("a block was changed after it was freed".into());
            }
        }
        let mut references: HashMap<*mut Head, u64> = HashMap::new();
        let mut todo = results.to_vec();
        while let Some(block) = todo.pop() {
            if block.is_null() {
                continue;
            }
            let seen = references.entry(block).or_default();
            *seen += 1;
            if *seen > 1 {
                continue;
            }
            if self.freed.contains(&block) {
                return Err("a result refers to a block that was freed".into());
            }
            if !self.live.contains(&block) {
                // A constant's: in another heap.
                continue;
            }
            // SAFETY: a live block's head is initialised, and so are the elements that its `len` counts.
            unsafe {
                let layout = &tables.layouts[(*block).layout as usize];
                if layout.blocks.is_empty() {
                    continue;
                }
                for i in 0..(*block).len as usize {
                    let element = data_of(block).wrapping_add(i * layout.size as usize);
                    for &offset in &layout.blocks {
                        todo.push(*element.wrapping_add(offset as usize).cast::<*mut Head>());
                    }
                }
            }
        }
        for &block in &self.live {
            // SAFETY: a live block's head is initialised.
            let (count, number) = unsafe { ((*block).count, (*block).layout) };
            let found = references.get(&block).copied().unwrap_or(0);
            // Lent arguments' counts start at a number that is never reached.
            let start = if count > IMMORTAL / 2 { IMMORTAL } else { 0 };
            if start == 0 && count != found {
                let layout = &tables.layouts[number as usize];
                return Err(format!(
                    "a block has count {count} and {found} references; its elements are {layout:?}"
                ));
            }
        }
        Ok(())
    }
}
