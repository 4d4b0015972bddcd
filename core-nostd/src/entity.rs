//! Small integer names for IR objects, and the maps keyed by them.
//!
//! An entity is a `u32` newtype ([`Value`], [`Inst`], [`Region`], …). A [`PrimaryMap`] owns the objects and hands out
//! names in order; a [`SecondaryMap`] annotates names with a value that defaults where nothing was written.
//! Names instead of references: half the size, `Copy`, no lifetimes, and printable (`v12`).

use alloc::vec::Vec;
use core::marker::PhantomData;
use core::ops::{Index, IndexMut};

/// A `u32` newtype that names an object.
pub trait Entity: Copy + Eq {
    /// The name of the `i`-th object.
    fn from_index(i: usize) -> Self;
    /// The position of the named object.
    fn index(self) -> usize;
}

/// Declares `u32` newtypes that name objects: `entity! { /// Doc. Name "prefix"; }`.
#[macro_export]
macro_rules! entity {
    ($($(#[$doc:meta])* $name:ident $prefix:literal;)*) => {$(
        $(#[$doc])*
        #[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub u32);
        impl $crate::entity::Entity for $name {
            fn from_index(i: usize) -> Self {
                $name(i as u32)
            }
            fn index(self) -> usize {
                self.0 as usize
            }
        }
        impl ::core::fmt::Display for $name {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                write!(f, concat!($prefix, "{}"), self.0)
            }
        }
        impl ::core::fmt::Debug for $name {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                ::core::fmt::Display::fmt(self, f)
            }
        }
    )*};
}

entity! {
    /// An SSA value: a region parameter or an instruction's result.
    Value "v";
    /// An instruction.
    Inst "inst";
    /// A region: parameters, instructions in order, and the values it yields.
    Region "r";
    /// A mutable variable of the front end's slot stage; gone after `mem2reg`.
    Slot "s";
    /// A labelled block of the slot stage, target of `br`; gone after `structurize`.
    Label "l";
    /// A function of a module.
    FuncId "fn";
    /// A source file named in a module's file table.
    FileId "file";
}

/// Owns objects of type `V` and names them with `K`.
#[derive(Clone, PartialEq, Debug)]
pub struct PrimaryMap<K, V> {
    items: Vec<V>,
    key: PhantomData<K>,
}

impl<K: Entity, V> PrimaryMap<K, V> {
    /// An empty map.
    pub const fn new() -> Self {
        PrimaryMap {
            items: Vec::new(),
            key: PhantomData,
        }
    }
    /// Adds an object and returns its name.
    pub fn push(&mut self, v: V) -> K {
        self.items.push(v);
        K::from_index(self.items.len() - 1)
    }
    /// The name that the next [`push`](Self::push) returns.
    pub fn next_key(&self) -> K {
        K::from_index(self.items.len())
    }
    /// The number of objects.
    pub fn len(&self) -> usize {
        self.items.len()
    }
    /// Whether there is no object.
    pub fn is_empty(&self) -> bool {
        self.items.is_empty()
    }
    /// The object, or `None` if the name is not of this map.
    pub fn get(&self, k: K) -> Option<&V> {
        self.items.get(k.index())
    }
    /// All names, in order.
    pub fn keys(&self) -> impl DoubleEndedIterator<Item = K> + ExactSizeIterator + use<K, V> {
        (0..self.items.len()).map(K::from_index)
    }
    /// All objects, in order.
    pub fn values(&self) -> core::slice::Iter<'_, V> {
        self.items.iter()
    }
    /// All objects, in order, mutably.
    pub fn values_mut(&mut self) -> core::slice::IterMut<'_, V> {
        self.items.iter_mut()
    }
    /// Names and objects, in order.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = (K, &V)> {
        self.items
            .iter()
            .enumerate()
            .map(|(i, v)| (K::from_index(i), v))
    }
}

impl<K: Entity, V> Default for PrimaryMap<K, V> {
    fn default() -> Self {
        Self::new()
    }
}
impl<K: Entity, V> Index<K> for PrimaryMap<K, V> {
    type Output = V;
    fn index(&self, k: K) -> &V {
        &self.items[k.index()]
    }
}
impl<K: Entity, V> IndexMut<K> for PrimaryMap<K, V> {
    fn index_mut(&mut self, k: K) -> &mut V {
        &mut self.items[k.index()]
    }
}

/// Annotates names with values; reading a name never written gives the default.
#[derive(Clone, Debug)]
pub struct SecondaryMap<K, V> {
    items: Vec<V>,
    default: V,
    key: PhantomData<K>,
}

impl<K: Entity, V: Clone + Default> SecondaryMap<K, V> {
    /// A map in which every name has `V::default()`.
    pub fn new() -> Self {
        Self::with_default(V::default())
    }
}
impl<K: Entity, V: Clone> SecondaryMap<K, V> {
    /// A map in which every name has `default`.
    pub fn with_default(default: V) -> Self {
        SecondaryMap {
            items: Vec::new(),
            default,
            key: PhantomData,
        }
    }
}
impl<K: Entity, V: Clone + Default> Default for SecondaryMap<K, V> {
    fn default() -> Self {
        Self::new()
    }
}
impl<K: Entity, V: Clone> Index<K> for SecondaryMap<K, V> {
    type Output = V;
    fn index(&self, k: K) -> &V {
        self.items.get(k.index()).unwrap_or(&self.default)
    }
}
impl<K: Entity, V: Clone> IndexMut<K> for SecondaryMap<K, V> {
    fn index_mut(&mut self, k: K) -> &mut V {
        let i = k.index();
        if i >= self.items.len() {
            self.items.resize(i + 1, self.default.clone());
        }
        &mut self.items[i]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn primary_names_in_order_and_secondary_defaults() {
        let mut p: PrimaryMap<Value, &str> = PrimaryMap::new();
        let a = p.push("a");
        let b = p.push("b");
        assert_eq!((a, b, p[b]), (Value(0), Value(1), "b"));
        let mut s: SecondaryMap<Value, u8> = SecondaryMap::new();
        s[b] = 7;
        assert_eq!((s[a], s[b], s[Value(99)]), (0, 7, 0));
    }
}
