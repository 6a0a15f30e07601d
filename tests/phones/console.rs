//! The console in a real terminal: what an admin sees while phones call.

use std::net::UdpSocket;
use std::thread::{JoinHandle, spawn};

use naru::history::call_id::CallId;
use naru::history::call_record::{CallRecord, Clocks, Direction, Outcome};
use naru::office::phone_number::PhoneNumber;
use naru::store::open::open;
use naru::store::run::start;
use naru::testphone::message::Message;

use crate::network::Network;
use crate::office::{NUMBER, OUTSIDE_CALLER, SECOND_CALLER, of_two};
use crate::screen::Screen;
use crate::sipp::{Sipp, user};
use crate::site::Site;
use crate::waiting::SOON;

#[test]
fn a_call_is_seen_as_it_rings_talks_and_ends() {
    let site = Site::open(of_two);
    let screen = Screen::open(&site);
    screen.shows("no calls at the moment");
    let register = Sipp::new("register", site.network.host(10), site.network.server());
    register.user(user("102", "")).fill("expires", 300).run();
    let callee = Sipp::new("answer", site.network.host(10), site.network.server());
    let callee = callee.fill("ring", 1_500).listen();
    let caller = Sipp::new("call", site.network.host(11), site.network.server());
    let caller = caller.user(user("101", "102")).fill("hold", 1_500).start();
    screen.shows("ringing");
    screen.shows("talking");
    caller.finish();
    callee.finish();
    screen.shows("no calls at the moment");
    screen.press("6");
    screen.shows("answered");
}

#[test]
fn a_daemon_that_goes_and_comes_back_is_found() {
    let mut site = Site::open(of_two);
    let screen = Screen::open(&site);
    screen.press("3");
    screen.shows("102");
    site.stop();
    screen.shows("no naru answers");
    site.start();
    screen.hides("no naru answers");
    screen.press("7");
    screen.shows("agent 101 added");
    screen.press("q");
}

/// L61, L63, S54: the work list, whose phone rings, the customer, and what it says afterwards.
#[test]
fn a_missed_call_is_called_back_from_the_list() {
    let site = Site::open(of_two);
    let screen = Screen::open(&site);
    screen.press("8");
    screen.shows("no missed call waits");
    let caller = Sipp::new("trunk_call_refused", site.network.trunk(), site.network.server());
    caller.user(format!("{OUTSIDE_CALLER};;{NUMBER}")).fill("status", 480).run();
    screen.shows(OUTSIDE_CALLER);
    screen.shows("1 missed");
    let register = Sipp::new("register", site.network.host(10), site.network.server());
    register.user(user("101", "")).fill("expires", 300).run();
    let agent = Sipp::new("answer_and_hang_up", site.network.host(10), site.network.server());
    let agent = agent.fill("hold", 3_000).listen();
    let pattern = |number: &str| number.replace('+', "\\+");
    let customer = Sipp::new("trunk_answer", site.network.trunk(), site.network.server());
    let customer = customer.fill_text("dialled", &pattern(OUTSIDE_CALLER));
    let customer = customer.fill_text("shown", &pattern(NUMBER)).fill("ring", 100).listen();
    screen.press("c");
    screen.shows("Whose phone rings first?");
    screen.press("Enter");
    screen.shows("my extension 101 Agent 101");
    customer.finish();
    agent.finish();
    // Somebody has got through: there is nothing left to do, and the story stays (S26, L61).
    screen.shows("no missed call waits");
    screen.press("Tab");
    screen.shows("closed");
    screen.press("Enter");
    screen.shows("called back by 101");
    screen.shows("(outbound) answered");
}

/// L62: several at once, after one question.
#[test]
fn all_missed_calls_are_closed_at_once() {
    let site = Site::open(of_two);
    let screen = Screen::open(&site);
    screen.press("8");
    screen.shows("no missed call waits");
    for customer in [OUTSIDE_CALLER, SECOND_CALLER] {
        let caller = Sipp::new("trunk_call_refused", site.network.trunk(), site.network.server());
        caller.user(format!("{customer};;{NUMBER}")).fill("status", 480).run();
        screen.shows(customer);
    }
    screen.press("*");
    screen.shows("marked 2");
    screen.press("x");
    screen.shows("Close all 2 marked conversations?");
    screen.press("y");
    screen.shows("2 conversations are closed");
    screen.shows("no missed call waits");
}

/// A note of several lines is written, kept and read in full.
#[test]
fn a_long_note_is_written_and_read() {
    let site = Site::open(of_two);
    let screen = Screen::open(&site);
    let caller = Sipp::new("trunk_call_refused", site.network.trunk(), site.network.server());
    caller.user(format!("{OUTSIDE_CALLER};;{NUMBER}")).fill("status", 480).run();
    screen.press("8");
    screen.shows(OUTSIDE_CALLER);
    screen.press("n");
    screen.shows("for colleagues, never the customer");
    for line in 1..=30 {
        screen.write(&format!("line {line} of the note"));
        screen.press("M-Enter");
    }
    screen.shows("line 30 of the note");
    screen.write("its end");
    screen.press("Enter");
    screen.shows("noted");
    screen.press("Enter");
    screen.shows("… Enter: all of it");
    screen.press("Enter");
    screen.shows("line 12 of the note");
    screen.press("End");
    screen.shows("its end");
    screen.hides("line 1 of");
}

/// Open around the clock, by a schedule that can be changed.
fn open_all_week(network: Network) -> String {
    let days = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
    let week: Vec<String> = days.iter().map(|day| format!("{day}: [\"00:00-24:00\"]")).collect();
    let week = week.join(", ");
    of_two(network)
        + &format!("    hours: office\nhours:\n  - {{name: office, week: {{{week}}}}}\n")
}

/// Customers' calls of this time yesterday, written while the daemon is down.
fn remember_calls_of_yesterday(site: &Site, count: u64) {
    let opened = open(&site.path("data")).unwrap();
    let first = opened.next_call.0;
    let (store, threads) = start(opened.database).unwrap();
    let started = naru::clock::now().unix_millis() - 24 * 3_600_000;
    for id in first..first + count {
        store.call_ended(CallRecord {
            id: CallId(id),
            direction: Direction::Inbound,
            from: OUTSIDE_CALLER.to_owned(),
            from_name: String::new(),
            to: NUMBER.to_owned(),
            number: PhoneNumber::parse(NUMBER).ok(),
            conversation: None,
            presented: None,
            started,
            first_waiting: None,
            first_ring: None,
            engaged: Some(started + 5_000),
            ended: Some(started + 60_000),
            outcome: Some(Outcome::Answered),
            missed_reason: None,
            voicemail: false,
            cause: None,
            agent: None,
            clocks: Clocks::default(),
            legs: Vec::new(),
            trail: Vec::new(),
        });
    }
    threads.close();
}

/// L145, L146: closed by hand and back; changed with a look at yesterday, and taken back.
#[test]
fn hours_are_changed_with_a_look_at_yesterday_and_taken_back() {
    let mut site = Site::open(open_all_week);
    let before = site.naru(&["export"]);
    site.stop();
    remember_calls_of_yesterday(&site, 3);
    site.start();
    let screen = Screen::open(&site);
    screen.press("5");
    screen.shows("Countries that may be called");
    screen.press("Tab");
    screen.shows("● open");
    screen.press("Enter");
    screen.shows("████████████████████████████████████████████████");
    screen.press("c");
    screen.shows("◐ closed");
    screen.shows("by hand");
    screen.press("a");
    screen.hides("by hand");
    screen.press("Enter");
    screen.shows("Time zone");
    (0..7).for_each(|_| screen.press("Up"));
    for _ in 0..7 {
        screen.press("C-u");
        screen.press("Down");
    }
    screen.shows("3 of yesterday's 3 calls would have gone elsewhere");
    screen.press("Enter");
    screen.shows("saved");
    assert!(!site.naru(&["export"]).contains("00:00-24:00"));
    screen.press("7");
    screen.shows("hours 'office'");
    screen.press("u");
    screen.shows("taken back");
    assert_eq!(site.naru(&["export"]), before);
}

/// P1, S1: a number is taken from the trunk's block, live at once, and given back by Undo.
#[test]
fn a_number_is_claimed_and_the_claim_taken_back() {
    let site = Site::open(of_two);
    let screen = Screen::open(&site);
    screen.press("2");
    screen.shows(NUMBER);
    screen.press("n");
    screen.shows("+827012345600");
    screen.press("Enter");
    screen.shows("Take a number");
    screen.press("Down");
    screen.press("Right");
    screen.shows("Saving: number +827012345600 added");
    screen.press("Enter");
    screen.shows("saved");
    let claimed = || site.naru(&["export"]).contains("+827012345600\"");
    assert!(claimed());
    screen.press("7");
    screen.shows("number +827012345600 added");
    screen.press("u");
    screen.shows("taken back");
    assert!(!claimed());
}

/// A trunk is tried out: nobody answers there, then somebody does.
#[test]
fn a_trunk_is_tried_out_at_the_console() {
    let site = Site::open(of_two);
    let screen = Screen::open(&site);
    screen.press("4");
    screen.shows("carrier");
    screen.press("/");
    screen.write("carr");
    screen.press("Enter");
    screen.press("t");
    screen.shows("✕ Answer (OPTIONS)");
    screen.shows("firewall");
    screen.shows("--> sent to");
    let provider = answering_options(&site);
    screen.press("t");
    screen.shows("the provider answers: 200 OK");
    screen.shows("● the trunk works");
    provider.join().unwrap();
    screen.press("End");
    screen.shows("    Allow: INVITE, OPTIONS");
    screen.press("Escape");
    screen.shows("/carr");
}

/// A provider that answers one OPTIONS.
fn answering_options(site: &Site) -> JoinHandle<()> {
    let provider = UdpSocket::bind(site.network.trunk()).unwrap();
    provider.set_read_timeout(Some(SOON)).unwrap();
    spawn(move || {
        let mut datagram = [0; 4096];
        let (length, from) = provider.recv_from(&mut datagram).unwrap();
        let asked = Message::parse(&datagram[..length]).unwrap();
        assert_eq!(asked.method(), Some("OPTIONS"));
        let answer = Message::answer(&asked, 200, "OK").with("Allow", "INVITE, OPTIONS");
        provider.send_to(&answer.to_bytes(), from).unwrap();
    })
}

/// Goal S7: a caller whose name would colour, clear or turn the screen is text like any other.
#[test]
fn a_hostile_name_is_only_text() {
    let site = Site::open(of_two);
    let screen = Screen::open(&site);
    screen.press("8");
    screen.shows("no missed call waits");
    // Reset, title and bell, C1 colour and clearing; sipp keeps `[` for itself.
    let name = "ZQ\u{1b}c\u{1b}]2;owned\u{7}\u{9b}35mpaint\u{9b}2J\u{202e}gpj\u{200b}\
                e\u{301}\u{301}\u{301}\u{301}\u{301}👩\u{200d}👧";
    let caller = Sipp::new("trunk_call_named", site.network.trunk(), site.network.server());
    let caller = caller.user(format!("{OUTSIDE_CALLER};;{NUMBER}"));
    caller.fill_text("name", name).fill("status", 480).run();
    screen.shows("1 missed");
    for keys in [&["Enter"][..], &["8", "Tab"], &["Tab"], &["Enter"], &["6"], &["Enter"]] {
        keys.iter().for_each(|key| screen.press(key));
        screen.shows("ZQ");
        let lines: Vec<String> = screen.text().lines().map(str::to_owned).collect();
        assert!(lines[0].contains("1 Now"), "the bar is where it was: {lines:#?}");
        assert!(lines[23].contains("quit"), "and so is the footer: {lines:#?}");
        let coloured = screen.coloured();
        assert!(!coloured.contains("\u{1b}[35m"), "nothing is painted: {coloured:?}");
        let title = screen.tmux(&["display-message", "-p", "#{pane_title}"]);
        assert!(!title.contains("owned"), "nor is the title taken: {title}");
        assert!(!coloured.contains('\u{202e}'), "nothing is turned: {coloured:?}");
    }
}
