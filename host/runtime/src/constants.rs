//! The constant arrays of a program, as blocks.
//!
//! Running code counts references to them, so runs at the same time have blocks of their own; those that are not in use are kept.

use crate::block::{Head, Heap, data_of};
use cotangent_core::error::TrapKind;
use cotangent_lower::abi::IMMORTAL;
use cotangent_lower::lir::Program;
use std::ptr;
use std::sync::{Mutex, PoisonError};

/// The constant arrays of a program.
#[derive(Debug, Default)]
pub(crate) struct Constants {
    bytes: Vec<Vec<u8>>,
    #[expect(clippy::vec_box, reason = "a kilobyte each, handed on by address")]
    spare: Mutex<Vec<Box<Blocks>>>,
}

/// Their blocks, for one run.
#[derive(Debug)]
pub(crate) struct Blocks {
    blocks: Vec<*mut Head>,
    /// What the blocks lie in.
    _memory: Heap,
}
// SAFETY: the blocks are owned with their memory, and used by one run at a time.
unsafe impl Send for Blocks {}

impl Blocks {
    /// Where the addresses of the blocks are, in the order of the program.
    pub(crate) fn blocks(&self) -> *const *mut Head {
        self.blocks.as_ptr()
    }
}

impl Constants {
    pub(crate) fn new(program: &Program) -> Constants {
        Constants {
            bytes: program.consts.values().map(|c| c.bytes.clone()).collect(),
            spare: Mutex::default(),
        }
    }
    /// Blocks that no other run uses; `None` if the program has no constant arrays.
    pub(crate) fn lend(&self) -> Result<Option<Box<Blocks>>, TrapKind> {
        if self.bytes.is_empty() {
            return Ok(None);
        }
        let spare = self
            .spare
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .pop();
        if spare.is_some() {
            return Ok(spare);
        }
        let mut heap = Heap::new();
        let mut blocks = Vec::with_capacity(self.bytes.len());
        for bytes in &self.bytes {
            let block = heap.alloc(bytes.len() as u64, 0);
            if block.is_null() {
                let bytes = bytes.len() as u64;
                return Err(TrapKind::OutOfMemory { bytes });
            }
            // SAFETY: a new block with room for the bytes.
            unsafe {
                (*block).count = IMMORTAL;
                ptr::copy_nonoverlapping(bytes.as_ptr(), data_of(block), bytes.len());
            }
            blocks.push(block);
        }
        Ok(Some(Box::new(Blocks {
            blocks,
            _memory: heap,
        })))
    }
    /// The end of that run.
    pub(crate) fn give_back(&self, blocks: Option<Box<Blocks>>) {
        if let Some(b) = blocks {
            self.spare
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .push(b);
        }
    }
}
