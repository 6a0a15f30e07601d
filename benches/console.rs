//! What a key press costs the console of a busy office: 200 calls that are up, long lists.
//!
//! Every figure stands beside the same key on a console that knows nothing, measured in the same
//! run: the ratio carries over to other machines, the time does not.

#![expect(clippy::print_stdout, reason = "a benchmark tells its figures")]

use std::error::Error;
use std::time::Duration;

use jiff::tz::TimeZone;
use naru::api::schema::schema::{CallPage, ConversationPage};
use naru::clock;
use naru::console::action::Request;
use naru::console::app::{App, Settings};
use naru::console::desk::{DeskReport, DeskRequest};
use naru::console::event::Event;
use naru::console::report::Report;
use naru::console::theme::Theme;
use naru::history::call_record::CallRecord;
use naru::history::conversation::conversation::Conversation;
use naru::live::{Live, Update};
use naru::locale::Speech;
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::crossterm::event::{KeyCode, KeyEvent};
use serde_json::json;

/// A person does not feel less.
const LIMIT: Duration = Duration::from_millis(50);
const CALLS: u64 = 200;
const AGENTS: u64 = 60;
/// What somebody has scrolled through.
const ROWS: u64 = 5_000;
const PRESSES: usize = 400;
const NOW: i64 = 1_795_583_000_000;

fn main() -> Result<(), Box<dyn Error>> {
    let mut is_slow = false;
    println!("screen                 key, p50   p99        of an empty console");
    for (name, keys, (width, height)) in [
        ("now, 80x24", "", (80, 24)),
        ("now, 140x45", "", (140, 45)),
        ("history, 140x45", "6", (140, 45)),
        ("missed, 140x45", "8", (140, 45)),
        ("conversations, 140x45", "8\t", (140, 45)),
    ] {
        let busy = measured(&mut console(true, keys)?, width, height)?;
        let empty = measured(&mut console(false, keys)?, width, height)?;
        let ratio = busy.0.as_secs_f64() / empty.0.as_secs_f64().max(1e-9);
        println!("{name:<22} {:>8.2?}   {:>8.2?}   x{ratio:.1}", busy.0, busy.1);
        is_slow |= busy.1 > LIMIT;
    }
    let mut busy = console(true, "")?;
    let update = Report::Update(Update::Call { call: Box::new(live()?.calls.swap_remove(7)) });
    let (p50, p99) = timed(PRESSES, || {
        busy.handle(Event::Report(update.clone()), NOW);
        draw(&mut busy, 140, 45)
    })?;
    println!("{:<22} {p50:>8.2?}   {p99:>8.2?}", "an update of a call");
    if is_slow {
        return Err(format!("a key press takes more than {LIMIT:?}").into());
    }
    Ok(())
}

/// Half of the keys move down, half up; medians and the slowest hundredth.
fn measured(
    app: &mut App,
    width: u16,
    height: u16,
) -> Result<(Duration, Duration), Box<dyn Error>> {
    let mut pressed = 0;
    timed(PRESSES, || {
        pressed += 1;
        let key = if pressed % 4 < 2 { KeyCode::Down } else { KeyCode::Up };
        app.handle(Event::Key(KeyEvent::from(key)), NOW);
        draw(app, width, height)
    })
}

fn timed(
    count: usize,
    mut work: impl FnMut() -> Result<(), Box<dyn Error>>,
) -> Result<(Duration, Duration), Box<dyn Error>> {
    let mut took = Vec::with_capacity(count);
    for _ in 0..count {
        let began = clock::now().ticks;
        work()?;
        took.push(clock::now().ticks.saturating_duration_since(began));
    }
    took.sort_unstable();
    Ok((took[count / 2], took[count * 99 / 100]))
}

fn draw(app: &mut App, width: u16, height: u16) -> Result<(), Box<dyn Error>> {
    let mut terminal = Terminal::new(TestBackend::new(width, height))?;
    terminal.draw(|frame| app.draw(frame.area(), frame.buffer_mut()))?;
    Ok(())
}

fn console(is_busy: bool, keys: &str) -> Result<App, Box<dyn Error>> {
    let settings = Settings {
        speech: Speech::Korean,
        theme: Theme::Colour,
        zone: TimeZone::UTC,
        may_write: true,
        server: String::new(),
    };
    let mut app = App::new(settings, NOW);
    let live = if is_busy { live()? } else { Live::default() };
    app.handle(Event::Report(Report::Up(live)), NOW);
    for key in keys.chars() {
        let code = if key == '\t' { KeyCode::Tab } else { KeyCode::Char(key) };
        app.handle(Event::Key(KeyEvent::from(code)), NOW);
    }
    for request in app.take_requests() {
        if let Some(report) = answer(request, is_busy)? {
            app.handle(Event::Report(report), NOW);
        }
    }
    Ok(app)
}

fn answer(request: Request, is_busy: bool) -> Result<Option<Report>, Box<dyn Error>> {
    let rows = if is_busy { ROWS } else { 0 };
    if let Request::Calls { .. } = request {
        let calls = (0..rows).map(call).collect::<Result<_, _>>()?;
        return Ok(Some(Report::Calls { page: CallPage { calls, next: None }, is_first: true }));
    }
    if let Request::Desk(DeskRequest::Conversations { filter, .. }) = request {
        let conversations = (0..rows).map(conversation).collect::<Result<_, _>>()?;
        let page = ConversationPage { conversations, next: None };
        let report = DeskReport::Conversations { filter, page, is_first: true };
        return Ok(Some(Report::Desk(report)));
    }
    Ok(None)
}

fn live() -> Result<Live, serde_json::Error> {
    let calls: Vec<_> = (0..CALLS)
        .map(|id| {
            json!({
                "id": id, "direction": "inbound", "from": format!("+8210{id:08}"),
                "from_name": "박서연", "to": "+827012345678", "stage": "talking",
                "started": NOW - 60_000, "stage_since": NOW - 50_000,
                "agent": (100 + id % AGENTS).to_string(), "keys": "",
            })
        })
        .collect();
    let agents: Vec<_> = (0..AGENTS)
        .map(|id| {
            json!({
                "extension": (100 + id).to_string(), "name": format!("김민지 {id}"),
                "state": "talking", "since": NOW, "seat": true, "activity": "available",
                "do_not_disturb": false, "wrap_up": null,
            })
        })
        .collect();
    serde_json::from_value(json!({ "calls": calls, "agents": agents }))
}

fn call(id: u64) -> Result<CallRecord, serde_json::Error> {
    serde_json::from_value(json!({
        "id": ROWS - id, "direction": "inbound", "from": format!("+8210{id:08}"),
        "from_name": "박서연", "to": "+827012345678", "number": "+827012345678",
        "presented": null, "started": NOW - 60_000, "first_waiting": null, "first_ring": null,
        "engaged": NOW - 50_000, "ended": NOW, "outcome": "answered", "missed_reason": null,
        "cause": null, "agent": "101", "legs": [], "trail": [],
    }))
}

fn conversation(id: u64) -> Result<Conversation, serde_json::Error> {
    serde_json::from_value(json!({
        "id": ROWS - id, "customer": format!("+8210{id:08}"), "name": "박서연",
        "number": "+827012345678", "direction": "inbound", "created": NOW, "state": "missed",
        "since": NOW - 90_000, "reason": "userLeft", "team": "support", "assignee": null,
        "followers": [], "tags": ["견적"], "description": "", "last_call": NOW,
        "last_note": null, "handled": null,
        "case": {"seq": 1, "opened": NOW, "queued": null, "answered": null, "closed": null,
            "snoozed_ms": 0, "snoozed": 0, "missed": 1, "tags": []},
    }))
}
