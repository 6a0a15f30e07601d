//! How an agent is present: set for them by an admin (L136, L138).

use serde_json::{Value, json};

use crate::api::schema::schema::PresenceBody;
use crate::console::action::{Action, Request};
use crate::console::names;
use crate::console::screens::form::slip::Slip;
use crate::console::setup::SetupRequest;
use crate::console::view::View;
use crate::console::widgets::field::{Choice, Field};
use crate::console::widgets::form::Form;
use crate::duty::Activity;
use crate::live::LiveAgent;
use crate::locale::Speech;
use crate::words::Words;

#[derive(Debug)]
pub struct PresenceSlip {
    extension: String,
    /// As the form showed it: only what is another by then is sent.
    shown: Option<(Activity, bool, bool)>,
}

impl PresenceSlip {
    #[must_use]
    pub fn new(view: &View<'_>, extension: &str) -> Self {
        let agent = view.model.agents.get(extension);
        let shown = agent.map(|agent| (agent.activity, agent.seat, agent.do_not_disturb));
        Self { extension: extension.to_owned(), shown }
    }

    /// What the form says that is not so already.
    fn wished(&self, form: &Form) -> Option<PresenceBody> {
        let (activity, seat, silent) = self.shown?;
        let differs = |path: &str, now: bool| {
            let wanted = form.text(path) == "yes";
            (wanted != now).then_some(wanted)
        };
        let wanted = form.text("activity").parse::<Activity>().ok();
        let body = PresenceBody {
            seat: differs("seat", seat),
            activity: wanted.filter(|wanted| *wanted != activity),
            do_not_disturb: differs("do_not_disturb", silent),
            end_wrap_up: form.text("wrap_up") == "end",
            number: None,
        };
        (body != PresenceBody::default()).then_some(body)
    }
}

impl Slip for PresenceSlip {
    const SEND: (&'static str, &'static str) = ("저장", "save");

    fn title(&self, view: &View<'_>) -> String {
        let who = names::person(view.model, &self.extension);
        format!("{} {who}", view.pick("상태:", "State of"))
    }

    fn fields(&self, view: &View<'_>) -> Vec<Field> {
        view.model.agents.get(&self.extension).map_or_else(Vec::new, fields)
    }

    fn send(&self, form: &Form) -> Action {
        let Some(body) = self.wished(form) else {
            return Action::Say(Words::new("바뀐 것이 없습니다", "nothing has been changed"));
        };
        let extension = self.extension.clone();
        Action::Ask(Request::Setup(SetupRequest::Presence { extension, body }))
    }
}

fn fields(agent: &LiveAgent) -> Vec<Field> {
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
        truth("do_not_disturb", Words::new("방해 금지", "Do not disturb"), agent.do_not_disturb),
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
