//! Every page that can be reached, and every key that it offers: from each page of the bar all that
//! opens is gone through, in both languages and sizes.

use std::collections::{BTreeSet, VecDeque};

use ratatui::buffer::Buffer;
use unicode_width::UnicodeWidthStr;

use crate::hostile;
use crate::scene::{LANGUAGES, SIZES, Scene};
use crate::snapshot::text;
use crate::world::World;

/// Opened above one another; no page of the console lies deeper.
const DEPTH: usize = 5;

/// Keys that move within what is seen, and may have nowhere to go.
const MOVES: [&str; 8] =
    ["<Up>", "<Down>", "<Left>", "<Right>", "<PageUp>", "<PageDown>", "<Home>", "<End>"];

#[test]
fn now() {
    walk("");
}

#[test]
fn numbers() {
    walk("2");
    // Forms of one line, what callers are told, and one language of that.
    for keys in [
        "<Down><Enter><Down><Enter>",
        "<Down><Enter><End><Up><Up><Enter>",
        "<Down><Enter><End><Enter>",
    ] {
        walk(&format!("2{keys}"));
    }
}

#[test]
fn people() {
    walk("3");
}

#[test]
fn trunks() {
    walk("4");
}

#[test]
fn rules() {
    walk("5");
    walk("5<Tab><Down><Enter>");
}

#[test]
fn history() {
    walk("6");
}

#[test]
fn undo() {
    walk("7");
}

#[test]
fn conversations() {
    walk("8");
}

/// Whoever may only look is offered no key that changes something, and meets no other fault.
#[test]
fn those_who_may_only_look() {
    for root in ["", "2", "3", "4", "5", "6", "7", "8"] {
        Walk { may_write: false, depth: 2, ..Walk::new(root) }.go();
    }
}

/// Names that would steer a terminal, on every page that can be reached.
#[test]
fn no_name_steers_the_terminal() {
    for root in ["", "2", "3", "4", "5", "6", "7", "8"] {
        Walk { world: World::hostile, presses: false, depth: 3, ..Walk::new(root) }.go();
    }
}

fn walk(root: &str) {
    Walk::new(root).go();
}

struct Walk {
    world: fn() -> World,
    may_write: bool,
    /// Whether every key is pressed, rather than the page looked at alone.
    presses: bool,
    depth: usize,
    /// Pages that have been looked at: what they are called, and their keys.
    seen: BTreeSet<String>,
    ahead: VecDeque<(String, usize)>,
}

impl Walk {
    fn new(root: &str) -> Self {
        let ahead = VecDeque::from([(root.to_owned(), 0)]);
        Self {
            world: World::default,
            may_write: true,
            presses: true,
            depth: DEPTH,
            seen: BTreeSet::new(),
            ahead,
        }
    }

    fn go(&mut self) {
        while let Some((path, depth)) = self.ahead.pop_front() {
            let mut scene = self.scene(0, &path);
            if !self.seen.insert(name(&mut scene)) {
                continue;
            }
            for language in 0..LANGUAGES.len() {
                self.look(language, &path);
                for key in offered(&scene).iter().filter(|_| self.presses) {
                    self.press(language, &path, key);
                }
            }
            if self.presses {
                self.refuse_others(&path);
            }
            if depth < self.depth {
                let next = offered(&scene).into_iter().filter(|key| !MOVES.contains(&key.as_str()));
                self.ahead.extend(next.map(|key| (format!("{path}{key}"), depth + 1)));
            }
        }
    }

    /// At the end of these keys.
    fn scene(&self, language: usize, path: &str) -> Scene {
        let mut scene = Scene::new(LANGUAGES[language].1, (self.world)(), self.may_write);
        scene.seen(SIZES[0].0, SIZES[0].1);
        scene.keys(path);
        scene
    }

    /// As it is, with its help.
    fn look(&self, language: usize, path: &str) {
        let mut scene = self.scene(language, path);
        let hints = scene.app.hints();
        let is_covered = scene.app.is_covered();
        let is_writing = scene.app.is_writing();
        for size in SIZES {
            let shown = check(path, &mut scene, size);
            let footer = footer(&shown);
            let (_, speech) = LANGUAGES[language];
            let said = hints
                .iter()
                .map(|hint| format!("{} {}", hint.label, speech.pick(hint.ko, hint.en)));
            let missing: Vec<String> = said.filter(|said| !footer.contains(said)).collect();
            let told = format!("(+{})", missing.len());
            assert!(
                is_covered || missing.is_empty() || footer.contains(&told),
                "{path} {size:?}: {missing:?} is neither in the footer nor counted:\n{shown}"
            );
        }
        if is_covered {
            return;
        }
        scene.keys(if is_writing { "<F1>" } else { "?" });
        for size in SIZES {
            let shown = check(path, &mut scene, size);
            for hint in &hints {
                let (_, speech) = LANGUAGES[language];
                let said = speech.pick(hint.ko, hint.en);
                let is_told = shown
                    .lines()
                    .any(|line| line.contains(&format!("│ {}", hint.label)) && line.contains(said));
                assert!(
                    is_told,
                    "{path} {size:?}: the help does not tell of {}:\n{shown}",
                    hint.label
                );
            }
            assert!(shown.contains('└'), "{path} {size:?}: the help is cut:\n{shown}");
        }
        scene.keys("<Esc>");
        assert!(!scene.app.is_covered(), "{path}: Esc does not close the help");
    }

    /// A key that is offered does something, and Esc leads back to the bar's page from there.
    fn press(&self, language: usize, path: &str, key: &str) {
        let mut scene = self.scene(language, path);
        let before = (scene.drawn_once(80, 24), scene.asked);
        scene.keys(key);
        let place = format!("{path} then {key}");
        for size in SIZES {
            check(&place, &mut scene, size);
        }
        let after = (scene.drawn_once(80, 24), scene.asked);
        assert!(
            MOVES.contains(&key) || before != after,
            "{place}: a key is offered that does nothing:\n{}",
            text(&after.0)
        );
        for _ in 0..2 * DEPTH + 4 {
            if is_root(&scene) {
                return;
            }
            scene.keys("<Esc>");
        }
        panic!("{place}: Esc does not lead back:\n{}", scene.seen(80, 24));
    }

    /// Keys that are not offered do nothing, or are letters where one writes.
    fn refuse_others(&self, path: &str) {
        let mut scene = self.scene(0, path);
        let keys = offered(&scene);
        if scene.app.is_covered() {
            return;
        }
        let letters = (' '..='~').filter(|c| !"<>?q/jk12345678".contains(*c)).map(String::from);
        let others = letters.chain(["<Enter>", "<Tab>"].map(str::to_owned));
        let others: Vec<String> = others.filter(|key| !keys.contains(key)).collect();
        if scene.app.is_writing() {
            let height = scene.app.height();
            scene.keys("q?1");
            assert!(!scene.app.is_over(), "{path}: a letter quits");
            assert_eq!(scene.app.height(), height, "{path}: a letter leads elsewhere");
            return;
        }
        let seen = |scene: &mut Scene| (scene.drawn_once(80, 24), scene.asked, scene.app.is_over());
        // Any key takes the last message away.
        scene.keys("<Delete>");
        let before = seen(&mut scene);
        others.iter().for_each(|key| scene.keys(key));
        if before == seen(&mut scene) {
            return;
        }
        for key in others {
            let mut scene = self.scene(0, path);
            scene.keys("<Delete>");
            scene.keys(&key);
            let after = seen(&mut scene);
            assert!(before == after, "{path}: {key} works and is not offered:\n{}", text(&after.0));
        }
    }
}

/// What a page is known by.
fn name(scene: &mut Scene) -> String {
    let labels: Vec<&str> = scene.app.hints().iter().map(|hint| hint.label).collect();
    let first = scene.seen(140, 45).lines().take(2).map(str::to_owned).collect::<String>();
    format!("{first} {labels:?} {}", scene.app.is_covered())
}

/// Keys of the footer as they are typed.
fn offered(scene: &Scene) -> Vec<String> {
    let keys = scene.app.hints().into_iter().flat_map(|hint| typed(hint.label));
    let is_new = |seen: &mut BTreeSet<String>, key: &String| seen.insert(key.clone());
    let mut seen = BTreeSet::new();
    keys.filter(|key| is_new(&mut seen, key)).collect()
}

fn typed(label: &str) -> Vec<String> {
    let all: &[&str] = match label {
        "↑↓" => &["<Up>", "<Down>"],
        "←→" => &["<Left>", "<Right>"],
        "Space" => &[" "],
        "[ ]" => &["[", "]"],
        "Enter" => &["<Enter>"],
        "Esc" => &["<Esc>"],
        "Tab" => &["<Tab>"],
        letter if letter.chars().count() == 1 => return vec![letter.to_owned()],
        other => panic!("no key {other}"),
    };
    all.iter().map(|key| (*key).to_owned()).collect()
}

/// On a page of the bar, with nothing above it.
fn is_root(scene: &Scene) -> bool {
    scene.app.height() == 0 && !scene.app.is_covered() && !scene.app.is_writing()
}

/// The last lines, as one.
fn footer(shown: &str) -> String {
    let lines: Vec<&str> = shown.lines().collect();
    lines[lines.len().saturating_sub(2)..].join(" ")
}

/// Harmless, and no wide letter is cut into halves; answers the screen as text.
fn check(place: &str, scene: &mut Scene, (width, height): (u16, u16)) -> String {
    let buffer = scene.drawn_once(width, height);
    hostile::check(place, &buffer);
    check_halves(place, &buffer);
    text(&buffer)
}

fn check_halves(place: &str, buffer: &Buffer) {
    let area = *buffer.area();
    for y in 0..area.height {
        for x in 0..area.width {
            if buffer[(x, y)].symbol().width() == 2 {
                let next = (x + 1 < area.width).then(|| buffer[(x + 1, y)].symbol());
                assert!(
                    matches!(next, Some(" " | "")),
                    "{place}: half a letter in line {y}:\n{}",
                    text(buffer)
                );
            }
        }
    }
}
