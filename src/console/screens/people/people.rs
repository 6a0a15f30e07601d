//! Who works here, and in which teams.

use ratatui::buffer::Buffer;
use ratatui::crossterm::event::{KeyCode, KeyEvent};
use ratatui::layout::Rect;
use serde_json::Value;

use crate::console::action::{Action, Place};
use crate::console::document::{word, words};
use crate::console::edit::{Edit, Step, Target};
use crate::console::keymap::{Binding, Hint, IN_LISTS, SEARCHING, hints, look, pressed, write};
use crate::console::names;
use crate::console::report::Report;
use crate::console::screen::Screen;
use crate::console::screens::form::list::draw_nothing;
use crate::console::screens::form::saving::Saving;
use crate::console::setup::SetupPlace;
use crate::console::theme::{Tone, lamp};
use crate::console::view::View;
use crate::console::widgets::table::{Column, Row, Table, Width, column};
use crate::words::Words;

#[derive(Clone, Copy, Debug)]
enum Does {
    Open,
    New,
    NewTeam,
    Devices,
    Presence,
    Remove,
    Other,
}

impl Does {
    fn is_for_teams(self) -> bool {
        match self {
            Self::Open | Self::New | Self::NewTeam | Self::Remove | Self::Other => true,
            Self::Devices | Self::Presence => false,
        }
    }
}

const KEYS: [Binding<Does>; 7] = [
    look(KeyCode::Enter, "Enter", Does::Open, "설정", "settings"),
    look(KeyCode::Char('p'), "p", Does::Devices, "전화기", "phones"),
    write(KeyCode::Char('s'), "s", Does::Presence, "상태", "state"),
    write(KeyCode::Char('n'), "n", Does::New, "새 매니저", "new person"),
    write(KeyCode::Char('t'), "t", Does::NewTeam, "새 팀", "new team"),
    write(KeyCode::Char('x'), "x", Does::Remove, "삭제", "remove"),
    look(KeyCode::Tab, "Tab", Does::Other, "매니저/팀", "people/teams"),
];

const PEOPLE: [Column; 5] = [
    column("내선", "EXT", Width::Columns(6)),
    column("이름", "NAME", Width::Share(2)),
    column("상태", "STATE", Width::Columns(16)),
    column("전화기", "PHONES", Width::Columns(7)),
    column("팀", "TEAMS", Width::Share(2)),
];

const TEAMS: [Column; 2] =
    [column("팀", "TEAM", Width::Columns(20)), column("구성원", "MEMBERS", Width::Share(1))];

/// What stands in the lists while they are empty.
const NOBODY: (&str, &str) = (
    "매니저가 없습니다. n으로 한 사람을 더합니다",
    "nobody yet: n adds a person who answers calls",
);
const NO_TEAM: (&str, &str) = (
    "팀이 없습니다. t로 함께 전화를 받을 사람들을 묶습니다",
    "no teams: t makes one of people who answer together",
);

#[derive(Debug, Default)]
pub struct People {
    people: Table,
    teams: Table,
    in_teams: bool,
    saving: Saving,
}

impl Screen for People {
    fn title(&self, _view: &View<'_>) -> String {
        String::new()
    }

    fn is_writing(&self) -> bool {
        self.people.is_searching() || self.teams.is_searching()
    }

    fn hints(&self, view: &View<'_>) -> Vec<Hint> {
        if self.is_writing() {
            return SEARCHING.to_vec();
        }
        let keys = KEYS.iter().filter(|key| !self.in_teams || key.does.is_for_teams());
        let keys: Vec<Binding<Does>> = keys.copied().collect();
        hints(&keys, view.may_write).into_iter().chain(IN_LISTS).collect()
    }

    fn draw(&mut self, view: &View<'_>, area: Rect, buffer: &mut Buffer) {
        let teams = team_rows(view);
        let wanted = u16::try_from(teams.len()).unwrap_or(u16::MAX).saturating_add(2);
        let height = wanted.clamp(3, (area.height / 2).max(3)).min(area.height);
        let top = Rect { height: area.height - height, ..area };
        let people = person_rows(view);
        self.people.draw(view, (top, buffer), (&PEOPLE, &people), !self.in_teams);
        if people.is_empty() {
            draw_nothing(view, NOBODY, top, buffer);
        }
        let below = Rect { y: top.bottom(), height, ..area };
        self.teams.draw(view, (below, buffer), (&TEAMS, &teams), self.in_teams);
        if teams.is_empty() {
            draw_nothing(view, NO_TEAM, below, buffer);
        }
    }

    fn key(&mut self, key: KeyEvent, view: &View<'_>) -> Action {
        let rows = if self.in_teams { team_rows(view) } else { person_rows(view) };
        let table = if self.in_teams { &mut self.teams } else { &mut self.people };
        if table.key(key, &rows) {
            return Action::Redraw;
        }
        if table.is_searching() {
            return Action::Ignored;
        }
        let chosen = table.chosen(&rows).map(|row| row.id.clone());
        let Some(does) = pressed(&KEYS, key, view.may_write) else { return Action::Ignored };
        match (does, chosen) {
            (Does::New, _) => Action::Open(Place::NewAgent),
            (Does::NewTeam, _) => Action::Open(Place::NewTeam),
            (Does::Other, _) => {
                self.in_teams = !self.in_teams;
                Action::Redraw
            }
            (Does::Open, Some(id)) if self.in_teams => Action::Open(Place::Team(id)),
            (Does::Open, Some(id)) => Action::Open(Place::Agent(id)),
            (Does::Devices, Some(id)) if !self.in_teams => Action::Open(Place::Devices(id)),
            (Does::Presence, Some(id)) if !self.in_teams => {
                Action::Open(Place::Setup(SetupPlace::Presence(id)))
            }
            (Does::Remove, Some(id)) => self.remove(view, id),
            (Does::Open | Does::Devices | Does::Presence | Does::Remove, _) => Action::Ignored,
        }
    }

    fn told(&mut self, report: &Report, _view: &View<'_>) -> Action {
        self.saving.told(report)
    }
}

impl People {
    fn remove(&mut self, view: &View<'_>, id: String) -> Action {
        let question = Words::new(format!("{id}을(를) 삭제할까요?"), format!("Remove {id}?"));
        let (section, key) =
            if self.in_teams { ("teams", "name") } else { ("agents", "extension") };
        // Who is gone is in no team any more.
        let mut edits = if self.in_teams { Vec::new() } else { out_of_teams(view, &id) };
        let target = Target::Item { section, key, id };
        edits.push(Edit { target, steps: vec![Step::Remove] });
        Action::Confirm { question, request: self.saving.of(edits) }
    }
}

fn out_of_teams(view: &View<'_>, extension: &str) -> Vec<Edit> {
    let office = view.model.office.as_ref();
    let teams = office.map_or(&[][..], |office| office.items("teams"));
    let theirs = teams.iter().filter(|team| words(team, "members").iter().any(|m| m == extension));
    let leave = |team: &Value| Edit {
        target: Target::Item { section: "teams", key: "name", id: word(team, "name") },
        steps: vec![Step::PullWord("members".to_owned(), extension.to_owned())],
    };
    theirs.map(leave).collect()
}

fn person_rows(view: &View<'_>) -> Vec<Row> {
    let Some(office) = &view.model.office else { return Vec::new() };
    office.items("agents").iter().map(|agent| person_row(view, agent)).collect()
}

fn person_row(view: &View<'_>, agent: &Value) -> Row {
    let extension = word(agent, "extension");
    let live = view.model.agents.get(&extension);
    let (state, tone) = live.map_or(("", Tone::Dim), |agent| names::agent(agent, view.speech));
    let devices = agent.get("devices").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
    let on = devices.iter().filter(|d| view.model.is_registered(&word(d, "username"))).count();
    let teams: Vec<String> = view
        .model
        .office
        .iter()
        .flat_map(|office| office.items("teams"))
        .filter(|team| words(team, "members").contains(&extension))
        .map(|team| word(team, "name"))
        .collect();
    let cells = vec![
        (extension.clone(), Tone::Plain),
        (word(agent, "name"), Tone::Plain),
        (format!("{} {state}", lamp(tone)), tone),
        (format!("{on}/{}", devices.len()), if on == 0 { Tone::Warn } else { Tone::Plain }),
        (teams.join(", "), Tone::Plain),
    ];
    Row { id: extension, cells }
}

fn team_rows(view: &View<'_>) -> Vec<Row> {
    let Some(office) = &view.model.office else { return Vec::new() };
    let named = |extension: &String| {
        let agent = office.item("agents", "extension", extension);
        let name = agent.map(|agent| word(agent, "name")).unwrap_or_default();
        if name.is_empty() { extension.clone() } else { name }
    };
    let row = |team: &Value| {
        let members: Vec<String> = words(team, "members").iter().map(named).collect();
        Row::plain(word(team, "name"), [word(team, "name"), members.join(", ")])
    };
    office.items("teams").iter().map(row).collect()
}
