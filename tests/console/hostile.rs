//! Names that would steer a terminal, on every screen: none of it reaches one.

use naru::api::schema::schema::CustomerLine;
use naru::console::desk::DeskReport;
use naru::console::report::Report;
use naru::console::tapes::TapeReport;
use naru::history::conversation::conversation::Conversation;
use naru::history::conversation::log::Happening;
use naru::words::Words;
use ratatui::buffer::{Buffer, Cell};
use ratatui::style::Color;
use unicode_width::UnicodeWidthStr;

use crate::scene::{LANGUAGES, SIZES, Scene};
use crate::world::World;

/// Colour, clearing, the cursor home, a bell, C1, turned and hidden text, a pile of marks, pictures
/// of several characters, lines and tabs, and a letter of eighteen columns.
pub(crate) const NAME: &str = "\u{1b}[31mred\u{1b}[2J\u{1b}[1;1H\u{7}\u{9b}32m\u{202e}gpj\u{2066}.\u{200b}\u{200d}\
e\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}👩\u{200d}👩\u{200d}👧\u{fe0f}🇰🇷\r\n\t\0\u{85}\u{2028}\u{fdfd}한";

/// Everything that somebody outside, or another program, may have named.
pub(crate) fn spoiled(report: Report) -> Report {
    match report {
        Report::Up(mut live) => {
            live.calls.iter_mut().for_each(|call| {
                call.from_name = NAME.to_owned();
                call.to = NAME.to_owned();
            });
            live.agents.iter_mut().for_each(|agent| agent.name = NAME.to_owned());
            Report::Up(live)
        }
        Report::Registrations(mut all) => {
            all.iter_mut().for_each(|one| one.user_agent = NAME.to_owned());
            Report::Registrations(all)
        }
        Report::Trunks(mut all) => {
            all.iter_mut().for_each(|one| one.label = NAME.to_owned());
            Report::Trunks(all)
        }
        Report::Calls { mut page, is_first } => {
            page.calls.iter_mut().for_each(|call| call.from_name = NAME.to_owned());
            Report::Calls { page, is_first }
        }
        Report::Call(mut found) => {
            found.call.from_name = NAME.to_owned();
            found.call.legs.iter_mut().for_each(|leg| leg.party = NAME.to_owned());
            found.why.iter_mut().for_each(|line| line.words = Words::new(NAME, NAME));
            Report::Call(found)
        }
        Report::CallSip { call, mut sip } => {
            sip.parties.iter_mut().for_each(|party| party.party = NAME.to_owned());
            sip.steps.iter_mut().for_each(|step| step.message = NAME.to_owned());
            Report::CallSip { call, sip }
        }
        Report::Desk(report) => Report::Desk(spoiled_desk(report)),
        Report::Tapes(report) => Report::Tapes(spoiled_tapes(report)),
        Report::Stats { filter, mut stats } => {
            let numbers = std::mem::take(&mut stats.figures.numbers);
            let named = |(key, calls): (String, _)| (format!("{NAME}{key}"), calls);
            stats.figures.numbers = numbers.into_iter().map(named).collect();
            Report::Stats { filter, stats }
        }
        Report::AgentStats { filter, mut agents } => {
            let all = std::mem::take(&mut agents.agents);
            let named = |(key, line): (String, _)| (format!("{NAME}{key}"), line);
            agents.agents = all.into_iter().map(named).collect();
            Report::AgentStats { filter, agents }
        }
        other @ (Report::Down(_)
        | Report::Update(_)
        | Report::Health(_)
        | Report::Office(_)
        | Report::Figures(_)
        | Report::Changes { .. }
        | Report::Change(_)
        | Report::Checked { .. }
        | Report::Saved { .. }
        | Report::Setup(_)
        | Report::Doubt { .. }
        | Report::Done(_)
        | Report::Refused(_)) => other,
    }
}

fn spoiled_desk(report: DeskReport) -> DeskReport {
    let bad = |one: &mut Conversation| {
        one.name = NAME.to_owned();
        one.description = NAME.to_owned();
    };
    let bad_line = |line: &mut CustomerLine| line.name = NAME.to_owned();
    match report {
        DeskReport::Conversations { filter, mut page, is_first } => {
            page.conversations.iter_mut().for_each(bad);
            DeskReport::Conversations { filter, page, is_first }
        }
        DeskReport::Conversation(mut found) => {
            bad(&mut found.conversation);
            for entry in &mut found.log {
                entry.who = Some(NAME.to_owned());
                entry.what = Happening::Note { text: NAME.to_owned() };
            }
            DeskReport::Conversation(found)
        }
        DeskReport::Customers { filter, mut lines } => {
            lines.iter_mut().for_each(bad_line);
            DeskReport::Customers { filter, lines }
        }
        DeskReport::Customer { mut line, mut conversations } => {
            bad_line(&mut line);
            conversations.iter_mut().for_each(bad);
            DeskReport::Customer { line, conversations }
        }
        DeskReport::Amended => DeskReport::Amended,
    }
}

fn spoiled_tapes(report: TapeReport) -> TapeReport {
    match report {
        TapeReport::Recordings(mut files) => {
            for call in files.iter_mut().filter_map(|file| file.of.as_mut()) {
                call.from_name = NAME.to_owned();
            }
            TapeReport::Recordings(files)
        }
        TapeReport::Messages(mut messages) => {
            messages.iter_mut().for_each(|message| message.from_name = NAME.to_owned());
            TapeReport::Messages(messages)
        }
        TapeReport::Changed => TapeReport::Changed,
    }
}

/// Every screen that shows what others have written, by the keys that lead there.
const SCREENS: &[&str] = &[
    "",
    "<Enter>",
    "3",
    "3p",
    "4",
    "6",
    "6<Enter>",
    "6<Enter>s",
    "6<Tab>",
    "6<Tab>x",
    "6<Tab><Tab>",
    "6<Tab><Tab>x",
    "6<Tab><Tab><Tab>",
    "6<Tab><Tab><Tab><End>",
    "8",
    "8<Enter>",
    "8d",
    "8<Enter>d",
    "8c",
    "8a",
    "8<Tab>",
    "8<Tab>f",
    "8<Tab><Tab>",
    "8<Tab><Tab><Enter>",
    "8<Tab><Tab>e",
    "8<Tab><Tab><Enter>g",
];

#[test]
fn no_name_steers_the_terminal_on_any_screen() {
    for keys in SCREENS {
        for ((_, speech), (width, height)) in LANGUAGES.into_iter().zip(SIZES) {
            let mut scene = Scene::new(speech, World::hostile(), true);
            scene.keys(keys);
            let buffer = scene.drawn(width, height);
            check(keys, &buffer);
        }
    }
}

fn check(keys: &str, buffer: &Buffer) {
    for (index, cell) in buffer.content.iter().enumerate() {
        let symbol = cell.symbol();
        let is_harmless = |c: char| {
            !c.is_control()
                && !matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
        };
        assert!(symbol.chars().all(is_harmless), "{keys}: {symbol:?} in cell {index}");
        assert!(symbol.width() <= 2, "{keys}: {symbol:?} is too wide");
        assert!(symbol.chars().count() <= 4, "{keys}: {symbol:?} piles up marks");
        let is_plain = |cell: &Cell| cell.fg == Color::Reset && cell.bg == Color::Reset;
        assert!(is_plain(cell), "{keys}: cell {index} is coloured");
    }
    let area = *buffer.area();
    let last = (0..area.width).map(|x| buffer[(x, area.height - 1)].symbol()).collect::<String>();
    assert!(last.contains('q'), "{keys}: the footer stands where it belongs: {last}");
}
