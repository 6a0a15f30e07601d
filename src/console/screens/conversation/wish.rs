//! What is to be said or set of one conversation.

use serde_json::{Value, json};

use crate::console::action::{Action, Request};
use crate::console::choices;
use crate::console::desk::WishKind;
use crate::console::desk::{DeskReport, DeskRequest, Wish};
use crate::console::report::Report;
use crate::console::screens::form::slip::Slip;
use crate::console::view::View;
use crate::console::widgets::field::Field;
use crate::console::widgets::form::Form;
use crate::history::conversation::conversation::Conversation;
use crate::locale::Speech;
use crate::words::Words;

#[derive(Debug)]
pub struct WishSlip {
    conversations: Vec<u64>,
    kind: WishKind,
    /// As it is; known once it has been read.
    now: Option<Conversation>,
}

impl WishSlip {
    #[must_use]
    pub fn new(conversations: Vec<u64>, kind: WishKind) -> Self {
        Self { conversations, kind, now: None }
    }

    /// Whether what is so now stands in the form: that of one alone can.
    fn amends(&self) -> bool {
        self.conversations.len() == 1
            && match self.kind {
                WishKind::Note | WishKind::Snooze => false,
                WishKind::Describe | WishKind::Tag | WishKind::Assign => true,
            }
    }

    fn wish(&self, form: &Form) -> Result<Wish, Words> {
        let text = |path: &str| form.text(path);
        if self.amends() && self.now.is_none() {
            return Err(Words::new("아직 불러오는 중입니다", "it is still being read"));
        }
        let given = |text: String| {
            let nothing = || Words::new("아무것도 적지 않았습니다", "nothing has been written");
            if text.is_empty() { Err(nothing()) } else { Ok(text) }
        };
        Ok(match self.kind {
            WishKind::Note => Wish::Note(given(text("text"))?),
            WishKind::Describe => Wish::Describe(text("text")),
            WishKind::Tag => Wish::Tag(form.words("tags")),
            WishKind::Snooze => Wish::Snooze(given(text("for"))?),
            WishKind::Assign => self.owner(text("agent"), text("team")),
        })
    }
}

impl WishSlip {
    /// L134: who is not named anew stays only if the new team's rule says so.
    fn owner(&self, agent: String, team: String) -> Wish {
        let before = |pick: fn(&Conversation) -> Option<String>| {
            self.now.as_ref().and_then(pick).unwrap_or_default()
        };
        let moves =
            !team.is_empty() && team != before(|one| one.team.as_ref().map(ToString::to_string));
        let is_same = agent == before(|one| one.assignee.as_ref().map(ToString::to_string));
        let agent = if moves && is_same { String::new() } else { agent };
        Wish::Assign { agent, team }
    }
}

impl Slip for WishSlip {
    const SEND: (&'static str, &'static str) = ("저장", "save");

    fn title(&self, view: &View<'_>) -> String {
        let what = match self.kind {
            WishKind::Note => view.pick("메모", "note"),
            WishKind::Describe => view.pick("설명", "about"),
            WishKind::Tag => view.pick("태그", "tags"),
            WishKind::Snooze => view.pick("보류", "snooze"),
            WishKind::Assign => view.pick("담당", "owner"),
        };
        match (self.conversations.as_slice(), view.speech) {
            ([one], _) => format!("{} {one}: {what}", view.pick("상담", "Conversation")),
            (all, Speech::Korean) => format!("고른 상담 {}건: {what}", all.len()),
            (all, Speech::English) => format!("{} marked conversations: {what}", all.len()),
        }
    }

    fn fields(&self, view: &View<'_>) -> Vec<Field> {
        fields(view, self.kind, self.now.as_ref())
    }

    fn send(&self, form: &Form) -> Action {
        let conversations = self.conversations.clone();
        match self.wish(form) {
            Ok(wish) => Action::Ask(Request::Desk(DeskRequest::Wish { conversations, wish })),
            Err(words) => Action::Say(words),
        }
    }

    fn wanted(&self) -> Option<Request> {
        let one = self.conversations.first().filter(|_| self.amends())?;
        Some(Request::Desk(DeskRequest::Conversation(*one)))
    }

    fn told(&mut self, report: &Report) -> bool {
        let Report::Desk(DeskReport::Conversation(found)) = report else { return false };
        let is_it = self.conversations == [found.conversation.id.0] && self.amends();
        if is_it {
            self.now = Some(found.conversation.clone());
        }
        is_it
    }
}

fn fields(view: &View<'_>, kind: WishKind, now: Option<&Conversation>) -> Vec<Field> {
    match kind {
        WishKind::Note => vec![Field::prose(
            "text",
            Words::new("메모", "Note"),
            Words::new(
                "동료만 봅니다. 고객에게는 보이지 않습니다. 줄 바꿈은 Alt+Enter",
                "for colleagues, never the customer; Alt+Enter begins a line",
            ),
            None,
        )],
        WishKind::Describe => vec![Field::prose(
            "text",
            Words::new("설명", "About"),
            Words::new(
                "무엇에 관한 상담인지. 줄 바꿈은 Alt+Enter",
                "what it is about; Alt+Enter begins a line",
            ),
            now.map(|one| json!(one.description)).as_ref(),
        )],
        WishKind::Tag => vec![Field::words(
            "tags",
            Words::new("태그", "Tags"),
            Words::new("쉼표로 나눕니다. 8개까지", "parted by commas; at most 8"),
            now.map(|one| json!(one.tags)).as_ref(),
        )],
        WishKind::Snooze => vec![Field::text(
            "for",
            Words::new("얼마나", "For how long"),
            Words::new(
                "30m, 3h, 2d처럼 적습니다. 1분부터 180일까지",
                "such as 30m, 3h, 2d; one minute to 180 days",
            ),
            Some(&json!("3h")),
        )],
        WishKind::Assign => {
            let value = |text: Option<String>| text.map(Value::from);
            let agent = value(now.and_then(|one| one.assignee.as_ref().map(ToString::to_string)));
            let team = value(now.and_then(|one| one.team.as_ref().map(ToString::to_string)));
            vec![
                Field::choice(
                    "agent",
                    Words::new("담당", "Owner"),
                    choices::agents(view, "없음", "nobody"),
                    agent.as_ref(),
                ),
                Field::choice(
                    "team",
                    Words::new("팀", "Team"),
                    choices::teams(view, "없음", "none"),
                    team.as_ref(),
                ),
            ]
        }
    }
}
