//! What happens to the console, in one order.

use ratatui::crossterm::event::KeyEvent;

use crate::console::report::Report;

#[derive(Clone, Debug)]
pub enum Event {
    Key(KeyEvent),
    /// Text that was pasted in one piece.
    Paste(String),
    Resized,
    /// The keyboard is gone: the terminal was closed.
    Closed,
    Report(Report),
}
