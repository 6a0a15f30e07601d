//! Whether years of calls are answered for at once: `cargo bench --bench history`.
//!
//! Fills a store with calls, five million unless `CALLS` says otherwise, asks what screens and
//! reports ask, and takes it away again. It wants some 6 GB under `DIR` (`/tmp`) and ten minutes;
//! with `KEEP=1` the store stays, and the next run asks it again without filling it.

#![expect(clippy::print_stdout, clippy::unwrap_used, reason = "prints figures")]

mod questions;
mod years;

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use naru::clock;
use nix::time::{ClockId, clock_gettime};

use crate::questions::Asker;
use crate::years::Years;

const CALLS: u64 = 5_000_000;
/// What any answer may take of the processor.
const GOAL: Duration = Duration::from_millis(100);

fn main() {
    let calls = env::var("CALLS").map_or(CALLS, |count| count.parse().unwrap());
    let keep = env::var("KEEP").is_ok_and(|word| word == "1");
    let above = env::var("DIR").map_or(PathBuf::from("/tmp"), PathBuf::from);
    let folder = above.join(format!("naru-history-{calls}"));
    let years = Years::new(calls);
    if !folder.exists() {
        fill(&folder, &years);
    }
    let opened = took(|| naru::store::open::open(&folder).unwrap());
    let (clock, processor) = (millis(opened.0.clock), millis(opened.0.processor));
    println!("the start reads {processor:.0} ms ({clock:.0} ms by the clock)");
    drop(opened);
    let late = Asker::new(&folder, &years).ask_all(GOAL);
    if !keep {
        fs::remove_dir_all(&folder).unwrap();
    }
    assert!(late.is_empty(), "later than {GOAL:?}: {late:?}");
}

/// A store that is whole or not there.
fn fill(folder: &Path, years: &Years) {
    let unfinished = folder.with_extension("unfinished");
    drop(fs::remove_dir_all(&unfinished));
    let (time, ()) = took(|| years.fill(&unfinished));
    fs::rename(&unfinished, folder).unwrap();
    let bytes = fs::metadata(folder.join("naru.db")).unwrap().len();
    let megabytes = bytes / 1_000_000;
    println!("{} calls in {megabytes} MB, made in {:.0} s", years.calls, time.clock.as_secs_f64());
}

/// The time of the clock, and of this thread's processor, which a busy machine distorts little.
pub(crate) struct Took {
    pub(crate) clock: Duration,
    pub(crate) processor: Duration,
}

pub(crate) fn took<T>(work: impl FnOnce() -> T) -> (Took, T) {
    let (before, spent_before) = (clock::now().ticks, spent());
    let done = work();
    let took = Took { clock: clock::now().ticks - before, processor: spent() - spent_before };
    (took, done)
}

fn spent() -> Duration {
    clock_gettime(ClockId::CLOCK_THREAD_CPUTIME_ID).unwrap().into()
}

pub(crate) fn millis(time: Duration) -> f64 {
    time.as_secs_f64() * 1_000.0
}
