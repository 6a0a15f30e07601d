//! Which days, which number and which team are counted.

use serde_json::{Value, json};

use crate::console::action::{Action, Narrowing};
use crate::console::choices;
use crate::console::document::word;
use crate::console::screens::form::slip::Slip;
use crate::console::statistics::{Period, StatsFilter};
use crate::console::view::View;
use crate::console::widgets::field::{Choice, Field};
use crate::console::widgets::form::Form;
use crate::words::Words;

/// What the choice of what begins outside of hours is called in the form.
const OUTSIDE: &str = "outside";

#[derive(Debug)]
pub struct StatsFilterSlip {
    pub now: StatsFilter,
}

impl Slip for StatsFilterSlip {
    const SEND: (&'static str, &'static str) = ("보기", "show");

    fn title(&self, view: &View<'_>) -> String {
        view.pick("골라 보기", "Which figures").to_owned()
    }

    fn fields(&self, view: &View<'_>) -> Vec<Field> {
        let value = |text: &str| (!text.is_empty()).then(|| Value::from(text));
        let day = Words::new("예: 2026-11-25", "such as 2026-11-25");
        let text = |name: &str, label: Words, help: &Words, now: &str| {
            Field::text(name, label, help.clone(), value(now).as_ref())
        };
        let seconds = Words::new("예: 20", "such as 20");
        vec![
            text("from", Words::new("첫날", "First day"), &day, &self.now.from),
            text("to", Words::new("마지막 날", "Last day"), &day, &self.now.to),
            Field::choice(
                "number",
                Words::new("우리 번호", "Our number"),
                numbers(view),
                value(&self.now.number).as_ref(),
            ),
            Field::choice(
                "team",
                Words::new("팀", "Team"),
                choices::teams(view, "모두", "all"),
                value(&self.now.team).as_ref(),
            ),
            Field::choice(
                "hours",
                Words::new("운영시간", "Hours"),
                choices::hours(view, "언제든", "at any time"),
                value(&self.now.hours).as_ref(),
            ),
            Field::choice(
                "outside",
                Words::new("시간 안팎", "Within or outside"),
                vec![
                    Choice::new(None, "안", "within"),
                    Choice::new(Some(json!(OUTSIDE)), "밖", "outside"),
                ],
                self.now.outside.then_some(json!(OUTSIDE)).as_ref(),
            ),
            text(
                "target",
                Words::new("서비스 레벨 기준(초)", "Service level within (s)"),
                &seconds,
                &self.now.target,
            ),
        ]
    }

    fn send(&self, form: &Form) -> Action {
        let text = |name: &str| form.text(name);
        let (from, to) = (text("from"), text("to"));
        let is_typed = !from.is_empty() || !to.is_empty();
        let period = match (is_typed, self.now.period) {
            (true, _) => Period::Typed,
            (false, Period::Typed) => Period::Today,
            (false, period) => period,
        };
        let (number, team, target) = (text("number"), text("team"), text("target"));
        let (hours, outside) = (text("hours"), text("outside") == OUTSIDE);
        let filter = StatsFilter { period, from, to, number, team, hours, outside, target };
        Action::Narrow(Narrowing::Stats(filter))
    }
}

fn numbers(view: &View<'_>) -> Vec<Choice> {
    let items = view.model.office.as_ref().map_or(&[][..], |office| office.items("numbers"));
    let choice = |item: &Value| {
        let number = word(item, "number");
        Choice::new(Some(json!(number)), &number, &number)
    };
    std::iter::once(Choice::new(None, "모두", "all")).chain(items.iter().map(choice)).collect()
}
