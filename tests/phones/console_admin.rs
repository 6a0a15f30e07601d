//! What an admin does at the console, in a real terminal: people and teams, bans, sounds, the first
//! steps, and what those see who may only look.

use std::path::Path;

use crate::baresip::{Baresip, Plan};
use crate::network::Network;
use crate::office::{NUMBER, OUTSIDE_CALLER, of_two};
use crate::raw::{Raw, challenge};
use crate::screen::Screen;
use crate::sipp::Sipp;
use crate::site::Site;

fn tabs(screen: &Screen, page: &str, count: usize) {
    screen.press(page);
    (0..count).for_each(|_| screen.press("Tab"));
}

#[test]
fn a_team_made_at_the_console_is_there_at_once() {
    let site = Site::open(of_two);
    let screen = Screen::open(&site);
    screen.press("3");
    screen.shows("support");
    screen.press("t");
    screen.shows("F1 help");
    screen.write("night");
    screen.shows("Saving: team 'night' added");
    screen.press("Enter");
    screen.shows("saved");
    assert!(site.naru(&["export"]).contains("night"));
    screen.press("7");
    screen.shows("team 'night' added");
    screen.press("u");
    screen.shows("taken back");
    assert!(!site.naru(&["export"]).contains("night"));
}

/// S6: an address that guesses passwords is seen, and answered again when the admin says so.
#[test]
fn an_address_that_guesses_passwords_is_seen_and_let_go() {
    let site = Site::open(of_two);
    let screen = Screen::open(&site);
    tabs(&screen, "5", 5);
    screen.shows("no address is held back");
    let address = site.network.host(66);
    let mut guesser = Raw::new(address, site.network.server());
    let asked = challenge(&guesser.register("102", 300, None));
    (0..20).for_each(|count| guesser.guess("102", &asked, &format!("guess{count}")));
    // The answer to one more question says that all before it have been read.
    guesser.register("102", 300, None);
    screen.press("r");
    screen.shows(&address.ip().to_string());
    screen.shows("u answer again");
    screen.press("u");
    screen.shows("is answered again");
    screen.shows("no address is held back");
}

/// A text of the office is spoken by `cat` of a sound file.
fn with_a_text(network: Network) -> String {
    of_two(network).replace("{all_busy: {}}", "{greeting: {en: {text: Welcome}}, all_busy: {}}")
}

/// S107: what callers are told is heard on one's own phone, whatever it comes from.
#[test]
fn a_text_is_heard_on_ones_own_phone() {
    let wav = Path::new("tests/sounds/files/8k-16bit.wav").canonicalize().unwrap();
    let speech = format!("speech: {{command: [cat, {}], voices: {{en: ann}}}}\n", wav.display());
    let site = Site::open_with(with_a_text, &speech);
    let plan = Plan::of("101", site.network.server());
    let mut phone = Baresip::start(&Plan { answers: true, registers: true, ..plan });
    let screen = Screen::open(&site);
    screen.press("2");
    screen.shows(NUMBER);
    screen.press("Enter");
    screen.shows("Answered by");
    screen.press("/");
    screen.write("says: greeting");
    screen.press("Enter");
    screen.press("Enter");
    screen.shows("Welcome");
    screen.press("Down");
    screen.press("p");
    screen.shows("Whose phone rings first?");
    screen.press("Enter");
    screen.shows("101's phone rings");
    phone.wait_for("CALL_ESTABLISHED");
    phone.wait_for("CALL_CLOSED");
    // The built-in voice, too.
    screen.press("Up");
    screen.press("Enter");
    screen.shows("F1 help");
    screen.press("Right");
    screen.shows("Saving:");
    screen.press("Enter");
    screen.shows("saved");
    screen.press("p");
    screen.shows("101's phone rings");
    phone.wait_for("CALL_ESTABLISHED");
}

/// Without a speech engine the form says what to do, while one types.
#[test]
fn a_text_without_a_speech_engine_is_refused_in_words() {
    let site = Site::open(of_two);
    let screen = Screen::open(&site);
    screen.press("2");
    screen.shows(NUMBER);
    screen.press("Enter");
    screen.shows("Answered by");
    screen.press("/");
    screen.write("says: greeting");
    screen.press("Enter");
    screen.press("Enter");
    screen.shows("LANGUAGE");
    screen.press("Enter");
    screen.shows("F1 help");
    (0..2).for_each(|_| screen.press("Right"));
    screen.press("Down");
    screen.write("Hello");
    screen.shows("no voice speaks ko");
}

#[test]
fn whoever_may_only_look_changes_nothing() {
    let site = Site::open(of_two);
    let screen = Screen::with(&site, (80, 24), "", "--language en --read-only");
    screen.press("3");
    screen.shows("p phones");
    screen.hides("x remove");
    screen.press("x");
    screen.press("n");
    screen.press("Enter");
    screen.shows("F1 help");
    screen.write("zz");
    screen.press("Enter");
    screen.shows("you may look, not change");
    assert!(!site.naru(&["export"]).contains("zz"));
}

#[test]
fn nothing_is_coloured_where_no_colour_is_wanted() {
    let site = Site::open(of_two);
    let plain = Screen::with(&site, (80, 24), "NO_COLOR=1", "--language ko");
    plain.shows("지금은 통화가 없습니다");
    let coloured = plain.coloured();
    let paints = |text: &str| {
        (30..38).chain(90..98).any(|code| text.contains(&format!("\u{1b}[{code}m")))
            || text.contains("\u{1b}[38;")
    };
    assert!(!paints(&coloured), "{coloured:?}");
}

/// An office that has nothing yet, from the first screen to the first team.
#[test]
fn the_first_steps_are_told() {
    let site = Site::open(|_| "{}\n".to_owned());
    let screen = Screen::open(&site);
    screen.shows("Welcome. Three steps");
    screen.press("4");
    screen.shows("no trunks: a trunk is the line to your telephone company");
    screen.press("3");
    screen.shows("nobody yet: n adds a person");
    screen.press("n");
    screen.shows("F1 help");
    screen.write("101");
    screen.press("Down");
    screen.write("Ann");
    screen.press("Enter");
    screen.shows("saved");
    screen.press("p");
    screen.shows("no phones: n makes an account");
    screen.press("n");
    screen.shows("shown once");
    screen.press("Escape");
    screen.shows("101");
    screen.press("1");
    screen.hides("Welcome. Three steps");
}

/// Cut off without a word while a call is shown, and there again.
#[test]
fn a_daemon_that_was_cut_off_is_found_again() {
    let mut site = Site::open(of_two);
    let screen = Screen::open(&site);
    screen.press("3");
    screen.shows("102");
    site.cut_off();
    screen.shows("no naru answers");
    screen.press("8");
    screen.shows("it is shown when naru answers");
    screen.press("3");
    screen.shows("102");
    site.start();
    screen.hides("no naru answers");
    let caller = Sipp::new("trunk_call_refused", site.network.trunk(), site.network.server());
    caller.user(format!("{OUTSIDE_CALLER};;{NUMBER}")).fill("status", 480).run();
    screen.press("8");
    screen.shows("1 missed");
    (0..3).for_each(|_| screen.press("Tab"));
    // L180: its case is open, and closed with it.
    screen.shows(OUTSIDE_CALLER);
    screen.shows("open");
    screen.press("Enter");
    screen.shows("Our number");
    screen.press("x");
    screen.shows("closed");
}
