//! A calendar file whose days become holidays of a set of hours.

use crate::console::action::{Action, Request};
use crate::console::screens::form::slip::Slip;
use crate::console::setup::SetupRequest;
use crate::console::view::View;
use crate::console::widgets::field::Field;
use crate::console::widgets::form::Form;
use crate::words::Words;

#[derive(Debug)]
pub struct HolidayFileSlip {
    pub hours: String,
}

impl Slip for HolidayFileSlip {
    const SEND: (&'static str, &'static str) = ("넣기", "bring in");

    fn title(&self, view: &View<'_>) -> String {
        format!("{} {}", view.pick("달력 파일:", "Calendar file for"), self.hours)
    }

    fn fields(&self, _view: &View<'_>) -> Vec<Field> {
        vec![Field::text(
            "file",
            Words::new("파일", "File"),
            Words::new(
                "콘솔이 도는 컴퓨터의 .ics 파일, 예: /home/kim/휴일.ics. 1 MB까지",
                "an .ics on the machine of this console, such as /home/kim/days.ics",
            ),
            None,
        )]
    }

    fn send(&self, form: &Form) -> Action {
        let (hours, file) = (self.hours.clone(), form.text("file"));
        if file.is_empty() {
            return Action::Say(Words::new("파일 이름을 적으세요", "write the name of a file"));
        }
        Action::Ask(Request::Setup(SetupRequest::ImportHolidays { hours, file }))
    }
}
