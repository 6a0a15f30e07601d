//! What a step of a workflow does.

use std::collections::BTreeMap;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::audio::builtin::Prompt;
use crate::office::workflow::chore::Chore;
use crate::office::workflow::condition::Condition;
use crate::office::workflow::name::{Next, WorkflowName};
use crate::office::workflow::speech::Speech;
use crate::office::workflow::webhook::Webhook;

/// What `*` does in a menu (L91).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Star {
    /// Says the menu again.
    #[default]
    Repeat,
    /// Back to the first step of the workflow.
    Start,
    /// Under the queue trigger: the caller goes on waiting.
    Wait,
    Inactive,
}

/// "Press 1": 2 to 12 keys with `*`, each leading on (L91, A9).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Menu {
    pub say: Speech,
    /// `0`–`9` and `#`.
    pub keys: BTreeMap<char, Next>,
    pub star: Star,
    /// How long after the last word a key is waited for.
    pub wait: Duration,
    /// How often it is said in all before it gives up (L83).
    pub tries: u8,
    /// Whether a key may be pressed before the last word.
    pub barge_in: bool,
    /// Said after a key that leads nowhere; such a key costs a try.
    pub invalid: Option<Speech>,
    /// Where to go when no key comes; hangs up if absent (L83).
    pub silent: Option<Next>,
}

/// Digits that the caller types, ended by `#` (L99).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Digits {
    pub say: Speech,
    /// What the digits are kept as.
    pub field: String,
    pub least: u8,
    pub most: u8,
    pub wait: Duration,
    pub tries: u8,
    /// Without it, `#` alone goes on with nothing.
    pub required: bool,
    pub silent: Option<Next>,
}

/// The caller leaves word, and the call is over (L98).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Voicemail {
    /// Said before the beep.
    pub say: Speech,
    /// How long a message may be.
    pub limit: Duration,
    /// A message is over after so long without a word.
    pub silence: Duration,
    /// Said to a caller who is still there when the message is kept.
    pub thanks: Speech,
}

/// A step that says nothing of it, and a number without a workflow.
impl Default for Voicemail {
    fn default() -> Self {
        Self {
            say: Speech::Prompt(Prompt::Voicemail),
            limit: Duration::from_secs(180),
            silence: Duration::from_secs(5),
            thanks: Speech::Prompt(Prompt::VoicemailSaved),
        }
    }
}

/// The caller hangs up, keeps their place, and is called when their turn comes (L74, L88).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Callback {
    /// The form in which they typed the number to call; their own if absent.
    pub number_of: Option<String>,
    /// How often they are called in all.
    pub tries: u8,
    /// How long after a call that they did not take.
    pub pause: Duration,
    /// Said when it is promised.
    pub thanks: Speech,
    /// Where to go when the office cannot or may not call that number.
    pub unavailable: Next,
}

/// L97: what is left of a call that a workflow ends.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Leave {
    /// On the missed list, for somebody to call back.
    #[default]
    Missed,
    /// Nothing to follow up.
    Done,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Arm {
    pub when: Condition,
    pub to: Next,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Quick {
    pub when: Condition,
    pub chore: Chore,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    Say(Speech),
    Menu(Menu),
    Digits(Digits),
    /// Up to ten arms, the first that holds; else `otherwise` (L93).
    Branch {
        arms: Vec<Arm>,
        otherwise: Next,
    },
    /// Up to four, all that hold (L94).
    Quick(Vec<Quick>),
    Do(Chore),
    /// Tries whoever is assigned; goes on at `unavailable` if they cannot take the call (L106–L113).
    Connect {
        unavailable: Next,
    },
    HangUp(Leave),
    Voicemail(Voicemail),
    Callback(Callback),
    Module(WorkflowName),
    /// Tells another system (P18).
    Webhook(Webhook),
}

impl Action {
    /// Whether it makes sense only with a caller on the line.
    #[must_use]
    pub fn needs_listener(&self) -> bool {
        match self {
            Self::Say(_)
            | Self::Menu(_)
            | Self::Digits(_)
            | Self::Connect { .. }
            | Self::HangUp(_)
            | Self::Voicemail(_)
            | Self::Callback(_)
            | Self::Module(_) => true,
            Self::Webhook(webhook) => webhook.wait.is_some(),
            Self::Branch { .. } | Self::Quick(_) | Self::Do(_) => false,
        }
    }

    /// The ways out that the action itself names.
    #[must_use]
    pub fn exits(&self) -> Vec<&Next> {
        match self {
            Self::Menu(menu) => menu.keys.values().chain(&menu.silent).collect(),
            Self::Digits(_)
            | Self::Branch { .. }
            | Self::Connect { .. }
            | Self::Callback(_)
            | Self::Webhook(_) => self.unasked_exits(),
            Self::Say(_)
            | Self::Quick(_)
            | Self::Do(_)
            | Self::HangUp(_)
            | Self::Voicemail(_)
            | Self::Module(_) => Vec::new(),
        }
    }

    /// Those that are taken without the caller doing anything.
    #[must_use]
    pub fn unasked_exits(&self) -> Vec<&Next> {
        match self {
            Self::Menu(menu) => menu.silent.iter().collect(),
            Self::Digits(digits) => digits.silent.iter().collect(),
            Self::Branch { arms, otherwise } => {
                arms.iter().map(|arm| &arm.to).chain([otherwise]).collect()
            }
            Self::Connect { unavailable } => vec![unavailable],
            Self::Callback(callback) => vec![&callback.unavailable],
            Self::Webhook(webhook) => webhook.wait.iter().map(|wait| &wait.failed).collect(),
            Self::Say(_)
            | Self::Quick(_)
            | Self::Do(_)
            | Self::HangUp(_)
            | Self::Voicemail(_)
            | Self::Module(_) => Vec::new(),
        }
    }

    /// Whether a caller who presses nothing can leave by the step's `next`.
    #[must_use]
    pub fn passes_unasked(&self) -> bool {
        match self {
            Self::Say(_) | Self::Quick(_) | Self::Do(_) | Self::Module(_) | Self::Webhook(_) => {
                true
            }
            Self::Menu(_)
            | Self::Digits(_)
            | Self::Branch { .. }
            | Self::Connect { .. }
            | Self::HangUp(_)
            | Self::Callback(_)
            | Self::Voicemail(_) => false,
        }
    }

    /// Whether the step has a `next` of its own.
    #[must_use]
    pub fn has_next(&self) -> bool {
        match self {
            Self::Say(_)
            | Self::Digits(_)
            | Self::Quick(_)
            | Self::Do(_)
            | Self::Module(_)
            | Self::Webhook(_) => true,
            Self::Menu(_)
            | Self::Branch { .. }
            | Self::Connect { .. }
            | Self::HangUp(_)
            | Self::Callback(_)
            | Self::Voicemail(_) => false,
        }
    }

    /// Whether the call may end here.
    #[must_use]
    pub fn may_end_call(&self) -> bool {
        match self {
            Self::HangUp(_) | Self::Voicemail(_) | Self::Callback(_) => true,
            Self::Menu(menu) => menu.silent.is_none(),
            Self::Digits(digits) => digits.silent.is_none(),
            Self::Say(_)
            | Self::Branch { .. }
            | Self::Quick(_)
            | Self::Do(_)
            | Self::Connect { .. }
            | Self::Module(_)
            | Self::Webhook(_) => false,
        }
    }

    /// Everything it may say.
    #[must_use]
    pub fn words(&self) -> Vec<&Speech> {
        match self {
            Self::Say(words) => vec![words],
            Self::Menu(menu) => [&menu.say].into_iter().chain(&menu.invalid).collect(),
            Self::Digits(digits) => vec![&digits.say],
            Self::Voicemail(voicemail) => vec![&voicemail.say, &voicemail.thanks],
            Self::Callback(callback) => vec![&callback.thanks],
            Self::Branch { .. }
            | Self::Quick(_)
            | Self::Do(_)
            | Self::Connect { .. }
            | Self::HangUp(_)
            | Self::Module(_)
            | Self::Webhook(_) => Vec::new(),
        }
    }

    /// Everything it may say, to be changed.
    pub fn words_mut(&mut self) -> Vec<&mut Speech> {
        match self {
            Self::Say(words) => vec![words],
            Self::Menu(menu) => [&mut menu.say].into_iter().chain(&mut menu.invalid).collect(),
            Self::Digits(digits) => vec![&mut digits.say],
            Self::Voicemail(voicemail) => vec![&mut voicemail.say, &mut voicemail.thanks],
            Self::Callback(callback) => vec![&mut callback.thanks],
            Self::Branch { .. }
            | Self::Quick(_)
            | Self::Do(_)
            | Self::Connect { .. }
            | Self::HangUp(_)
            | Self::Module(_)
            | Self::Webhook(_) => Vec::new(),
        }
    }

    /// The chores it may do.
    #[must_use]
    pub fn chores(&self) -> Vec<&Chore> {
        match self {
            Self::Do(chore) => vec![chore],
            Self::Quick(quick) => quick.iter().map(|quick| &quick.chore).collect(),
            Self::Say(_)
            | Self::Menu(_)
            | Self::Digits(_)
            | Self::Branch { .. }
            | Self::Connect { .. }
            | Self::HangUp(_)
            | Self::Voicemail(_)
            | Self::Callback(_)
            | Self::Module(_)
            | Self::Webhook(_) => Vec::new(),
        }
    }
}
