//! What somebody asks of a caller who waits.

use crate::api::refusal::{Refusal, RefusalKind};
use crate::api::request::Reply;
use crate::engine::by_hand::HandRefused;
use crate::engine::input::Input;
use crate::history::call_id::CallId;
use crate::history::queue_wish::QueueWish;
use crate::office::language::Language;
use crate::switchboard::answering::answer;
use crate::switchboard::run::Switchboard;
use crate::words::Words;

impl Switchboard {
    pub(crate) fn queue_wish(
        &mut self,
        call: CallId,
        wish: QueueWish,
        who: String,
        reply: Reply<()>,
    ) {
        if let Err(because) = self.engine.may_wish(call, &wish) {
            return answer(reply, Err(refusal(because)));
        }
        self.tell(Input::Queue { call, wish, who });
        answer(reply, Ok(()));
    }
}

fn refusal(because: HandRefused) -> Refusal {
    let words = match because {
        HandRefused::NoCall | HandRefused::NoAgent => return Refusal::not_found(),
        HandRefused::NotWaiting => Words::new(
            "이 전화는 대기열에서 기다리고 있지 않습니다",
            "this call does not wait in a queue",
        ),
        HandRefused::AgentCannot(skip) => Words::new(
            format!("지금은 이 매니저에게 연결할 수 없습니다: {}", skip.words(Language::Ko)),
            format!("the agent cannot be given a call now: {}", skip.words(Language::En)),
        ),
    };
    Refusal::new(RefusalKind::Conflict, words)
}
