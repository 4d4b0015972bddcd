//! A PJRT plugin for tests: it runs toy programs, counts what is made and destroyed, and fails on request.
//!
//! A test copies the shared library, writes its wishes into the copy's [`SETTINGS`], and loads it: copies have counters and wishes of their
//! own. Wishes are words:
//!
//! - `null`: `GetPjrtApi` gives nothing; `major=N`, `minor=N`: another version; `table=N`: a table of so many bytes;
//! - `missing=SLOT`: that slot is empty;
//! - `fail=SLOT:NTH:CODE:MESSAGE`: the n-th call of that function (from 1; 0 for each) gives that error, `_` standing for spaces;
//! - `event=CODE:MESSAGE`: executions fail after they were accepted, through the events of their results;
//! - `few`: one result less than the program tells of; `strange`: results of an element type that there is not;
//! - `devices=N`: so many devices when the client does not ask for a number.
//!
//! Programs are any text with a line `// mock: f32[2,3] s32[] -> f32[2,3] give 0`: types of the arguments, of the results, and which arguments
//! become results. A result is a copy of the argument of the same number where that has the same size, else zero.
//!
//! What happened is told by the plugin's attributes: `live NAME` objects, `calls NAME`, and `misuse`: handles that are no living object.

#[path = "../../src/pjrt/abi.rs"]
#[allow(dead_code, reason = "the plugin does not use all of it")]
mod abi;
mod functions;
mod objects;
mod program;
#[path = "../../src/pjrt/proto.rs"]
#[allow(dead_code, reason = "the plugin only writes")]
mod proto;
mod wishes;

use abi::{Function, Header};
use std::ptr;
use std::sync::OnceLock;

/// Found in the file by its first words; a test writes over the rest.
const MARK: &[u8] = b"COTANGENT MOCK SETTINGS:";

#[used]
static SETTINGS: [u8; 512] = {
    let mut all = [b' '; 512];
    let mut i = 0;
    while i < MARK.len() {
        all[i] = MARK[i];
        i += 1;
    }
    all
};

/// What the test has written into the file.
fn settings() -> String {
    // SAFETY: reads an initialised array. Volatile, because the file was changed after it was compiled.
    let all = unsafe { ptr::read_volatile(&raw const SETTINGS) };
    String::from_utf8_lossy(&all[MARK.len()..]).trim().into()
}

/// Slots of the newest known table.
const SLOTS: usize = 138;

#[repr(C)]
struct Table {
    header: Header,
    slots: [Option<Function>; SLOTS],
}

struct Shared(Table);

// SAFETY: never written after it was made; the pointers in it are null.
unsafe impl Send for Shared {}
// SAFETY: as above.
unsafe impl Sync for Shared {}

/// What PJRT looks for in a plugin.
#[unsafe(no_mangle)]
pub extern "C" fn GetPjrtApi() -> *const Header {
    static TABLE: OnceLock<Shared> = OnceLock::new();
    let wishes = wishes::get();
    if wishes.null {
        return ptr::null();
    }
    let table = TABLE.get_or_init(|| {
        let mut slots = [None; SLOTS];
        for (index, function) in functions::all() {
            slots[index] = Some(function);
        }
        for index in &wishes.missing {
            slots[*index] = None;
        }
        Shared(Table {
            header: Header {
                struct_size: wishes.table.unwrap_or(size_of::<Table>()),
                extension: ptr::null_mut(),
                version_size: 24,
                version_extension: ptr::null_mut(),
                major: wishes.major.unwrap_or(abi::MAJOR),
                minor: wishes.minor.unwrap_or(abi::NEWEST_MINOR),
            },
            slots,
        })
    });
    &raw const table.0.header
}
