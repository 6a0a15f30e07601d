//! Leads, one of which is to become a customer's further number.

use ratatui::crossterm::event::KeyCode;

use crate::api::schema::schema::CustomerLine;
use crate::console::action::{Action, Request};
use crate::console::desk::{CustomerFilter, DeskReport, DeskRequest};
use crate::console::keymap::{Binding, write};
use crate::console::report::Report;
use crate::console::screens::form::list::Listed;
use crate::console::theme::Tone;
use crate::console::view::View;
use crate::console::widgets::line::Line;
use crate::console::widgets::table::{Column, Row, Width, column};

#[derive(Debug)]
pub struct Merge {
    customer: String,
    leads: Vec<CustomerLine>,
    is_sent: bool,
}

impl Merge {
    #[must_use]
    pub fn new(customer: &str) -> Self {
        Self { customer: customer.to_owned(), leads: Vec::new(), is_sent: false }
    }

    fn filter() -> CustomerFilter {
        CustomerFilter { kind: "leads".to_owned(), ..CustomerFilter::default() }
    }
}

impl Listed for Merge {
    type Does = ();

    const COLUMNS: &'static [Column] = &[
        column("번호", "NUMBER", Width::Columns(16)),
        column("이름", "NAME", Width::Share(1)),
        column("마지막 전화", "LAST CALL", Width::Columns(11)),
    ];

    const KEYS: &'static [Binding<()>] =
        &[write(KeyCode::Enter, "Enter", (), "같은 사람입니다", "is the same person")];

    fn title(&self, view: &View<'_>) -> String {
        match view.speech {
            crate::locale::Speech::Korean => format!("{} 고객과 같은 사람", self.customer),
            crate::locale::Speech::English => format!("Who is the customer {} too", self.customer),
        }
    }

    fn above(&self, view: &View<'_>, _width: usize) -> Vec<Line> {
        let text = view.pick(
            "리드의 번호가 이 고객의 번호가 되고, 상담도 따라옵니다. 실행 취소로 되돌립니다",
            "the lead's number becomes this customer's, with its conversations; Undo takes it back",
        );
        vec![Line::toned(text, Tone::Dim), Line::default()]
    }

    fn rows(&self, view: &View<'_>) -> Vec<Row> {
        let row = |lead: &CustomerLine| {
            let met = lead.last_met.map(|met| view.moment(met)).unwrap_or_default();
            Row::plain(lead.number.clone(), [lead.number.clone(), lead.name.clone(), met])
        };
        self.leads.iter().map(row).collect()
    }

    fn nothing(&self) -> (&'static str, &'static str) {
        (
            "리드가 없습니다. 리드는 이름을 아직 적지 않은, 전화한 적 있는 번호입니다",
            "no leads: a lead is a number that has called and has no name yet",
        )
    }

    fn does(&mut self, (): (), chosen: Option<&str>, _view: &View<'_>) -> Action {
        let Some(lead) = chosen.map(str::to_owned) else { return Action::Ignored };
        self.is_sent = true;
        let number = self.customer.clone();
        Action::Ask(Request::Desk(DeskRequest::Merge { number, lead }))
    }

    fn wanted(&self) -> Option<Request> {
        Some(Request::Desk(DeskRequest::Customers(Self::filter())))
    }

    fn told(&mut self, report: &Report, _view: &View<'_>) -> Action {
        if let Report::Desk(DeskReport::Customers { filter, lines }) = report
            && *filter == Self::filter()
        {
            self.leads.clone_from(lines);
            return Action::Redraw;
        }
        self.is_sent &= !matches!(report, Report::Refused(_));
        report.done().filter(|_| self.is_sent).map_or(Action::Ignored, Action::Leave)
    }
}
