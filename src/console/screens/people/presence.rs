//! How an agent is present: set for them by an admin (L136, L138).

use jiff::tz::TimeZone;
use serde_json::{Value, json};

use crate::api::agent_schema::PresenceBody;
use crate::console::action::{Action, Request};
use crate::console::names;
use crate::console::screens::form::slip::Slip;
use crate::console::setup::SetupRequest;
use crate::console::text::local;
use crate::console::view::View;
use crate::console::widgets::field::{Choice, Field};
use crate::console::widgets::form::Form;
use crate::duty::{self, Activity};
use crate::live::LiveAgent;
use crate::locale::Speech;
use crate::words::Words;

#[derive(Debug)]
pub struct PresenceSlip {
    extension: String,
    /// As the form showed it: only what is another by then is sent.
    shown: Option<(Activity, bool, String)>,
    zone: TimeZone,
}

impl PresenceSlip {
    #[must_use]
    pub fn new(view: &View<'_>, extension: &str) -> Self {
        let agent = view.model.agents.get(extension);
        let shown = agent.map(|agent| (agent.activity, agent.seat, silence_of(agent, view.zone)));
        Self { extension: extension.to_owned(), shown, zone: view.zone.clone() }
    }

    /// What the form says that is not so already.
    fn wished(&self, form: &Form) -> Result<PresenceBody, Words> {
        let Some((activity, seat, silent)) = &self.shown else {
            return Ok(PresenceBody::default());
        };
        let in_seat = form.text("seat") == "yes";
        let wanted = form.text("activity").parse::<Activity>().ok();
        let body = PresenceBody {
            seat: (in_seat != *seat).then_some(in_seat),
            activity: wanted.filter(|wanted| wanted != activity),
            end_wrap_up: form.text("wrap_up") == "end",
            ..PresenceBody::default()
        };
        let typed = form.text("do_not_disturb");
        if typed.trim() == silent {
            return Ok(body);
        }
        Ok(body.with_silence(&duty::silence(typed.trim(), &self.zone)?))
    }
}

impl Slip for PresenceSlip {
    const SEND: (&'static str, &'static str) = ("저장", "save");

    fn title(&self, view: &View<'_>) -> String {
        let who = names::person(view.model, &self.extension);
        format!("{} {who}", view.pick("상태:", "State of"))
    }

    fn fields(&self, view: &View<'_>) -> Vec<Field> {
        view.model
            .agents
            .get(&self.extension)
            .map_or_else(Vec::new, |agent| fields(agent, view.zone))
    }

    fn send(&self, form: &Form) -> Action {
        let body = match self.wished(form) {
            Ok(body) if body == PresenceBody::default() => {
                return Action::Say(Words::new("바뀐 것이 없습니다", "nothing has been changed"));
            }
            Ok(body) => body,
            Err(reason) => return Action::Say(reason),
        };
        let extension = self.extension.clone();
        Action::Ask(Request::Setup(SetupRequest::Presence { extension, body }))
    }
}

fn fields(agent: &LiveAgent, zone: &TimeZone) -> Vec<Field> {
    let mut fields = vec![
        Field::choice(
            "activity",
            Words::new("하는 일", "Does"),
            Activity::ALL.map(activity).to_vec(),
            Some(&json!(agent.activity.word())),
        ),
        truth(
            "seat",
            Words::new("자리에서 고객 전화 받기", "In their seat, for customers' calls"),
            agent.seat,
        ),
        Field::text(
            "do_not_disturb",
            Words::new("방해 금지", "Do not disturb"),
            Words::new(
                "on(끌 때까지), off, 2h나 90d 같은 시간, 2026-12-24 18:00 같은 때",
                "on (until switched off), off, a time like 2h or 90d, an end like 2026-12-24 18:00",
            ),
            Some(&json!(silence_of(agent, zone))),
        ),
    ];
    if agent.wrap_up.is_some() {
        fields.push(Field::choice(
            "wrap_up",
            Words::new("후처리", "Wrap-up"),
            vec![
                Choice::new(None, "계속", "goes on"),
                Choice::new(Some(json!("end")), "끝내기", "end it"),
            ],
            None,
        ));
    }
    fields
}

/// As the field shows it and takes it.
fn silence_of(agent: &LiveAgent, zone: &TimeZone) -> String {
    match (agent.do_not_disturb, agent.do_not_disturb_until) {
        (false, _) => "off".to_owned(),
        (true, None) => "on".to_owned(),
        (true, Some(until)) => local(until, zone, "%Y-%m-%d %H:%M"),
    }
}

fn activity(activity: Activity) -> Choice {
    let (ko, en) = (Speech::Korean.activity(activity), Speech::English.activity(activity));
    Choice::new(Some(json!(activity.word())), ko, en)
}

fn truth(path: &str, label: Words, now: bool) -> Field {
    let word = |yes: bool| -> Value { json!(if yes { "yes" } else { "no" }) };
    let choices = vec![
        Choice::new(Some(word(true)), "예", "yes"),
        Choice::new(Some(word(false)), "아니요", "no"),
    ];
    Field::choice(path, label, choices, Some(&word(now)))
}
