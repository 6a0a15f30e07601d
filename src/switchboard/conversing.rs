//! What the API asks of conversations: the store finds the file, the engine decides over it.

use tokio::sync::mpsc;

use crate::api::refusal::{Refusal, RefusalKind};
use crate::api::request::Reply;
use crate::engine::by_hand::HandRefused;
use crate::engine::input::Input;
use crate::history::conversation::conversation::{Conversation, ConversationFile};
use crate::history::conversation::wish::ConversationWish;
use crate::history::conversation_id::ConversationId;
use crate::history::follow_up::FollowUp;
use crate::office::extension::Extension;
use crate::switchboard::answering::{answer, later, settled};
use crate::switchboard::event::Found;
use crate::switchboard::run::Switchboard;
use crate::words::Words;

impl Switchboard {
    pub(crate) fn conversation(&self, id: ConversationId, reply: Reply<ConversationFile>) {
        // What somebody has just done to it is on disk before it is read.
        let written = self.parts.store.conversation_now(id);
        let store = self.parts.store.clone();
        later(async move {
            drop(settled(written).await);
            let found = settled(store.conversation(id)).await;
            answer(reply, found.and_then(|file| file.ok_or_else(Refusal::not_found)));
        });
    }

    pub(crate) fn wish(
        &self,
        id: ConversationId,
        wish: ConversationWish,
        (agent, who): (Option<Extension>, String),
        reply: Reply<()>,
    ) {
        let may = agent.as_ref().map_or(Ok(()), |agent| self.engine.may_tend(agent, &wish));
        if let Err(because) = may {
            return answer(reply, Err(may_not(because)));
        }
        if wish == ConversationWish::CancelCallback && !self.engine.is_promised(id) {
            return answer(reply, Err(nothing_promised()));
        }
        let who = agent.map_or(who, |agent| agent.to_string());
        let file = self.parts.store.conversation_now(id);
        let found = self.found.clone();
        later(async move {
            match settled(file).await {
                Ok(Some(file)) => {
                    let file = Box::new(file);
                    go_on(&found, Found::Wish { file, wish, who, reply }).await;
                }
                Ok(None) => answer(reply, Err(Refusal::not_found())),
                Err(refusal) => answer(reply, Err(refusal)),
            }
        });
    }

    pub(crate) fn call_back(
        &self,
        id: ConversationId,
        agent: Extension,
        again: bool,
        reply: Reply<()>,
    ) {
        if !self.office.agents.contains_key(&agent) {
            return answer(reply, Err(Refusal::not_found()));
        }
        let file = self.parts.store.conversation_now(id);
        let found = self.found.clone();
        later(async move {
            let file = settled(file).await.and_then(|file| file.ok_or_else(Refusal::not_found));
            match file.and_then(|file| may_call_back(file, again)) {
                Ok(file) => go_on(&found, Found::CallBack { file, agent, reply }).await,
                Err(refusal) => answer(reply, Err(refusal)),
            }
        });
    }

    /// Work after a call wants its conversation.
    pub(crate) fn follow_up(&self, one: &FollowUp) {
        let (id, found) = (one.id(), self.found.clone());
        let file = self.parts.store.conversation_now(one.conversation);
        later(async move {
            let file = settled(file).await.ok().flatten().map(Box::new);
            go_on(&found, Found::FollowUp { id, file }).await;
        });
    }

    pub(crate) fn go_on(&mut self, found: Found) {
        match found {
            Found::Wish { file, wish, who, reply } => {
                self.tell(Input::Conversation { file, wish, who });
                answer(reply, Ok(()));
            }
            Found::FollowUp { id, file } => self.tell(Input::FollowUp { id, file }),
            Found::Today(today) => self.tell(Input::TodayCounted(today)),
            Found::Turn(turn) => self.tag_in_turn(turn),
            Found::CallBack { file, agent, reply } => {
                self.tell(Input::CallBack { file, agent });
                answer(reply, Ok(()));
            }
            Found::Sound { agent, listening, clip, reply } => {
                self.let_hear(agent, listening, clip, reply);
            }
            Found::Message { leg, play, clip } => self.play_message(leg, play, clip),
        }
    }
}

fn nothing_promised() -> Refusal {
    Refusal::new(
        RefusalKind::Conflict,
        Words::new(
            "이 상담에는 차례를 기다리는 콜백이 없습니다",
            "nobody of this conversation is to be called in turn",
        ),
    )
}

fn may_not(because: HandRefused) -> Refusal {
    match because {
        HandRefused::NoAgent | HandRefused::NoCall | HandRefused::NotWaiting => {
            Refusal::not_found()
        }
        HandRefused::AgentCannot(_) => {
            let words = Words::new(
                "상담 자리(seat)가 켜진 매니저만 상담을 닫거나 보류할 수 있습니다",
                "only an agent in their seat may close or snooze a conversation",
            );
            Refusal::new(RefusalKind::Forbidden, words)
        }
    }
}

/// L66: who calls back what is dealt with already is told so first.
fn may_call_back(file: Conversation, again: bool) -> Result<Box<Conversation>, Refusal> {
    let refuse = |ko: &str, en: &str| Refusal::new(RefusalKind::Conflict, Words::new(ko, en));
    if file.customer.is_none() {
        return Err(refuse(
            "발신 번호가 없는 고객이라 다시 걸 수 없습니다",
            "the customer's number was withheld; nobody can call back",
        ));
    }
    if file.handled.is_some() && !again {
        return Err(refuse(
            "이미 다시 통화한 고객입니다. 그래도 걸려면 again을 쓰세요",
            "somebody has called this customer back already; say again to call all the same",
        ));
    }
    Ok(Box::new(file))
}

pub(crate) async fn go_on(found: &mpsc::Sender<Found>, what: Found) {
    // The loop has ended only if the daemon has; then nobody waits for the answer either.
    drop(found.send(what).await);
}
