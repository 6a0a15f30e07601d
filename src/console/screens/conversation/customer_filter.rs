//! Which customers one wants to see.

use serde_json::{Value, json};

use crate::console::action::{Action, Narrowing};
use crate::console::desk::CustomerFilter;
use crate::console::screens::form::slip::Slip;
use crate::console::view::View;
use crate::console::widgets::field::{Choice, Field};
use crate::console::widgets::form::Form;
use crate::words::Words;

#[derive(Debug)]
pub struct CustomerFilterSlip {
    pub now: CustomerFilter,
}

impl Slip for CustomerFilterSlip {
    const SEND: (&'static str, &'static str) = ("보기", "show");

    fn title(&self, view: &View<'_>) -> String {
        view.pick("골라 보기", "Which customers").to_owned()
    }

    fn fields(&self, _view: &View<'_>) -> Vec<Field> {
        let value = |text: &str| (!text.is_empty()).then(|| Value::from(text));
        let kinds = [
            Choice::new(None, "차단하지 않은 모두", "all but the blocked"),
            Choice::new(Some(json!("customers")), "고객", "customers"),
            Choice::new(Some(json!("leads")), "리드", "leads"),
            Choice::new(Some(json!("blocked")), "차단한 고객", "blocked"),
        ];
        let part = Words::new("번호나 이름의 일부", "part of a number or a name");
        let label = Words::new("고객", "Customer");
        vec![
            Field::text("party", label, part, value(&self.now.party).as_ref()),
            Field::choice(
                "kind",
                Words::new("종류", "Kind"),
                kinds.to_vec(),
                value(&self.now.kind).as_ref(),
            ),
        ]
    }

    fn send(&self, form: &Form) -> Action {
        let (party, kind) = (form.text("party"), form.text("kind"));
        Action::Narrow(Narrowing::Customers(CustomerFilter { party, kind }))
    }
}
