//! A bounded memory of what was used lately.

use std::borrow::Borrow;
use std::collections::HashMap;
use std::hash::Hash;

/// Two generations: what nobody asks for while the younger one fills up is dropped with the older one.
#[derive(Debug)]
pub struct Generations<K, V> {
    most: usize,
    young: HashMap<K, V>,
    old: HashMap<K, V>,
}

impl<K: Eq + Hash, V: Clone> Generations<K, V> {
    /// Keeps at most twice as many values.
    pub fn new(most: usize) -> Self {
        Self { most, young: HashMap::new(), old: HashMap::new() }
    }

    /// The value, which is younger for it.
    pub fn get<Q: Eq + Hash + ?Sized>(&mut self, key: &Q) -> Option<V>
    where
        K: Borrow<Q>,
    {
        if let Some(value) = self.young.get(key) {
            return Some(value.clone());
        }
        let (key, value) = self.old.remove_entry(key)?;
        self.keep(key, value.clone());
        Some(value)
    }

    /// Keeps a value, in the place of the one before.
    pub fn keep(&mut self, key: K, value: V) {
        if self.young.len() >= self.most {
            self.old = std::mem::take(&mut self.young);
        }
        self.young.insert(key, value);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_used_stays_and_the_rest_goes() {
        let mut known = Generations::new(10);
        known.keep("often".to_owned(), 0);
        for number in 1..100 {
            known.keep(number.to_string(), number);
            assert_eq!(known.get("often"), Some(0));
            assert!(known.young.len() + known.old.len() <= 20);
        }
        assert_eq!((known.get("99"), known.get("1")), (Some(99), None));
        known.keep("99".to_owned(), 7);
        assert_eq!(known.get("99"), Some(7), "a newer value replaces the older");
    }
}
