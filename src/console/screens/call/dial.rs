//! Calls somebody: one's own phone rings first.

use serde_json::json;

use crate::console::action::{Action, Request};
use crate::console::choices;
use crate::console::screens::form::slip::Slip;
use crate::console::view::View;
use crate::console::widgets::field::Field;
use crate::console::widgets::form::Form;
use crate::words::Words;

#[derive(Debug)]
pub struct Dial {
    pub to: String,
}

impl Slip for Dial {
    const SEND: (&'static str, &'static str) = ("걸기", "call");

    fn title(&self, view: &View<'_>) -> String {
        view.pick("전화 걸기", "Call somebody").to_owned()
    }

    fn fields(&self, view: &View<'_>) -> Vec<Field> {
        // Somebody's phone has to ring.
        let choices = choices::agents(view, "", "").split_off(1);
        let me = view.model.me.as_ref().map(|me| json!(me));
        let first = me.or_else(|| choices.first().and_then(|choice| choice.value.clone()));
        vec![
            Field::text(
                "to",
                Words::new("걸 번호", "Number"),
                Words::new("전화번호나 내선", "a telephone number or an extension"),
                Some(&json!(self.to)),
            ),
            Field::choice(
                "agent",
                Words::new("먼저 울릴 사람", "Whose phone rings first"),
                choices,
                first.as_ref(),
            ),
        ]
    }

    fn send(&self, form: &Form) -> Action {
        let (agent, to) = (form.text("agent"), form.text("to"));
        Action::Ask(Request::Originate { agent, to })
    }
}
