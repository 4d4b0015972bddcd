//! Large pages for large memory: asked of the system, where it has them, so that a new result of many megabytes is not some ten thousand page
//! faults. A wish only: what the memory holds does not depend on it.

/// Less memory than this is left alone.
#[cfg(target_os = "linux")]
const LEAST: usize = 1 << 22;

/// Asks for large pages for memory that was allocated just now.
#[cfg(target_os = "linux")]
pub(crate) fn advise(start: *mut u8, bytes: usize) {
    if bytes < LEAST {
        return;
    }
    /// Pages are this large or a power of two smaller, so what starts and ends at multiples of it consists of whole ones.
    const PAGE: usize = 1 << 16;
    let before = start.addr().wrapping_neg() % PAGE;
    let whole = (bytes - before) / PAGE * PAGE;
    // SAFETY: whole pages of memory that was allocated just now; the call changes nothing in it, and failing is harmless.
    unsafe {
        libc::madvise(
            start.wrapping_add(before).cast(),
            whole,
            libc::MADV_HUGEPAGE,
        );
    }
}

/// Elsewhere there is nothing to ask for.
#[cfg(not(target_os = "linux"))]
pub(crate) fn advise(_: *mut u8, _: usize) {}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    #[test]
    fn memory_is_as_it_was() {
        let mut v: Vec<u8> = (0..super::LEAST + 100_000).map(|i| i as u8).collect();
        for from in [0, 1, 65_537] {
            let at = v.as_mut_ptr().wrapping_add(from);
            super::advise(at, v.len() - from);
        }
        assert!(v.iter().enumerate().all(|(i, &b)| b == i as u8));
    }
}
