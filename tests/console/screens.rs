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
    shows("number", "2<Down><Enter>");
    shows("number_change", "2<Down><Enter><Enter>");
    shows("number_fault", "2<Down><Enter><Down><Down><Enter>9");
    shows("number_compared", "2<Down><Enter><Enter><Right>");
    shows("number_saved_at_once", "2<Down><Enter><Enter><Right><Enter>");
    shows("number_voices", "2<Down><Enter><End><Up><Up><Enter>");
    shows("number_voice", "2<Down><Enter><End><Up><Up><Enter><Down><Down><Enter>");
    shows("number_voice_of_a_file", "2<Down><Enter><End><Up><Up><Up><Up><Enter><Down><Enter>");
    shows("number_heard", "2<Down><Enter><End><Up><Up><Enter>p");
    shows("number_document", "2<Down><Enter><End><Enter>계약서.pdf<Down><Right>");
    shows("number_claim", "2n");
    shows("number_copy", "2c <Down>");
    shows("number_copied", "2c <Down><Enter>");
    shows("number_give_up", "2x");
    shows_in("numbers_read_only", "2", World::default, false);
}

#[test]
fn people() {
    shows("people", "3");
    shows("person", "3<Down><Enter>");
    shows("person_devices", "3p");
    shows("person_state", "3s<Right>");
    shows("person_device", "3p<Enter><Right>");
    shows("team", "3<Tab><Enter>");
    shows("team_new", "3t");
}

#[test]
fn trunks() {
    shows("trunks", "4");
    shows("trunk", "4<Enter>");
    shows(
        "trunk_encrypted",
        "4<Enter><End><Down><Down><Down><Down><Down><Down><Down><Down><Down><Down><Down><Down><Right>",
    );
    shows("trunk_test", "4t");
    shows_in("trunks_read_only", "4<Down>t", World::default, false);
}

#[test]
fn rules() {
    shows("rules", "5");
    shows("rules_change", "5<Down><Down><Down><Enter>");
    shows("bells", "5<Tab><Tab><Tab><Tab>");
    shows("bell_change", "5<Tab><Tab><Tab><Tab><Enter><Down><Right>");
    shows("bell_new", "5<Tab><Tab><Tab><Tab>n07:30");
    shows("bell_fault", "5<Tab><Tab><Tab><Tab>n7");
    shows("bell_remove", "5<Tab><Tab><Tab><Tab>x");
    shows_in("bells_none", "5<Tab><Tab><Tab><Tab>", World::empty, true);
    shows("bans", "5<Tab><Tab><Tab><Tab><Tab>");
    shows_in("bans_read_only", "5<Tab><Tab><Tab><Tab><Tab>", World::default, false);
}

#[test]
fn history() {
    shows("history", "6");
    shows("history_filter", "6f");
    shows("history_narrowed", "6f070<Enter>");
    shows("call", "6<Enter>");
    shows("call_back", "6<Enter>c");
    shows("call_sip", "6<Enter>s");
}

#[test]
fn figures() {
    shows("figures", "6<Tab><Tab><Tab>");
    shows("figures_further", "6<Tab><Tab><Tab><PageDown>");
    shows("figures_end", "6<Tab><Tab><Tab>p<End>");
    shows("figures_filter", "6<Tab><Tab><Tab>f");
    shows("figures_narrowed", "6<Tab><Tab><Tab>f2026-11-19<Down><Down><Right><Enter>");
}

#[test]
fn recordings() {
    shows("recordings", "6<Tab>");
    shows("recording_delete", "6<Tab>x");
    shows("recording_play", "6<Tab>p");
    shows("voicemail", "6<Tab><Tab>");
    shows("voicemail_delete", "6<Tab><Tab>x");
    shows_in("voicemail_read_only", "6<Tab><Tab>", World::default, false);
}

#[test]
fn undo() {
    shows("undo", "7");
    shows("change", "7<Enter>");
}

#[test]
fn conversations() {
    shows("missed", "8");
    shows("missed_marked", "8 <Down> x");
    shows("missed_all_marked", "8*");
    shows("missed_all_snoozed", "8*z");
    shows("missed_all_noted", "8*n<Enter>");
    shows("conversations_marked", "8<Tab> <Down> x");
    shows("missed_called_back", "8c<Enter>");
    shows("myself", "8c");
    shows_in("missed_read_only", "8", World::default, false);
    shows("conversation", "8<Enter>");
    shows("conversation_note", "8n단가를 다시 보냄");
    shows("conversation_long_note", &format!("8n{}", "단가를 다시 보냄. ".repeat(60)));
    shows("conversation_note_in_full", "8<Enter><Down><Enter>");
    shows("conversation_tags", "8t");
    shows("conversation_snooze", "8z");
    shows("conversation_assign", "8<Down>a");
    shows("conversations", "8<Tab>");
    shows("conversations_filter", "8<Tab>f");
    shows("conversations_narrowed", "8<Tab>f<Right><Enter>");
    shows("conversations_mine", "8<Tab>i<Enter>");
}

#[test]
fn cases() {
    shows("cases", "8<Tab><Tab><Tab>");
    shows("cases_filter", "8<Tab><Tab><Tab>f");
    shows("cases_narrowed", "8<Tab><Tab><Tab>f<Down><Down><Right><Enter>");
}

#[test]
fn customers() {
    shows("customers", "8<Tab><Tab>");
    shows("customers_blocked", "8<Tab><Tab>f<Down><Left><Enter>");
    shows("customer", "8<Tab><Tab><Enter>");
    shows("customer_profile", "8<Tab><Tab>e");
    shows("customer_merge", "8<Tab><Tab><Enter>g");
    shows("customer_forget", "8<Tab><Tab><Enter>x");
}

#[test]
fn hours() {
    shows("hours", "5<Tab>");
    shows("hours_closed_by_hand", "5<Tab><Down>c");
    shows("hours_week", "5<Tab><Down><Enter>");
    shows("hours_week_of_a_holiday", "5<Tab><Down><Enter><Right><Down><Down>");
    shows("hours_week_over_midnight", "5<Tab><Down><Down><Enter>");
    shows("hours_always", "5<Tab><Home><Enter>");
    shows("hours_change", "5<Tab><Down><Enter><Enter>");
    shows(
        "hours_compared",
        "5<Tab><Down><Enter><Up><Enter><Backspace><Backspace><Backspace><Backspace>6:00",
    );
    shows("hours_fault", "5<Tab><Down><Enter><Enter>, 17:00-19:00");
    shows("hours_holidays", "5<Tab><Down><Enter>h");
    shows("hours_holiday_file", "5<Tab><Down><Enter>hi");
    shows("hours_holiday_removed", "5<Tab><Down><Enter>h<Down><Down>x");
    shows("hours_new_holiday", "5<Tab><Down><Enter>hn2026-12-24<Down><Down><Down>성탄 전날");
    shows("hours_new_holiday_fault", "5<Tab><Down><Enter>hn2026-12");
    shows("hours_new", "5<Tab>n창고<Down>09:00-18:00");
    shows_in("hours_read_only", "5<Tab>", World::default, false);
}

#[test]
fn workflows() {
    shows("workflows", "5<Tab><Tab>");
    shows("workflow", "5<Tab><Tab><Enter>");
    shows("workflow_of_another_version", "5<Tab><Tab><Enter>v");
    shows("workflow_on", "5<Tab><Tab><Down>o");
    shows("workflow_written", "5<Tab><Tab>e");
    shows("workflow_saved", "5<Tab><Tab>e<Enter>");
    shows("workflow_dropped", "5<Tab><Tab>e<Esc>");
    shows_in("workflow_misspelt", "5<Tab><Tab><Enter>e", World::misspelt, true);
    shows("workflow_later", "5<Tab><Tab>]");
    shows("workflow_remove", "5<Tab><Tab>x");
    shows_in("workflows_none", "5<Tab><Tab>", World::empty, true);
}

/// An office that has nothing yet says what each list is for.
#[test]
fn empty_lists() {
    for (name, keys) in [
        ("numbers", "2"),
        ("people", "3"),
        ("trunks", "4"),
        ("bans", "5<Tab><Tab><Tab><Tab><Tab>"),
        ("sounds", "5<Tab><Tab><Tab>"),
        ("history", "6"),
        ("recordings", "6<Tab>"),
        ("voicemail", "6<Tab><Tab>"),
        ("undo", "7"),
        ("missed", "8"),
        ("conversations", "8<Tab>"),
        ("customers", "8<Tab><Tab>"),
        ("cases", "8<Tab><Tab><Tab>"),
    ] {
        shows_in(&format!("{name}_none"), keys, World::empty, true);
    }
    shows_in("missed_down", "8", World::down, true);
    shows("numbers_search_none", "2/zzz");
    shows("phones_none", "3<Down><Down>p");
}

#[test]
fn sounds() {
    shows("sounds", "5<Tab><Tab><Tab>");
    shows("sounds_remove", "5<Tab><Tab><Tab><Down>x");
}
