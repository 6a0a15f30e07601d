//! Everything that can wake the switchboard.

use std::sync::Arc;

use tokio::sync::OwnedMutexGuard;

use crate::api::request::{ApiRequest, Reply};
use crate::audio::clip::Clip;
use crate::engine::dialling::WantedSound;
use crate::engine::targets::CountedToday;
use crate::history::conversation::conversation::Conversation;
use crate::history::conversation::wish::ConversationWish;
use crate::history::follow_up::FollowUpId;
use crate::history::remembered::Remembered;
use crate::leg::{LegId, PlayId};
use crate::media::handle::MediaEvent;
use crate::office::extension::Extension;
use crate::office::snapshot::Office;
use crate::recording::handle::RecordingEvent;
use crate::sip::handle::SipEvent;
use crate::switchboard::sounds::Clips;
use crate::webhook::handle::WebhookEvent;

#[derive(Debug)]
pub enum Event {
    Sip(SipEvent),
    Media(MediaEvent),
    Recording(RecordingEvent),
    /// What a workflow told another system has come to its end.
    Webhook(WebhookEvent),
    /// Somebody at the API asks for something.
    Asked(ApiRequest),
    /// The store has made an office durable.
    Stored(Stored),
    /// The store has found what an errand needs.
    Found(Found),
    /// A time the engine had named has come.
    Due,
    /// The daemon is being stopped.
    Stop,
}

/// An office that is on disk and may go live, and who waits to hear so.
#[derive(Debug)]
pub struct Stored {
    pub office: Arc<Office>,
    /// What came with it out of a backup.
    pub remembered: Option<Box<Remembered>>,
    /// The sounds that it plays and the office before did not.
    pub clips: Clips,
    pub reply: Reply<()>,
}

/// What the store has found, and what it is for.
#[derive(Debug)]
pub enum Found {
    Wish {
        file: Box<Conversation>,
        wish: ConversationWish,
        who: String,
        reply: Reply<()>,
    },
    FollowUp {
        id: FollowUpId,
        file: Option<Box<Conversation>>,
    },
    /// What today's calls come to.
    Today(CountedToday),
    /// Nobody else changes the office now.
    Turn(OwnedMutexGuard<()>),
    CallBack {
        file: Box<Conversation>,
        agent: Extension,
        reply: Reply<()>,
    },
    /// A message is ready to be heard.
    Message {
        leg: LegId,
        play: PlayId,
        clip: Arc<Clip>,
    },
    /// A sound is ready to be heard on a phone.
    Sound {
        agent: Extension,
        listening: WantedSound,
        clip: Option<Arc<Clip>>,
        reply: Reply<()>,
    },
}
