//! What a process has in its memory.

use std::fs::{self, File};
use std::os::unix::fs::FileExt;

/// How often the process holds these bytes in memory of its own: files that it has mapped are on the disk anyway.
pub fn count(process: u32, needle: &[u8]) -> usize {
    let maps = fs::read_to_string(format!("/proc/{process}/maps")).unwrap();
    let memory = File::open(format!("/proc/{process}/mem")).unwrap();
    let own = maps.lines().filter_map(|line| {
        let mut words = line.split_whitespace();
        let (range, access) = (words.next()?, words.next()?);
        let (_offset, _device, inode) = (words.next()?, words.next()?, words.next()?);
        let (from, to) = range.split_once('-')?;
        let is_own = access.starts_with('r') && inode == "0" && !matches!(words.next(), Some("[vvar]" | "[vsyscall]" | "[vdso]"));
        is_own.then(|| Some((u64::from_str_radix(from, 16).ok()?, u64::from_str_radix(to, 16).ok()?)))?
    });
    let mut found = 0;
    for (from, to) in own {
        let mut bytes = vec![0; usize::try_from(to - from).unwrap()];
        if memory.read_exact_at(&mut bytes, from).is_ok() {
            let first = needle[0];
            let places = bytes.iter().enumerate().filter(|(_, byte)| **byte == first);
            found += places.filter(|(place, _)| bytes[*place..].starts_with(needle)).count();
        }
    }
    found
}
