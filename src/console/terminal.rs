//! The terminal, given back as it was however the console ends.

use std::io::{self, Stdout, stdout};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::time::Duration;

use ratatui::Terminal;
use ratatui::backend::CrosstermBackend;
use ratatui::crossterm::event::{
    DisableBracketedPaste, EnableBracketedPaste, Event as Typed, poll, read,
};
use ratatui::crossterm::execute;
use ratatui::crossterm::terminal::{
    EnterAlternateScreen, LeaveAlternateScreen, disable_raw_mode, enable_raw_mode,
};

use crate::console::event::Event;

/// How soon the keys are given up for an editor; keys themselves wake at once.
const LOAN: Duration = Duration::from_millis(250);

#[derive(Debug)]
pub struct Screen {
    pub terminal: Terminal<CrosstermBackend<Stdout>>,
}

impl Screen {
    /// # Errors
    /// When this is no terminal.
    pub fn open() -> io::Result<Self> {
        enable_raw_mode()?;
        // From here on the drop gives it back.
        let screen = Self { terminal: Terminal::new(CrosstermBackend::new(stdout()))? };
        execute!(stdout(), EnterAlternateScreen, EnableBracketedPaste)?;
        let hook = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |panic| {
            give_back();
            hook(panic);
        }));
        Ok(screen)
    }
}

impl Screen {
    /// Lets another program have the terminal for a while, and takes it back however that ends.
    ///
    /// # Errors
    /// When the terminal is gone.
    pub fn lend<T>(&mut self, keyboard: &Keyboard, work: impl FnOnce() -> T) -> io::Result<T> {
        let lent = keyboard.lend();
        give_back();
        let done = work();
        enable_raw_mode()?;
        execute!(stdout(), EnterAlternateScreen, EnableBracketedPaste)?;
        drop(lent);
        self.terminal.clear()?;
        Ok(done)
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        give_back();
    }
}

/// Nobody is left to tell when the terminal itself is gone.
fn give_back() {
    drop(execute!(stdout(), DisableBracketedPaste, LeaveAlternateScreen));
    drop(execute!(stdout(), ratatui::crossterm::cursor::Show));
    drop(disable_raw_mode());
}

/// The keys, read on a thread of its own for as long as there is a terminal.
#[derive(Debug)]
pub struct Keyboard {
    loans: SyncSender<Loan>,
}

/// Somebody else reads the keys until the other end of `back` is gone.
#[derive(Debug)]
struct Loan {
    granted: SyncSender<()>,
    back: Receiver<()>,
}

impl Loan {
    /// Lets go of the keys until they are given back.
    fn run(&self) -> bool {
        self.granted.send(()).is_ok_and(|()| self.back.recv().is_err())
    }
}

impl Keyboard {
    /// # Errors
    /// When there can be no further thread.
    pub fn listen(keys: SyncSender<Event>) -> io::Result<Self> {
        let (loans, asked) = sync_channel::<Loan>(1);
        let work = move || {
            while let Ok(has_key) = poll(LOAN) {
                let is_lent = asked.try_recv().is_ok_and(|loan| loan.run());
                if !is_lent && has_key && !pass_on(&keys) {
                    break;
                }
            }
            drop(keys.send(Event::Closed));
        };
        std::thread::Builder::new().name("console-keys".to_owned()).spawn(work)?;
        Ok(Self { loans })
    }

    /// Nobody here reads keys until what is answered is dropped. None: the terminal is gone.
    fn lend(&self) -> Option<SyncSender<()>> {
        let (granted, grant) = sync_channel(1);
        let (lent, back) = sync_channel(1);
        self.loans.send(Loan { granted, back }).ok()?;
        grant.recv().ok()?;
        Some(lent)
    }
}

/// False: there are no more keys, or nobody wants them.
fn pass_on(keys: &SyncSender<Event>) -> bool {
    let event = match read() {
        Ok(Typed::Key(key)) => Event::Key(key),
        Ok(Typed::Paste(text)) => Event::Paste(text),
        Ok(Typed::Resize(..)) => Event::Resized,
        Ok(Typed::FocusGained | Typed::FocusLost | Typed::Mouse(_)) => return true,
        Err(_) => return false,
    };
    keys.send(event).is_ok()
}
