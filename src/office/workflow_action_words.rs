//! What a step of a workflow does and says, in people's words.

use std::time::Duration;

use crate::office::announcement::{Situation, Voice};
use crate::office::closed_words::{listed, priority};
use crate::office::condition_words::condition;
use crate::office::duration;
use crate::office::language::Language;
use crate::office::workflow::action::{
    Action, Callback, Digits, Leave, Menu, Quick, Star, Voicemail,
};
use crate::office::workflow::chore::{Chore, Cleared, Conversing, Target};
use crate::office::workflow::phrase::{Figure, Phrase};
use crate::office::workflow::speech::Speech;
use crate::office::workflow::webhook::Webhook;
use crate::words::Words;

/// What a step does, without where it leads.
#[must_use]
pub fn does(action: &Action) -> Words {
    match action {
        Action::Say(words) => after("말하기:", "say:", &[speech(words)]),
        Action::Menu(menu) => told_menu(menu),
        Action::Digits(digits) => told_digits(digits),
        Action::Branch { .. } => Words::new("갈림길", "branch"),
        Action::Quick(quick) => {
            Words::joined(&quick.iter().map(told_quick).collect::<Vec<_>>(), "; ")
        }
        Action::Do(it) => chore(it),
        Action::Connect { .. } => Words::new("담당자에게 연결", "connect to whoever is assigned"),
        Action::HangUp(Leave::Missed) => {
            Words::new("끊고 부재중으로 남김", "hang up, left as missed")
        }
        Action::HangUp(Leave::Done) => Words::new("끊고 마침", "hang up, nothing left to do"),
        Action::Callback(callback) => told_callback(callback),
        Action::Voicemail(voicemail) => told_voicemail(voicemail),
        Action::Module(name) => {
            Words::new(format!("워크플로우 '{name}' 부르기"), format!("run workflow '{name}'"))
        }
        Action::Webhook(webhook) => told_webhook(webhook),
    }
}

fn told_quick(quick: &Quick) -> Words {
    let (when, does) = (condition(&quick.when), chore(&quick.chore));
    Words::new(format!("{}이면 {}", when.ko, does.ko), format!("if {}: {}", when.en, does.en))
}

fn told_webhook(webhook: &Webhook) -> Words {
    let url = Words::same(webhook.url.to_string());
    let wait = webhook.wait.as_ref().map_or_else(
        || Words::same(""),
        |wait| {
            let limit = duration::words(wait.limit);
            Words::new(
                format!("답을 {} 기다림", limit.ko),
                format!("waits {} for an answer", limit.en),
            )
        },
    );
    after("다른 시스템에 알림:", "tell another system:", &[url, wait])
}

fn after(ko: &str, en: &str, parts: &[Words]) -> Words {
    let told = Words::joined(parts, ", ");
    Words::new(format!("{ko} {}", told.ko), format!("{en} {}", told.en))
}

fn tries(count: u8) -> Words {
    Words::new(format!("{count}번까지"), format!("{count} tries"))
}

fn waits(wait: Duration) -> Words {
    let wait = duration::words(wait);
    Words::new(format!("{} 기다림", wait.ko), format!("waits {}", wait.en))
}

fn told_menu(menu: &Menu) -> Words {
    let star = match menu.star {
        Star::Repeat => Words::same(""),
        Star::Start => Words::new("*는 처음으로", "* begins anew"),
        Star::Wait => Words::new("*는 계속 기다림", "* goes on waiting"),
        Star::Inactive => Words::new("*는 쓰지 않음", "* does nothing"),
    };
    let patient = if menu.barge_in {
        Words::same("")
    } else {
        Words::new("끝까지 들어야 누를 수 있음", "keys count after the last word")
    };
    let invalid = menu.invalid.as_ref().map_or_else(
        || Words::same(""),
        |words| after("틀린 번호에는", "a wrong key hears", &[speech(words)]),
    );
    let parts = [speech(&menu.say), waits(menu.wait), tries(menu.tries), star, patient, invalid];
    after("메뉴:", "menu:", &parts)
}

fn told_digits(digits: &Digits) -> Words {
    let (least, most) = (digits.least, digits.most);
    let count = Words::new(
        format!("'{}' {least}~{most}자리", digits.field),
        format!("'{}' of {least} to {most} digits", digits.field),
    );
    let free = if digits.required {
        Words::same("")
    } else {
        Words::new("건너뛸 수 있음", "may be skipped")
    };
    let parts = [count, speech(&digits.say), waits(digits.wait), tries(digits.tries), free];
    after("번호 입력:", "asks for", &parts)
}

fn told_voicemail(voicemail: &Voicemail) -> Words {
    let (limit, silence) = (duration::words(voicemail.limit), duration::words(voicemail.silence));
    let limit = Words::new(format!("{}까지", limit.ko), format!("up to {}", limit.en));
    let silence = Words::new(
        format!("{} 조용하면 끝", silence.ko),
        format!("over after {} of silence", silence.en),
    );
    let thanks = after("마지막에", "then", &[speech(&voicemail.thanks)]);
    after("음성 메시지:", "voicemail:", &[speech(&voicemail.say), limit, silence, thanks])
}

fn told_callback(callback: &Callback) -> Words {
    let number = callback.number_of.as_ref().map_or_else(
        || Words::same(""),
        |field| {
            Words::new(
                format!("입력한 '{field}' 번호로"),
                format!("to the number typed as '{field}'"),
            )
        },
    );
    let pause = duration::words(callback.pause);
    let pause = Words::new(format!("{} 간격", pause.ko), format!("{} apart", pause.en));
    let thanks = speech(&callback.thanks);
    after(
        "다시 걸기로 약속:",
        "promise a call back:",
        &[number, tries(callback.tries), pause, thanks],
    )
}

/// What is said, by its name.
#[must_use]
pub fn speech(words: &Speech) -> Words {
    match words {
        Speech::BuiltIn(Situation::Greeting) => Words::new("인사말", "the greeting"),
        Speech::BuiltIn(Situation::AllBusy) => Words::new("모두 통화 중", "all are busy"),
        Speech::BuiltIn(Situation::Recording) => Words::new("녹음 알림", "it is recorded"),
        Speech::BuiltIn(Situation::Closed) => Words::new("운영시간이 아님", "we are closed"),
        Speech::Prompt(prompt) => Words::new(
            format!("기본 안내 '{}'", prompt.name()),
            format!("built-in '{}'", prompt.name()),
        ),
        Speech::Phrases(phrases) => {
            Words::joined(&phrases.iter().map(phrase).collect::<Vec<_>>(), " + ")
        }
        Speech::Own(voices) => {
            let one = |(spoken, voice): (&Language, &Voice)| {
                let spoken = spoken.name();
                let voice = told_voice(voice);
                Words::new(
                    format!("{} {}", spoken.ko, voice.ko),
                    format!("{} {}", spoken.en, voice.en),
                )
            };
            Words::joined(&voices.iter().map(one).collect::<Vec<_>>(), ", ")
        }
    }
}

/// Where the words come from.
#[must_use]
pub fn told_voice(voice: &Voice) -> Words {
    match voice {
        Voice::BuiltIn => Words::new("기본 목소리", "built-in voice"),
        Voice::File(recording) => Words::same(format!("'{}'", recording.name)),
        Voice::Text(spoken) => Words::same(format!("“{}” ({})", spoken.text, spoken.voice)),
    }
}

fn phrase(phrase: &Phrase) -> Words {
    let figure = |figure: &Figure| match figure {
        Figure::Written(text) => Words::same(text),
        Figure::Field(name) => Words::new(format!("입력한 '{name}'"), format!("typed '{name}'")),
    };
    match phrase {
        Phrase::Prompt(prompt) => Words::same(format!("'{}'", prompt.name())),
        Phrase::Place => Words::new("순서", "place in the queue"),
        Phrase::Wait => Words::new("예상 대기", "expected wait"),
        Phrase::Time => Words::new("시각", "time"),
        Phrase::Date => Words::new("날짜", "date"),
        Phrase::Digits(it) => after("한 자리씩", "digits", &[figure(it)]),
        Phrase::Number(it) => after("숫자", "number", &[figure(it)]),
    }
}

fn chore(chore: &Chore) -> Words {
    let of = |ko: &str, en: &str, values: String| {
        Words::new(format!("{ko} {values}"), format!("{en} {values}"))
    };
    match chore {
        Chore::Assign(Target::Team(team)) => {
            Words::new(format!("팀 '{team}'에 배정"), format!("give to team '{team}'"))
        }
        Chore::Assign(Target::Agent(agent)) => {
            Words::new(format!("매니저 {agent}에게 배정"), format!("give to agent {agent}"))
        }
        Chore::Clear(Cleared::Team) => Words::new("팀 배정 지우기", "take from its team"),
        Chore::Clear(Cleared::Agent) => Words::new("담당자 지우기", "take from its agent"),
        Chore::Clear(Cleared::Both) => Words::new("배정 지우기", "take from team and agent"),
        Chore::Tag(tags) => of("태그", "tag", listed(tags)),
        Chore::Untag(tags) => of("태그 떼기", "untag", listed(tags)),
        Chore::TagCustomer(tags) => of("고객 태그", "tag the customer", listed(tags)),
        Chore::Urgency(urgency) => after("우선순위", "priority", &[priority(urgency.priority())]),
        Chore::Follow(agents) => of("함께 볼 사람", "followed by", listed(agents)),
        Chore::Note(text) => of("메모", "note", format!("“{text}”")),
        Chore::Describe(text) => of("설명", "describe as", format!("“{text}”")),
        Chore::Language(it) => after("언어", "speak", &[it.name()]),
        Chore::Conversation(Conversing::Open) => Words::new("상담 열기", "open the conversation"),
        Chore::Conversation(Conversing::Close) => Words::new("상담 닫기", "close the conversation"),
        Chore::Conversation(Conversing::Snooze(time)) => {
            let time = duration::words(*time);
            Words::new(format!("상담 {} 미루기", time.ko), format!("snooze it for {}", time.en))
        }
    }
}
