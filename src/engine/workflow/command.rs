//! What a walk through a workflow is told, and what it wants done.

use crate::office::web_address::WebAddress;
use crate::office::workflow::action::{Callback, Leave, Voicemail};
use crate::office::workflow::chore::Chore;
use crate::office::workflow::speech::Speech;

/// What the caller and the office have done meanwhile.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WalkInput {
    /// What was said is over.
    Spoken,
    Digit(char),
    /// Whoever was to be connected cannot take the call.
    Unavailable,
    /// Another system has answered: well or not.
    Answered {
        well: bool,
    },
    /// A time that was asked for may have come.
    Due,
}

/// What is to be done, in this order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WalkCommand {
    /// The caller has come to a step.
    Enter {
        step: String,
    },
    /// A key of a menu was pressed, or a form handed in without what it asks for.
    Pressed(char),
    /// In the place of what the caller heard.
    Say(Speech),
    /// A key was pressed while something was said.
    Hush,
    Do(Chore),
    /// What the caller has typed.
    Keep {
        field: String,
        digits: String,
    },
    /// Connect with whoever is assigned, or say `Unavailable`.
    Connect,
    /// Promise a call back to this number, or to the caller's own; or say `Unavailable`.
    CallBack {
        typed: Option<String>,
        callback: Box<Callback>,
    },
    /// Tell another system; `waits` says that `Answered` is waited for.
    Post {
        step: String,
        url: WebAddress,
        waits: bool,
    },
    /// Nothing more comes.
    Leave(Leaving),
}

/// How the workflow lets go of the call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Leaving {
    /// The call takes the way that its assignment gives it.
    End,
    /// L86: the last word is said.
    Said,
    HangUp(Leave),
    /// L98
    Voicemail(Box<Voicemail>),
    /// L83: no key came.
    NoInput,
    /// P24: it cannot go on; the name is what is missing.
    Lost(String),
}
