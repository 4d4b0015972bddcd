//! A program in two versions: one that counts fuel, made when the first run with a limit asks for it, and one that does not.

use std::fmt;
use std::sync::OnceLock;

/// Compiles the version with (`true`) or without fuel.
type Compile<T, E> = dyn Fn(bool) -> Result<T, E> + Send + Sync;

/// A value made in two versions by the same closure, the second when it is first asked for.
pub struct Tiered<T, E> {
    plain: T,
    fueled: OnceLock<Result<T, E>>,
    compile: Box<Compile<T, E>>,
}

impl<T: fmt::Debug, E> fmt::Debug for Tiered<T, E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.plain.fmt(f)
    }
}

impl<T, E: Clone> Tiered<T, E> {
    /// Makes the version without fuel now.
    ///
    /// # Errors
    /// The closure's.
    pub fn new(
        compile: impl Fn(bool) -> Result<T, E> + Send + Sync + 'static,
    ) -> Result<Tiered<T, E>, E> {
        Ok(Tiered {
            plain: compile(false)?,
            fueled: OnceLock::new(),
            compile: Box::new(compile),
        })
    }
    /// The version without fuel.
    #[inline]
    pub fn plain(&self) -> &T {
        &self.plain
    }
    /// The version for a run with (`true`) or without a limit on fuel.
    ///
    /// # Errors
    /// The closure's, each time the same.
    #[inline]
    pub fn get(&self, fuel: bool) -> Result<&T, E> {
        if !fuel {
            return Ok(&self.plain);
        }
        match self.fueled.get_or_init(|| (self.compile)(true)) {
            Ok(t) => Ok(t),
            Err(e) => Err(e.clone()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Arc;
    use std::sync::atomic::{AtomicU32, Ordering};

    #[test]
    fn the_second_version_is_made_once_and_only_if_asked_for() {
        let made = Arc::new(AtomicU32::new(0));
        let count = made.clone();
        let t = Tiered::new(move |fuel| {
            count.fetch_add(1, Ordering::Relaxed);
            Ok::<bool, String>(fuel)
        })
        .unwrap();
        assert_eq!(
            (t.get(false), made.load(Ordering::Relaxed)),
            (Ok(&false), 1)
        );
        assert_eq!((t.get(true), t.get(true)), (Ok(&true), Ok(&true)));
        assert_eq!(made.load(Ordering::Relaxed), 2);
    }

    #[test]
    fn a_version_that_cannot_be_made_is_an_error_each_time() {
        let t = Tiered::new(|fuel| if fuel { Err("no fuel") } else { Ok(1) }).unwrap();
        assert_eq!((t.get(true), t.get(true)), (Err("no fuel"), Err("no fuel")));
        assert_eq!(t.get(false), Ok(&1));
        assert!(Tiered::<(), _>::new(|_| Err("none")).is_err());
    }
}
