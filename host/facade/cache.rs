//! What is made once and then found quickly: an append-only list, and the place of a function's program.
//!
//! A call of a compiled function must not wait for a lock nor count references. So what is compiled stays where it is until the function
//! goes, and is found by walking a list whose nodes never move: a few atomic loads. The lists are short (a node for each kind of
//! derivative and executor that was asked for).

use crate::error::Result;
use crate::function::Function;
use std::sync::OnceLock;

/// Values by key, which are only ever added. The value is made by whoever asks first; others wait for it.
#[derive(Debug)]
pub(crate) struct AppendMap<K, V> {
    head: OnceLock<Box<Node<K, V>>>,
}

#[derive(Debug)]
struct Node<K, V> {
    key: K,
    value: OnceLock<V>,
    next: OnceLock<Box<Node<K, V>>>,
}

impl<K, V> Default for AppendMap<K, V> {
    fn default() -> Self {
        AppendMap {
            head: OnceLock::new(),
        }
    }
}

impl<K: PartialEq + Clone, V> AppendMap<K, V> {
    /// The value of that key, if it has been made.
    #[inline]
    pub(crate) fn get(&self, is: impl Fn(&K) -> bool) -> Option<&V> {
        let mut at = self.head.get();
        while let Some(node) = at {
            if is(&node.key) {
                return node.value.get();
            }
            at = node.next.get();
        }
        None
    }
    /// The value of that key, made if it is not there.
    pub(crate) fn get_or_init(&self, key: K, make: impl FnOnce() -> V) -> &V {
        let mut at = &self.head;
        loop {
            // Another thread may put its own node here first; then the search goes on behind it.
            let node = at.get_or_init(|| {
                Box::new(Node {
                    key: key.clone(),
                    value: OnceLock::new(),
                    next: OnceLock::new(),
                })
            });
            if node.key == key {
                return node.value.get_or_init(make);
            }
            at = &node.next;
        }
    }
}

/// Node by node: the drop of a long chain of boxes would recurse.
impl<K, V> Drop for AppendMap<K, V> {
    fn drop(&mut self) {
        let mut next = self.head.take();
        while let Some(mut node) = next {
            next = node.next.take();
        }
    }
}

/// Where the program of one `#[differentiable]` function is kept: a `static` that the macro makes.
#[derive(Debug)]
pub struct Cache(pub(crate) OnceLock<Result<Function>>);

impl Cache {
    /// Nothing yet.
    pub const fn new() -> Cache {
        Cache(OnceLock::new())
    }
}
impl Default for Cache {
    fn default() -> Self {
        Cache::new()
    }
}

#[cfg(test)]
mod tests {
    use super::AppendMap;
    use std::sync::atomic::{AtomicUsize, Ordering};

    #[test]
    fn every_key_is_made_once_by_many_threads() {
        let (map, made) = (AppendMap::<usize, usize>::default(), AtomicUsize::new(0));
        std::thread::scope(|s| {
            for t in 0..8 {
                let (map, made) = (&map, &made);
                s.spawn(move || {
                    for i in 0..100 {
                        let key = (i * 7 + t * 13) % 100;
                        let value = map.get_or_init(key, || {
                            made.fetch_add(1, Ordering::SeqCst);
                            key * key
                        });
                        assert_eq!(*value, key * key);
                        assert_eq!(map.get(|k| *k == key), Some(value));
                    }
                });
            }
        });
        assert_eq!(made.into_inner(), 100);
        assert_eq!(map.get(|k| *k == 100), None);
    }

    #[test]
    fn a_long_list_is_dropped_without_recursion() {
        let map = AppendMap::<usize, usize>::default();
        let mut at = &map.head;
        for key in 0..300_000 {
            let node = super::Node {
                key,
                value: 0.into(),
                next: std::sync::OnceLock::new(),
            };
            at = &at.get_or_init(|| Box::new(node)).next;
        }
    }
}
