//! What people and workflows do to conversations: one way for both.

use crate::engine::conversation::conversations::Conversations;
use crate::history::conversation::conversation::{
    CASE_RECORDS_MS, Conversation, HeldConversation, State,
};
use crate::history::conversation::log::{ByTurn, Happening};
use crate::history::conversation::wish::ConversationWish;
use crate::history::conversation_id::ConversationId;
use crate::office::extension::Extension;
use crate::office::tag::{CONVERSATION_TAGS, Tag, add_tag};
use crate::office::team::TeamName;
use crate::office::workflow::chore::{Chore, Cleared, Conversing, Target};
use crate::time::Moment;
use std::collections::BTreeSet;

/// What became of a chore.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Done {
    Well,
    /// Not all tags fit (L30).
    Full,
    /// Another call is up in the conversation, which it is not taken away from.
    Busy,
}

impl Conversations {
    /// Somebody does something to a conversation, of which the store gave `file`.
    pub(crate) fn wished(
        &mut self,
        file: Conversation,
        wish: ConversationWish,
        who: &str,
        now: Moment,
    ) {
        let id = file.id;
        self.hold(file);
        self.does(id, wish, who, now);
    }

    /// Takes a conversation up, or learns the rest of one that is known by its bare id.
    pub(crate) fn hold(&mut self, file: Conversation) {
        match self.held.get_mut(&file.id) {
            Some(held) if !held.whole => {
                held.complete_from(&file);
                held.whole = true;
            }
            Some(_) => {}
            None => drop(self.held.insert(file.id, HeldConversation::whole(file))),
        }
    }

    /// Lets go of a closed conversation that was taken up for nothing.
    pub(crate) fn release(&mut self, id: ConversationId) {
        let is_idle = match self.state(id) {
            Some(State::Closed { .. } | State::Initial) => !self.has_call(id),
            Some(State::Queued | State::Opened | State::Snoozed { .. } | State::Missed { .. })
            | None => false,
        };
        if is_idle {
            self.held.remove(&id);
        }
    }

    pub(crate) fn name(&self, id: ConversationId) -> String {
        self.held.get(&id).map(|held| held.conversation.name.clone()).unwrap_or_default()
    }

    pub(crate) fn tags(&self, id: ConversationId) -> BTreeSet<String> {
        let held = self.held.get(&id).into_iter();
        held.flat_map(|held| &held.conversation.tags).map(ToString::to_string).collect()
    }

    pub(crate) fn has_call(&self, id: ConversationId) -> bool {
        self.calls.values().any(|bound| bound.id == id)
    }

    fn does(&mut self, id: ConversationId, wish: ConversationWish, who: &str, now: Moment) {
        let at = now.unix_millis();
        let what = match wish {
            ConversationWish::Close => return self.close(id, Some(who), now),
            ConversationWish::Open => {
                self.opened_by(id, Some(who), now);
                None
            }
            ConversationWish::CancelCallback => Some(Happening::CallbackCancelled),
            ConversationWish::Snooze { length } => {
                let until = at.saturating_add(length);
                self.opened_by(id, Some(who), now);
                self.snoozed(id, until, at);
                Some(Happening::Snoozed { until })
            }
            ConversationWish::Note { text } => {
                self.change(id, |conversation| conversation.last_note = Some(at));
                Some(Happening::Note { text })
            }
            ConversationWish::Tag { tags } => {
                self.change(id, |conversation| conversation.tags.clone_from(&tags));
                self.tag_case(id, at);
                Some(Happening::Tagged { tags })
            }
            ConversationWish::Describe { text } => {
                self.change(id, |conversation| conversation.description = text);
                Some(Happening::Described)
            }
            ConversationWish::Follow { agents } => {
                self.change(id, |conversation| conversation.followers.extend(agents.clone()));
                Some(Happening::Followed { agents })
            }
            ConversationWish::Prioritise { priority } => {
                self.change(id, |conversation| conversation.priority = priority);
                Some(Happening::Prioritised { priority })
            }
            ConversationWish::Assign { agent, team } => {
                return self.assigned(id, (agent, team), None, who, now);
            }
        };
        if let Some(what) = what {
            self.log(id, Some(who), what, now);
        }
        self.keep(id);
        self.plan(now);
    }

    /// It is theirs from here on, and the team's.
    pub(crate) fn assigned(
        &mut self,
        id: ConversationId,
        (agent, team): (Option<Extension>, Option<TeamName>),
        because: Option<ByTurn>,
        who: &str,
        now: Moment,
    ) {
        self.change(id, |conversation| {
            conversation.assign(agent.clone());
            conversation.team.clone_from(&team);
        });
        self.log(id, Some(who), Happening::Assigned { agent, team, because }, now);
        self.keep(id);
        self.plan(now);
    }

    /// What a workflow does, said as somebody's wish (L101).
    pub(crate) fn chore(
        &mut self,
        id: ConversationId,
        chore: &Chore,
        who: &str,
        now: Moment,
    ) -> Done {
        let Some(held) = self.held.get(&id) else { return Done::Well };
        let before = held.conversation.clone();
        let wish = match chore {
            Chore::Tag(tags) => return self.tags_more(id, tags, who, now),
            Chore::Untag(tags) => return self.tags_less(id, tags, who, now),
            Chore::TagCustomer(tags) => {
                let tags = readable(tags);
                self.log(id, Some(who), Happening::CustomerTagged { tags }, now);
                return Done::Well;
            }
            Chore::Language(_) => return Done::Well,
            Chore::Urgency(urgency) => {
                ConversationWish::Prioritise { priority: urgency.priority() }
            }
            Chore::Follow(agents) => ConversationWish::Follow { agents: agents.clone() },
            Chore::Note(text) => ConversationWish::Note { text: text.clone() },
            Chore::Describe(text) => ConversationWish::Describe { text: text.clone() },
            Chore::Assign(target) => {
                let (agent, team) = match target.clone() {
                    Target::Agent(agent) => (Some(agent), before.team),
                    Target::Team(team) => (before.assignee, Some(team)),
                };
                ConversationWish::Assign { agent, team }
            }
            Chore::Clear(cleared) => {
                let (agent, team) = match cleared {
                    Cleared::Team => (before.assignee, None),
                    Cleared::Agent => (None, before.team),
                    Cleared::Both => (None, None),
                };
                ConversationWish::Assign { agent, team }
            }
            Chore::Conversation(_) if self.has_call(id) => return Done::Busy,
            Chore::Conversation(Conversing::Open) => ConversationWish::Open,
            Chore::Conversation(Conversing::Close) => ConversationWish::Close,
            Chore::Conversation(Conversing::Snooze(time)) => {
                let length = i64::try_from(time.as_millis()).unwrap_or(i64::MAX);
                ConversationWish::Snooze { length }
            }
        };
        self.does(id, wish, who, now);
        Done::Well
    }

    fn tags_more(
        &mut self,
        id: ConversationId,
        more: &BTreeSet<String>,
        who: &str,
        now: Moment,
    ) -> Done {
        let Some(held) = self.held.get_mut(&id) else { return Done::Well };
        let mut tags = held.conversation.tags.clone();
        let mut done = Done::Well;
        for tag in readable(more) {
            held.untagged.remove(&tag);
            if !add_tag(&mut tags, tag, CONVERSATION_TAGS) {
                done = Done::Full;
            }
        }
        if tags != held.conversation.tags {
            self.does(id, ConversationWish::Tag { tags }, who, now);
        }
        done
    }

    fn tags_less(
        &mut self,
        id: ConversationId,
        fewer: &BTreeSet<String>,
        who: &str,
        now: Moment,
    ) -> Done {
        let Some(held) = self.held.get_mut(&id) else { return Done::Well };
        let fewer = readable(fewer);
        let tags: BTreeSet<Tag> = held.conversation.tags.difference(&fewer).cloned().collect();
        let is_news = tags != held.conversation.tags;
        if !held.whole {
            held.untagged.extend(fewer);
        }
        if is_news || !held.whole {
            self.does(id, ConversationWish::Tag { tags }, who, now);
        }
        Done::Well
    }

    fn snoozed(&mut self, id: ConversationId, until: i64, at: i64) {
        self.change(id, |conversation| {
            conversation.state = State::Snoozed { since: at, until };
            conversation.case.snoozed += 1;
        });
    }

    /// A case takes tags until an hour after its close (L178).
    fn tag_case(&mut self, id: ConversationId, at: i64) {
        self.change(id, |conversation| {
            let closed = conversation.case.closed;
            if closed.is_none_or(|closed| at.saturating_sub(closed) <= CASE_RECORDS_MS) {
                conversation.case.tags.clone_from(&conversation.tags);
            }
        });
    }
}

/// The document has read them; what it would refuse is left out.
fn readable(tags: &BTreeSet<String>) -> BTreeSet<Tag> {
    tags.iter().filter_map(|text| Tag::parse(text).ok()).collect()
}
