//! Workflows as the YAML that makes them.

use std::collections::BTreeSet;
use std::fmt::Display;

use crate::office::announcement::Situation;
use crate::office::document::phrases::print_phrases;
use crate::office::document::print_voices::print_voices;
use crate::office::duration;
use crate::office::workflow::action::{Action, Callback, Digits, Leave, Menu, Star, Voicemail};
use crate::office::workflow::chore::{Chore, Cleared, Conversing, Target, Urgency};
use crate::office::workflow::condition::{Condition, Test};
use crate::office::workflow::name::Next;
use crate::office::workflow::speech::Speech;
use crate::office::workflow::webhook::Webhook;
use crate::office::workflow::workflow::{Missed, Run, Scope, Step, Trigger, Workflow};

/// The keys of one workflow, a line each; `exact` tells which sound a file is.
pub(crate) fn print_workflow(workflow: &Workflow, exact: bool) -> Vec<String> {
    let mut keys = vec![format!("name: {}", quoted(&workflow.name))];
    if !workflow.active {
        keys.push("active: false".to_owned());
    }
    keys.push(format!("trigger: {}", workflow.trigger.word()));
    match &workflow.trigger {
        Trigger::CustomerCalled | Trigger::CallEntered | Trigger::AgentCalled | Trigger::Module => {
        }
        Trigger::CallQueued { delay, repeat } => {
            keys.push(format!("delay: {}", duration::print(*delay)));
            keys.push(format!("repeat: {repeat}"));
        }
        Trigger::CallEnded { delay, scope, missed } => {
            keys.push(format!("delay: {}", duration::print(*delay)));
            let scope = match scope {
                Scope::All => "all",
                Scope::Entered => "entered",
                Scope::NotEntered => "not_entered",
            };
            keys.push(format!("scope: {scope}"));
            let words = Missed::ALL.into_iter().filter(|(one, _)| missed.contains(one));
            let words: Vec<&str> = words.map(|(_, word)| word).collect();
            keys.push(format!("missed: [{}]", words.join(", ")));
        }
    }
    keys.push(match &workflow.run {
        Run::Always => "run: always".to_owned(),
        Run::InHours(name) => format!("run: {{in_hours: {}}}", quoted(name)),
        Run::OutsideHours(name) => format!("run: {{outside_hours: {}}}", quoted(name)),
    });
    if !workflow.only.0.is_empty() {
        keys.push(format!("only: {}", condition(&workflow.only)));
    }
    keys.push("steps:".to_owned());
    keys.extend(workflow.steps.iter().map(|step| format!("  - {{{}}}", print_step(step, exact))));
    keys
}

fn print_step(step: &Step, exact: bool) -> String {
    let mut text = format!("name: {}, {}", quoted(&step.name), action(&step.action, exact));
    if let Some(to) = &step.next {
        text += &format!(", next: {}", next(to));
    }
    text
}

fn action(action: &Action, exact: bool) -> String {
    match action {
        Action::Say(words) => format!("say: {}", speech(words, exact)),
        Action::Menu(menu) => format!("menu: {}", print_menu(menu, exact)),
        Action::Digits(digits) => format!("digits: {}", print_digits(digits, exact)),
        Action::Branch { arms, otherwise } => {
            let arm = |when: &Condition, to: &Next| {
                format!("{{when: {}, to: {}}}", condition(when), next(to))
            };
            let arms: Vec<String> = arms.iter().map(|one| arm(&one.when, &one.to)).collect();
            format!("branch: [{}], otherwise: {}", arms.join(", "), next(otherwise))
        }
        Action::Quick(quick) => {
            let one = quick.iter().map(|quick| {
                format!("{{when: {}, {}}}", condition(&quick.when), print_chore(&quick.chore))
            });
            format!("quick: [{}]", one.collect::<Vec<_>>().join(", "))
        }
        Action::Do(chore) => print_chore(chore),
        Action::Connect { unavailable } => {
            format!("connect: {{unavailable: {}}}", next(unavailable))
        }
        Action::HangUp(Leave::Missed) => "hang_up: missed".to_owned(),
        Action::HangUp(Leave::Done) => "hang_up: done".to_owned(),
        Action::Callback(callback) => format!("callback: {}", print_callback(callback, exact)),
        Action::Voicemail(voicemail) => format!("voicemail: {}", print_voicemail(voicemail, exact)),
        Action::Module(name) => format!("module: {}", quoted(name)),
        Action::Webhook(webhook) => format!("webhook: {}", print_webhook(webhook)),
    }
}

fn print_webhook(webhook: &Webhook) -> String {
    let wait = webhook.wait.as_ref().map(|wait| {
        format!(", wait: {}, failed: {}", duration::print(wait.limit), next(&wait.failed))
    });
    format!("{{url: {}{}}}", quoted(&webhook.url), wait.unwrap_or_default())
}

fn print_menu(menu: &Menu, exact: bool) -> String {
    let keys: Vec<String> =
        menu.keys.iter().map(|(key, to)| format!("\"{key}\": {}", next(to))).collect();
    let star = match menu.star {
        Star::Repeat => "repeat",
        Star::Start => "start",
        Star::Wait => "wait",
        Star::Inactive => "inactive",
    };
    let mut text = format!(
        "{{say: {}, keys: {{{}}}, star: {star}, wait: {}, tries: {}, barge_in: {}",
        speech(&menu.say, exact),
        keys.join(", "),
        duration::print(menu.wait),
        menu.tries,
        menu.barge_in,
    );
    if let Some(words) = &menu.invalid {
        text += &format!(", invalid: {}", speech(words, exact));
    }
    text + &silent(menu.silent.as_ref()) + "}"
}

fn print_digits(digits: &Digits, exact: bool) -> String {
    let text = format!(
        "{{say: {}, field: {}, least: {}, most: {}, wait: {}, tries: {}, required: {}",
        speech(&digits.say, exact),
        quoted(&digits.field),
        digits.least,
        digits.most,
        duration::print(digits.wait),
        digits.tries,
        digits.required,
    );
    text + &silent(digits.silent.as_ref()) + "}"
}

fn print_voicemail(voicemail: &Voicemail, exact: bool) -> String {
    format!(
        "{{say: {}, limit: {}, silence: {}, thanks: {}}}",
        speech(&voicemail.say, exact),
        duration::print(voicemail.limit),
        duration::print(voicemail.silence),
        speech(&voicemail.thanks, exact),
    )
}

fn print_callback(callback: &Callback, exact: bool) -> String {
    let number = callback.number_of.as_ref();
    let number = number.map(|field| format!("number_of: {}, ", quoted(field))).unwrap_or_default();
    format!(
        "{{{number}tries: {}, pause: {}, thanks: {}, unavailable: {}}}",
        callback.tries,
        duration::print(callback.pause),
        speech(&callback.thanks, exact),
        next(&callback.unavailable),
    )
}

fn silent(to: Option<&Next>) -> String {
    to.map(|to| format!(", silent: {}", next(to))).unwrap_or_default()
}

fn speech(words: &Speech, exact: bool) -> String {
    match words {
        Speech::BuiltIn(Situation::Greeting) => "greeting".to_owned(),
        Speech::BuiltIn(Situation::AllBusy) => "all_busy".to_owned(),
        Speech::BuiltIn(Situation::Recording) => "recording".to_owned(),
        Speech::BuiltIn(Situation::Closed) => "closed".to_owned(),
        Speech::Prompt(prompt) => prompt.name().to_owned(),
        Speech::Phrases(phrases) => print_phrases(phrases),
        Speech::Own(voices) => print_voices(voices, exact),
    }
}

fn print_chore(chore: &Chore) -> String {
    match chore {
        Chore::Assign(Target::Team(team)) => format!("assign: {{team: {}}}", quoted(team)),
        Chore::Assign(Target::Agent(agent)) => format!("assign: {{agent: {}}}", quoted(agent)),
        Chore::Clear(Cleared::Team) => "clear: team".to_owned(),
        Chore::Clear(Cleared::Agent) => "clear: agent".to_owned(),
        Chore::Clear(Cleared::Both) => "clear: both".to_owned(),
        Chore::Tag(tags) => format!("tag: {}", list(tags)),
        Chore::Untag(tags) => format!("untag: {}", list(tags)),
        Chore::TagCustomer(tags) => format!("tag_customer: {}", list(tags)),
        Chore::Urgency(Urgency::Low) => "priority: low".to_owned(),
        Chore::Urgency(Urgency::Medium) => "priority: medium".to_owned(),
        Chore::Urgency(Urgency::High) => "priority: high".to_owned(),
        Chore::Follow(agents) => format!("follow: {}", list(agents)),
        Chore::Note(text) => format!("note: {}", quoted(text)),
        Chore::Describe(text) => format!("describe: {}", quoted(text)),
        Chore::Language(language) => format!("language: {language}"),
        Chore::Conversation(Conversing::Open) => "conversation: open".to_owned(),
        Chore::Conversation(Conversing::Close) => "conversation: close".to_owned(),
        Chore::Conversation(Conversing::Snooze(time)) => {
            format!("conversation: {{snooze: {}}}", duration::print(*time))
        }
    }
}

fn condition(condition: &Condition) -> String {
    let tests: Vec<String> = condition.0.iter().map(test).collect();
    // A time zone stands once, however many tests are read on its clock.
    let zone = condition.timezone().map(|zone| format!("timezone: {}", quoted(&zone)));
    let tests: Vec<String> = tests.into_iter().chain(zone).collect();
    format!("{{{}}}", tests.join(", "))
}

fn test(test: &Test) -> String {
    match test {
        Test::Open(name) => format!("hours: {}", quoted(name)),
        Test::Closed(name) => format!("closed: {}", quoted(name)),
        Test::Number(numbers) => format!("number: {}", list(numbers)),
        Test::Caller(prefixes) => format!("caller: {}", list(prefixes)),
        Test::Country(codes) => {
            let codes = codes.iter().map(|code| format!("+{code}"));
            format!("country: {}", list(&codes.collect::<BTreeSet<_>>()))
        }
        Test::Language(languages) => format!("language: {}", list(languages)),
        Test::Known(true) => "customer: known".to_owned(),
        Test::Known(false) => "customer: new".to_owned(),
        Test::CustomerTags(tags) => format!("customer_tags: {}", list(tags)),
        Test::Tags(tags) => format!("tags: {}", list(tags)),
        Test::Time { from, to, .. } => format!("time: \"{from}-{to}\""),
        Test::Weekday { days, .. } => format!("days: [{days}]"),
        Test::Queue { team, at_least } => {
            format!("queue: {{team: {}, at_least: {at_least}}}", quoted(team))
        }
        Test::Wait { team, at_least } => {
            let wait = duration::print(*at_least);
            format!("expected_wait: {{team: {}, at_least: {wait}}}", quoted(team))
        }
        Test::Field { name, values } => format!("field: {}, is: {}", quoted(name), list(values)),
    }
}

fn next(to: &Next) -> String {
    match to {
        Next::Step(name) => quoted(name),
        Next::End => "end".to_owned(),
    }
}

fn list<T: Display>(words: &BTreeSet<T>) -> String {
    let words: Vec<String> = words.iter().map(quoted).collect();
    format!("[{}]", words.join(", "))
}

/// JSON's strings are YAML's double-quoted ones.
fn quoted(text: &impl Display) -> String {
    serde_json::Value::from(text.to_string()).to_string()
}
