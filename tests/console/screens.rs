//! The screens, one after another.

use crate::scene::{shows, shows_in};
use crate::world::World;

#[test]
fn now() {
    shows("now", "");
    shows("now_help", "?");
    shows("now_hang_up", "x");
    shows_in("now_guide", "", World::empty, true);
    shows_in("now_down", "", World::down, true);
}

#[test]
fn numbers() {
    shows("numbers", "2");
    shows("numbers_search", "2/5679");
    shows("number", "2<Enter>");
    shows("number_fault", "2<Enter><Down>9");
    shows("number_claim", "2n");
    shows("number_copy", "2c <Down>");
    shows("number_give_up", "2x");
    shows_in("numbers_read_only", "2", World::default, false);
}

#[test]
fn people() {
    shows("people", "3");
    shows("person", "3<Down><Enter>");
    shows("person_devices", "3p");
    shows("team", "3<Tab><Enter>");
}

#[test]
fn trunks() {
    shows("trunks", "4");
    shows("trunk", "4<Enter>");
}

#[test]
fn rules() {
    shows("rules", "5");
    shows("rules_change", "5<Enter>");
}

#[test]
fn history() {
    shows("history", "6");
    shows("history_filter", "6f");
    shows("history_narrowed", "6f070<Enter>");
    shows("call", "6<Enter>");
    shows("call_back", "6<Enter>c");
}

#[test]
fn undo() {
    shows("undo", "7");
    shows("change", "7<Enter>");
}
