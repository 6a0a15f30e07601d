//! The terminal, given back as it was however the console ends.

use std::io::{self, Stdout, stdout};
use std::sync::mpsc::SyncSender;

use ratatui::Terminal;
use ratatui::backend::CrosstermBackend;
use ratatui::crossterm::event::{
    DisableBracketedPaste, EnableBracketedPaste, Event as Typed, read,
};
use ratatui::crossterm::execute;
use ratatui::crossterm::terminal::{
    EnterAlternateScreen, LeaveAlternateScreen, disable_raw_mode, enable_raw_mode,
};

use crate::console::event::Event;

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

/// Waits for keys on a thread of its own, for as long as there is a terminal.
///
/// # Errors
/// When there can be no further thread.
pub fn listen(keys: SyncSender<Event>) -> io::Result<()> {
    let work = move || {
        while let Ok(typed) = read() {
            let event = match typed {
                Typed::Key(key) => Event::Key(key),
                Typed::Paste(text) => Event::Paste(text),
                Typed::Resize(..) => Event::Resized,
                Typed::FocusGained | Typed::FocusLost | Typed::Mouse(_) => continue,
            };
            if keys.send(event).is_err() {
                return;
            }
        }
        drop(keys.send(Event::Closed));
    };
    std::thread::Builder::new().name("console-keys".to_owned()).spawn(work)?;
    Ok(())
}
