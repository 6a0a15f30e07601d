//! The program's own pages in memory: what only the start has needed is let go. The kernel maps a
//! program sixteen pages at a time and keeps it all, as long as nobody else wants the memory.

#![expect(unsafe_code, reason = "the kernel is told of pages by their addresses alone")]

use std::ffi::c_void;
use std::ops::Range;
use std::ptr::{NonNull, with_exposed_provenance_mut};
use std::{fs, io};

use nix::sys::mman::{MmapAdvise, madvise};

/// Lets go of the program's code and of its constants. What is needed again comes back out of the
/// kernel's cache of files when it is touched. Returns how many octets may come back so.
///
/// # Errors
/// When `/proc` does not tell how the program lies in memory.
pub fn let_go() -> io::Result<usize> {
    let program = fs::read_link("/proc/self/exe")?;
    let maps = fs::read_to_string("/proc/self/maps")?;
    let program = program.to_string_lossy();
    let ranges = of_the_file(&maps, &program);
    Ok(ranges.map(|range| if let_range_go(&range) { range.len() } else { 0 }).sum())
}

fn let_range_go(range: &Range<usize>) -> bool {
    let Some(start) = NonNull::new(with_exposed_provenance_mut::<c_void>(range.start)) else {
        return false;
    };
    // SAFETY: the range is a private mapping of a file that cannot be written while it runs, has never
    // been writable here, and so has in it what the file has: the next touch reads the same again.
    unsafe { madvise(start, range.len(), MmapAdvise::MADV_DONTNEED) }.is_ok()
}

/// The mappings that hold just what the file holds: code, which is never changed, and the constants
/// at the file's beginning. Constants behind them may have been writable while the loader put
/// addresses in.
fn of_the_file<'a>(maps: &'a str, program: &'a str) -> impl Iterator<Item = Range<usize>> + 'a {
    maps.lines().filter_map(move |line| {
        let mut words = line.split_ascii_whitespace();
        let (place, may, offset) = (words.next()?, words.next()?, words.next()?);
        let is_code = may == "r-xp";
        let is_beginning = may == "r--p" && offset.bytes().all(|digit| digit == b'0');
        if !line.ends_with(program) || !(is_code || is_beginning) {
            return None;
        }
        let (start, end) = place.split_once('-')?;
        let address = |hex| usize::from_str_radix(hex, 16).ok();
        Some(address(start)?..address(end)?)
    })
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU32, Ordering};

    use super::*;

    const MAPS: &str = "\
55f972882000-55f973624000 r--p 00000000 fe:00 11 /opt/a b/naru
55f973624000-55f974d18000 r-xp 00da1000 fe:00 11 /opt/a b/naru
55f974d18000-55f974da1000 r--p 02494000 fe:00 11 /opt/a b/naru
55f974da1000-55f974db0000 rw-p 0251c000 fe:00 11 /opt/a b/naru
7f6995348000-7f699549e000 r-xp 00026000 fe:00 12 /lib/libc.so.6
7f6995648000-7f6995649000 rw-p 00000000 00:00 0
7ffd7be2e000-7ffd7be50000 rw-p 00000000 00:00 0 [stack]
";

    #[test]
    fn only_what_the_file_holds_is_let_go() {
        let ranges: Vec<_> = of_the_file(MAPS, "/opt/a b/naru").collect();
        assert_eq!(
            ranges,
            [0x55f9_7288_2000..0x55f9_7362_4000, 0x55f9_7362_4000..0x55f9_74d1_8000]
        );
        assert_eq!(of_the_file("", "/opt/naru").count(), 0);
        assert_eq!(of_the_file("nonsense /opt/naru\n- r-xp 0 /opt/naru", "/opt/naru").count(), 0);
    }

    #[test]
    fn code_is_let_go_and_what_was_changed_is_not() {
        static CHANGED: AtomicU32 = AtomicU32::new(1);
        static POINTERS: [fn() -> io::Result<usize>; 1] = [let_go];
        CHANGED.store(7, Ordering::Relaxed);

        let maps = fs::read_to_string("/proc/self/maps").unwrap();
        let program = fs::read_link("/proc/self/exe").unwrap();
        let program = program.to_string_lossy();
        let ranges: Vec<_> = of_the_file(&maps, &program).collect();
        let lies_in = |address: usize| ranges.iter().any(|range| range.contains(&address));
        assert!(lies_in(let_go as fn() -> io::Result<usize> as usize));
        assert!(!lies_in((&raw const CHANGED).addr()));
        assert!(!lies_in(POINTERS.as_ptr().addr()), "the loader has put an address in");

        let code: usize = ranges.iter().map(Range::len).sum();
        assert_eq!(POINTERS[0]().unwrap(), code);
        assert_eq!(CHANGED.load(Ordering::Relaxed), 7);
        assert!(code > 1_000_000);
    }
}
