//! What the API asks of a call on which people talk.

use crate::api::refusal::{Refusal, RefusalKind};
use crate::api::request::Reply;
use crate::engine::input::Input;
use crate::history::call_id::CallId;
use crate::history::trail::trail::Unwilling;
use crate::leg::ConferenceWish;
use crate::switchboard::answering::answer;
use crate::switchboard::run::Switchboard;

impl Switchboard {
    pub(crate) fn conference(&mut self, call: CallId, wish: ConferenceWish, reply: Reply<()>) {
        match self.engine.willing(call, &wish) {
            None => answer(reply, Err(Refusal::not_found())),
            Some(Err(because)) => answer(reply, Err(refusal(because))),
            Some(Ok(())) => {
                self.tell(Input::Conference { call, wish });
                answer(reply, Ok(()));
            }
        }
    }
}

fn refusal(because: Unwilling) -> Refusal {
    let kind = match because {
        Unwilling::UnknownExtension | Unwilling::NotHere => RefusalKind::NotFound,
        Unwilling::NobodyTalks
        | Unwilling::HereAlready
        | Unwilling::Full
        | Unwilling::NothingToHold
        | Unwilling::Skipped(_) => RefusalKind::Conflict,
    };
    Refusal::new(kind, because.words())
}
