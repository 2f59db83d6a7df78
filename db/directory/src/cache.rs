//! A bounded memory of what was used lately.

use std::borrow::Borrow;
use std::collections::HashMap;
use std::hash::Hash;

/// Two generations: what nobody asks for while the younger one fills up is dropped with the older one.
#[derive(Debug)]
pub struct Cache<K, V> {
    most: usize,
    /// What the younger generation weighs.
    weight: usize,
    young: HashMap<K, (V, usize)>,
    old: HashMap<K, (V, usize)>,
}

impl<K: Eq + Hash, V: Clone> Cache<K, V> {
    /// Keeps at most twice that weight, but for the last value of each generation.
    pub fn new(most: usize) -> Self {
        Self { most, weight: 0, young: HashMap::new(), old: HashMap::new() }
    }

    /// The value, which is younger for it.
    pub fn get<Q: Eq + Hash + ?Sized>(&mut self, key: &Q) -> Option<V>
    where
        K: Borrow<Q>,
    {
        if let Some(value) = self.young.get(key) {
            return Some(value.0.clone());
        }
        let (key, (value, weight)) = self.old.remove_entry(key)?;
        self.keep(key, value.clone(), weight);
        Some(value)
    }

    /// Keeps a value of that weight, in the place of the one before.
    pub fn keep(&mut self, key: K, value: V, weight: usize) {
        if self.weight >= self.most {
            self.old = std::mem::take(&mut self.young);
            self.weight = 0;
        }
        self.weight += weight;
        if let Some((_, replaced)) = self.young.insert(key, (value, weight)) {
            self.weight -= replaced;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_used_stays_and_the_rest_goes() {
        let mut known = Cache::new(10);
        known.keep("often".to_owned(), 0, 1);
        for number in 1..100 {
            known.keep(number.to_string(), number, 1);
            assert_eq!(known.get("often"), Some(0));
            assert!(known.young.len() + known.old.len() <= 20);
        }
        assert_eq!((known.get("99"), known.get("1")), (Some(99), None));
        known.keep("99".to_owned(), 7, 1);
        assert_eq!(known.get("99"), Some(7), "a newer value replaces the older");
    }

    #[test]
    fn heavy_values_leave_less_room() {
        let mut known = Cache::new(10);
        for number in 0..100 {
            known.keep(number, (), 4);
        }
        assert!(known.young.len() + known.old.len() <= 6);
    }
}
