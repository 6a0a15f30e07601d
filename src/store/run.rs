//! The store's threads: one writes in groups, one reads lists, one keeps a good copy.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize};
use std::sync::mpsc::{SyncSender, sync_channel};
use std::thread::{Builder, JoinHandle};

use tracing::error;

use crate::store::copies::keep_copies;
use crate::store::handle::{CAPACITY, Gauge, StoreHandle};
use crate::store::lists::answer_lists;
use crate::store::open::Database;
use crate::store::request::{Read, Write};
use crate::store::writer::Writer;

/// Lists that may wait; each has someone looking at a screen.
const LISTS: usize = 64;

/// The running threads; ended by [`StoreThreads::close`].
#[derive(Debug)]
pub struct StoreThreads {
    writes: SyncSender<Write>,
    reads: SyncSender<Read>,
    threads: Vec<JoinHandle<()>>,
    /// Wakes the copying thread by going away.
    copies: Option<SyncSender<()>>,
}

impl StoreThreads {
    /// Writes everything that was sent before, then ends. Blocks until all is on disk.
    pub fn close(mut self) {
        self.copies = None;
        // A thread that is gone already needs no word.
        drop(self.writes.send(Write::Close));
        drop(self.reads.send(Read::Close));
        for thread in self.threads {
            if thread.join().is_err() {
                error!("a thread of the store has failed");
            }
        }
    }

    /// Whether a thread has ended by itself, which the daemon must not survive.
    #[must_use]
    pub fn has_failed(&self) -> bool {
        self.threads.iter().any(JoinHandle::is_finished)
    }
}

/// Starts the store on an opened database.
///
/// # Errors
/// When the system gives no thread.
pub fn start(database: Database) -> io::Result<(StoreHandle, StoreThreads)> {
    let (writes, write_queue) = sync_channel(CAPACITY);
    let (reads, read_queue) = sync_channel(LISTS);
    let (copies, copy_queue) = sync_channel(1);
    let gauge = Arc::new(Gauge {
        writable: AtomicBool::new(database.interrupted_below.is_none()),
        waiting: AtomicUsize::new(0),
        lost: AtomicU64::new(0),
        queued: AtomicUsize::new(0),
    });
    let file = database.file.clone();
    let copied = database.file.clone();
    let mut writer = Writer::new(database, Arc::clone(&gauge));
    let threads = vec![
        Builder::new().name("store".to_owned()).spawn(move || writer.run(&write_queue))?,
        Builder::new()
            .name("store-lists".to_owned())
            .spawn(move || answer_lists(&file, &read_queue))?,
        Builder::new()
            .name("store-copies".to_owned())
            .spawn(move || keep_copies(&copied, &copy_queue))?,
    ];
    let handle = StoreHandle { writes: writes.clone(), reads: reads.clone(), gauge };
    Ok((handle, StoreThreads { writes, reads, threads, copies: Some(copies) }))
}
