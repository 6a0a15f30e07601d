use naru::office::change::changes::changes;
use naru::office::document::document::parse;
use naru::office::document::print::print;
use naru::office::route::Route;
use naru::office::workflow::name::WorkflowName;
use naru::office::workflow::workflow::{Kind, Trigger};

/// Every trigger, every action and every condition at least once.
pub(crate) const OFFICE: &str = r##"
agents: [{extension: "101", name: Kim}, {extension: "102", name: Lee}]
teams: [{name: sales, members: ["101"]}, {name: support, members: ["102"]}]
trunks: [{name: t, peer: "192.0.2.1:5060", blocks: ["+827012345600-+827012345699"]}]
numbers: [{number: "+827012345678", route: {workflow: main}}, {number: "+827012345679", route: off}]
workflows:
  - name: main
    trigger: customer_called
    only: {number: "+827012345678", country: ["+82", "81"], language: [ko, ja], caller: "+82", customer: new}
    steps:
      - {name: welcome, say: [hold, date, time, {digits: "1588-0000"}, {number: 7}], next: hours}
      - name: hours
        branch:
          - {when: {time: "09:00-18:00", days: [mon, fri], timezone: Asia/Tokyo}, to: menu}
          - {when: {customer_tags: [vip], tags: loud}, to: sales}
          - {when: {queue: {team: support, at_least: 3}}, to: closed}
          - {when: {expected_wait: {team: support, at_least: 2m}}, to: closed}
        otherwise: closed
      - name: menu
        menu: {say: greeting, keys: {"1": sales, "2": support, "#": order, "0": welcome}, star: start, wait: 7s, tries: 2, barge_in: false, invalid: all_busy, silent: support}
      - {name: order, digits: {say: greeting, field: order number, least: 4, most: 8, required: false}, next: known}
      - name: known
        quick: [{when: {field: order number, is: ["1234", "5678"]}, priority: high}, {when: {}, tag: [order]}]
        next: sales
      - {name: sales, say: [{digits_of: order number}, {number_of: order number}], next: sale}
      - {name: sale, assign: {team: sales}, next: try sales}
      - {name: try sales, connect: {unavailable: clear}}
      - {name: clear, clear: team, next: kim}
      - {name: kim, assign: {agent: "101"}, next: survey}
      - {name: survey, module: survey, next: ask}
      - {name: ask, webhook: {url: "http://crm.example:8080/naru?q=1", wait: 5s, failed: end}, next: tell}
      - {name: tell, webhook: {url: "http://crm"}, next: end}
      - {name: support, assign: {team: support}, next: leave}
      - {name: closed, say: closed}
      - {name: leave, voicemail: {say: hold, limit: 90s, silence: 3s, thanks: goodbye}}
  - {name: survey, trigger: module, steps: [{name: q, menu: {say: greeting, keys: {"1": end}}}]}
  - {name: entered, trigger: call_entered, steps: [{name: t, tag: [new, "한글"], next: u}, {name: u, untag: old, next: c}, {name: c, tag_customer: seen, next: f}, {name: f, follow: ["101"], next: n}, {name: n, note: "a \"b\"", next: d}, {name: d, describe: "한 줄", next: end}]}
  - {name: waiting, trigger: call_queued, delay: 45s, repeat: 5, steps: [{name: r, say: [queue_still, place, wait], next: s}, {name: s, menu: {say: all_busy, keys: {"1": bye}, star: wait}}, {name: bye, hang_up: done}]}
  - {name: offer, trigger: call_queued, steps: [{name: d, digits: {say: enter_number, field: back}, next: c}, {name: c, callback: {number_of: back, tries: 3, pause: 90s, thanks: goodbye, unavailable: e}}, {name: e, callback: }]}
  - {name: out, active: false, trigger: agent_called, steps: [{name: p, priority: low, next: end}]}
  - {name: after, trigger: call_ended, delay: 72h, scope: not_entered, missed: [user_left, workflow], steps: [{name: z, conversation: {snooze: 1h}, next: o}, {name: o, conversation: open, next: end}]}
"##;

#[test]
fn workflows_are_read_as_they_are_written_and_printed_again() {
    let office = parse(OFFICE, None).unwrap();
    let names: Vec<&str> = office.workflows.iter().map(|w| w.name.0.as_str()).collect();
    assert_eq!(
        names,
        ["main", "survey", "entered", "waiting", "offer", "out", "after"],
        "L84: in order"
    );
    let number = office.numbers.values().next().unwrap();
    assert_eq!(number.route, Route::Workflow(WorkflowName("main".to_owned())), "S89");
    let kinds: Vec<Kind> = office.workflows.iter().map(|w| w.kind()).collect();
    let (one, all) = (Kind::OnlyOne, Kind::Always);
    assert_eq!(kinds, [one, one, all, one, one, all, all], "L203");

    let printed = print(&office, true);
    let again = parse(&printed, None);
    assert_eq!(again.as_ref(), Ok(&office), "{printed}");
    assert!(changes(&office, &again.unwrap()).is_empty());
}

#[test]
fn a_voicemail_may_leave_everything_out_and_refuses_what_it_cannot_keep() {
    // L98
    let short = OFFICE.replace("{say: hold, limit: 90s, silence: 3s, thanks: goodbye}", "");
    let usual = OFFICE.replace(
        "{say: hold, limit: 90s, silence: 3s, thanks: goodbye}",
        "{say: voicemail, limit: 3m, silence: 5s, thanks: voicemail_saved}",
    );
    assert_eq!(parse(&short, None).unwrap(), parse(&usual, None).unwrap());
    for (part, by, words) in [
        ("limit: 90s", "limit: 11m", "write 10s to 10m"),
        ("silence: 3s", "silence: 1s", "write 2s to 1m"),
        ("say: hold", "say: hello", "the name of a built-in sentence"),
        ("silence: 3s", "tone: off", "unknown key"),
    ] {
        let faults = parse(&OFFICE.replace(part, by), None).unwrap_err();
        assert!(faults.iter().any(|fault| fault.message.en.contains(words)), "{by}: {faults:?}");
    }
}

#[test]
fn what_is_said_must_be_known_by_then() {
    for (words, why) in [
        ("place", "only in call_queued workflows"),
        ("[wait]", "only in call_queued workflows"),
        ("{digits_of: colour}", "no digits step asks for 'colour'"),
        ("greeting}, {name: b, callback: {number_of: x}", "callback is for callers who wait"),
        ("[]", "write a list of built-in sentences"),
        ("[tomorrow]", "write a list of built-in sentences"),
        ("{number: 10000}", "write 0 to 9999"),
        ("{digits: call me}", "write digits"),
        ("{digits: \"1\", number: 1}", "write one of digits"),
    ] {
        let told = faults("customer_called", &format!("{{name: a, say: {words}}}"));
        assert!(told.iter().any(|(_, told)| told.contains(why)), "{words}: {told:?}");
    }
}

#[test]
fn a_change_of_a_step_is_told_by_its_name() {
    let before = parse(OFFICE, None).unwrap();
    let after = parse(&OFFICE.replacen("closed, say: closed", "closed, say: all_busy", 1), None);
    let told = changes(&before, &after.unwrap());
    let told: Vec<&str> = told.iter().map(|change| change.words.en.as_str()).collect();
    assert_eq!(told, ["workflow 'main', step 'closed': say: we are closed → say: all are busy"]);
    let (old, new) = (&before.workflows[0], before.workflows[0].version());
    assert_eq!(old.version(), new, "L205: the version is that of the text");
    assert_ne!(before.workflows[1].version(), new);
}

/// `steps` of a workflow with this trigger, on line 4 and below; the faults by line.
fn faults(trigger: &str, steps: &str) -> Vec<(u64, String)> {
    let text = format!(
        "teams: [{{name: sales}}]\nworkflows:\n  - {{name: w, trigger: {trigger}, steps: [\n{steps}]}}\n"
    );
    let told = parse(&text, None).unwrap_err();
    assert!(told.iter().all(|fault| !fault.message.ko.is_empty()));
    told.into_iter().map(|fault| (fault.line, fault.message.en)).collect()
}

fn refused(trigger: &str, steps: &str, line: u64, words: &str) {
    let told = faults(trigger, steps);
    assert_eq!(told.len(), 1, "{told:?}");
    assert_eq!(told[0].0, line, "{told:?}");
    assert!(told[0].1.contains(words), "{told:?}");
}

#[test]
fn what_would_leave_a_caller_standing_is_refused_with_line_and_step() {
    let called = "customer_called";
    refused(called, "", 3, "it has no steps");
    refused(called, "{name: a, say: greeting, next: b}", 4, "step 'a': there is no step 'b'");
    refused(called, "{name: a, assign: {team: sales}}", 4, "step 'a': a dead end");
    refused(
        called,
        "{name: a, hang_up: missed, next: end}",
        4,
        "step 'a': this action has no next",
    );
    refused(called, "{name: a, say: greeting},\n{name: b, say: closed}", 5, "step 'b': nobody can");
    // Two messages that follow each other for ever: neither has an exit.
    let told =
        faults(called, "{name: a, say: greeting, next: b},\n{name: b, say: closed, next: a}");
    assert!(told.len() == 2 && told.iter().all(|(_, words)| words.contains("loop without exit")));
    // An exit that only a key opens does not help who presses none.
    let silent = "{name: a, menu: {say: greeting, keys: {\"1\": end}, silent: b}},\n{name: b, say: closed, next: a}";
    refused(called, silent, 4, "step 'a': a loop: a caller who presses no key");
    // L113: A → B → A does not work.
    let ping = "{name: a, connect: {unavailable: b}},\n{name: b, connect: {unavailable: a}}";
    refused(called, ping, 4, "step 'a': a loop");
}

#[test]
fn what_belongs_elsewhere_is_refused() {
    refused("call_entered", "{name: a, say: greeting, next: end}", 4, "nobody listens");
    refused("agent_called", "{name: a, hang_up: done}", 4, "nobody listens");
    let wait = "{name: a, menu: {say: greeting, keys: {\"1\": end}, star: wait}}";
    refused("customer_called", wait, 4, "star: wait");
    refused("call_queued", "{name: a, connect: {unavailable: end}}", 4, "use assign");
    // L79
    refused("call_entered", "{name: a, conversation: close, next: end}", 4, "call_ended");
    // L102
    refused("module", "{name: a, module: w, next: end}", 4, "a module cannot call a module");
    refused("customer_called", "{name: a, module: w, next: end}", 4, "there is no module 'w'");
    refused("customer_called", "{name: end, say: greeting}", 4, "names no step");
    refused("customer_called", "{name: a, say: greeting},\n{name: a, say: closed}", 5, "twice");
    refused("customer_called", "{name: a, say: greeting, tag: x, next: end}", 4, "exactly one");
    refused("customer_called, delay: 5s", "{name: a, say: greeting}", 3, "no such key");
    refused("call_ended, delay: 73h", "{name: a, tag: x, next: end}", 3, "write 0s to 3d");
    let key = "{name: a, menu: {say: greeting, keys: {\"*\": end, \"1\": end}}}";
    refused("customer_called", key, 4, "star says what");
}

#[test]
fn a_webhook_names_a_server_and_where_to_go_without_a_good_answer() {
    // P18
    let called = "customer_called";
    let step = |keys: &str| {
        format!("{{name: a, webhook: {{{keys}}}, next: b}}, {{name: b, hang_up: done}}")
    };
    refused(called, &step("wait: 5s, failed: b"), 4, "url");
    refused(called, &step("url: crm"), 4, "write an address as");
    refused(called, &step("url: \"http://u:p@crm/\""), 4, "write an address as");
    refused(called, &step("url: \"http://crm\", wait: 16s, failed: b"), 4, "write 1s to 15s");
    refused(called, &step("url: \"http://crm\", wait: 5s"), 4, "wait and failed together");
    refused(called, &step("url: \"http://crm\", failed: b"), 4, "wait and failed together");
    let lost = "{name: a, webhook: {url: \"http://crm\", wait: 5s, failed: no}, next: end}";
    refused(called, lost, 4, "step 'a': there is no step 'no'");
    refused(called, "{name: a, webhook: {url: \"http://crm\"}}", 4, "step 'a': a dead end");
    let waits = "{name: a, webhook: {url: \"http://crm\", wait: 5s, failed: end}, next: end}";
    refused("call_ended", waits, 4, "nobody listens under call_ended");
}

#[test]
fn a_route_leads_to_a_workflow_that_answers_customers() {
    for (from, to) in [
        ("route: {workflow: main}", "route: {workflow: gone}"),
        ("route: {workflow: main}", "route: {workflow: survey}"),
    ] {
        let told = parse(&OFFICE.replacen(from, to, 1), None).unwrap_err();
        assert_eq!(told.len(), 1, "{told:?}");
        assert_eq!((told[0].line, told[0].field.as_str()), (5, "numbers[0].route.workflow"));
    }
}

#[test]
fn an_office_holds_200_active_workflows_and_a_workflow_300_steps() {
    // L205, L207
    let workflows = |count: usize| {
        let one = |at| {
            format!(
                "  - {{name: w{at}, trigger: call_entered, steps: [{{name: a, tag: x, next: end}}]}}\n"
            )
        };
        format!("workflows:\n{}", (0..count).map(one).collect::<String>())
    };
    assert_eq!(parse(&workflows(200), None).unwrap().workflows.len(), 200);
    assert_eq!(parse(&workflows(201), None).unwrap_err()[0].line, 202);
    let steps = |count: usize| {
        let one = |at| format!("      - {{name: s{at}, tag: x, next: s{}}}\n", at + 1);
        let steps: String = (1..count).map(one).collect();
        format!(
            "workflows:\n  - name: w\n    trigger: call_entered\n    steps:\n{steps}      - {{name: s{count}, tag: x, next: end}}\n"
        )
    };
    let office = parse(&steps(300), None).unwrap();
    assert_eq!(office.workflows[0].steps.len(), 300);
    assert_eq!(office.workflows[0].trigger, Trigger::CallEntered);
    assert_eq!(parse(&steps(301), None).unwrap_err()[0].line, 305);
}

#[test]
fn a_name_has_sixty_four_characters_whatever_they_weigh() {
    // L205: Hangul counts as people count it.
    let named = |workflow: &str, step: &str| {
        parse(
            &format!(
                "workflows: [{{name: {workflow}, trigger: call_entered, steps: [{{name: {step}, tag: x, next: end}}]}}]\n"
            ),
            None,
        )
    };
    for letter in ["가", "a", "🙂"] {
        let (fits, long) = (letter.repeat(64), letter.repeat(65));
        let office = named(&fits, &fits).unwrap();
        assert_eq!(office.workflows[0].name.0, fits);
        assert_eq!(office.workflows[0].steps[0].name.0, fits);
        for (workflow, step) in [(&fits, &long), (&long, &fits)] {
            let told = named(workflow, step).unwrap_err();
            assert_eq!((told.len(), told[0].line), (1, 1), "{told:?}");
            assert!(told[0].message.en.contains("1 to 64 characters"), "{told:?}");
        }
    }
}

#[test]
fn a_workflow_that_is_switched_off_counts_for_nothing() {
    // L205: 200 active ones.
    let one = |at: usize| {
        let active = if at < 200 { "" } else { "active: false, " };
        format!(
            "  - {{name: w{at}, {active}trigger: call_entered, steps: [{{name: a, tag: x, next: end}}]}}\n"
        )
    };
    let text = format!("workflows:\n{}", (0..210).map(one).collect::<String>());
    assert_eq!(parse(&text, None).unwrap().workflows.len(), 210);
}

/// One mistake is told once: the route to a workflow that could not be read is none of its own.
#[test]
fn a_mistake_in_a_workflow_is_not_told_again_at_its_route() {
    let broken = OFFICE.replacen("{name: welcome, say: [hold, ", "{name: welcome, say: [5 5, ", 1);
    let told = parse(&broken, None);
    let told = told.unwrap_err();
    assert!(told.iter().all(|fault| fault.field.starts_with("workflows[0]")), "{told:?}");
}
