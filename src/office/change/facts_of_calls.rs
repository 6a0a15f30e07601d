//! The facts of what decides where calls go: hours, trunks, numbers, workflows.

use crate::office::announcement::{Situation, Voices};
use crate::office::change::facts::{Facts, exactly, fact, joined, name, secret, told_wrap_up};
use crate::office::closed_words::{day, encryption, number_format, priority, yes_no};
use crate::office::condition_words::condition;
use crate::office::continuation::Continuation;
use crate::office::duration;
use crate::office::hours::day_range::DayRange;
use crate::office::hours::holiday::Holiday;
use crate::office::hours::hours::Hours;
use crate::office::hours::week::Week;
use crate::office::number::{Number, Ringback};
use crate::office::number_form::Prefix;
use crate::office::route::Route;
use crate::office::trunk::{BeforeAnswer, Trunk};
use crate::office::workflow::workflow::Workflow;
use crate::office::workflow_action_words::told_voice;
use crate::office::workflow_words::{beginning, beginning_in_full, running, told_step};
use crate::words::Words;

pub(crate) fn hours_facts(hours: &Hours) -> Facts {
    let mut facts = Facts::new();
    let zone = hours.timezone.iana_name().unwrap_or_default();
    name(&mut facts, "timezone", ("시간대", "time zone"), zone);
    match &hours.week {
        None => fact(&mut facts, "week", ("주간", "week"), Words::new("언제나", "always open")),
        Some(week) => {
            for (at, word) in Week::DAYS.into_iter().enumerate() {
                let open = week.days().find(|(day, _)| *day == word);
                let told = open.map_or_else(
                    || Words::new("닫힘", "closed"),
                    |(_, ranges)| Words::same(told_ranges(ranges)),
                );
                let label = day(word);
                fact(&mut facts, format!("week.{at}"), (&label.ko, &label.en), told);
            }
        }
    }
    let public = hours.public_holidays.map(|country| country.code());
    let told = public.map_or_else(
        || Words::new("쉬지 않음", "not kept"),
        |code| Words::new(format!("{code} 공휴일에 쉼"), format!("closed on those of {code}")),
    );
    fact(&mut facts, "public_holidays", ("공휴일", "public holidays"), told);
    for holiday in &hours.holidays {
        let from = holiday.from;
        let label = Words::new(format!("휴일 {from}"), format!("holiday {from}"));
        exactly(
            &mut facts,
            &format!("holidays.{from}"),
            label,
            holiday,
            Some(told_holiday(holiday)),
        );
    }
    facts
}

/// Everything about it but its first day.
fn told_holiday(holiday: &Holiday) -> Words {
    let Holiday { from, to, name, open } = holiday;
    let until = if from == to {
        Words::same("")
    } else {
        Words::new(format!("{to}까지"), format!("until {to}"))
    };
    let open = if open.is_empty() {
        Words::new("닫힘", "closed")
    } else {
        Words::same(told_ranges(open))
    };
    Words::joined(&[until, Words::same(name), open], " ")
}

fn told_ranges(ranges: &[DayRange]) -> String {
    joined(ranges.iter().map(ToString::to_string))
}

pub(crate) fn trunk_facts(trunk: &Trunk) -> Facts {
    let mut facts = Facts::new();
    let form = &trunk.number_form;
    let blocks = joined(trunk.blocks.iter().map(ToString::to_string));
    let presentable = joined(trunk.presentable.iter().map(ToString::to_string));
    let peer = trunk.peer.map(|peer| peer.to_string()).unwrap_or_default();
    let prefix = form.prefix.as_ref().map_or("", Prefix::as_str);
    for (key, label, text) in [
        ("peer", ("통신사 주소", "its address"), peer.as_str()),
        ("label", ("보이는 이름", "shown as"), trunk.label.as_str()),
        ("blocks", ("번호", "numbers"), &blocks),
        ("presentable", ("보여 줄 수 있는 다른 번호", "may also show"), &presentable),
        (
            "international_prefix",
            ("국제 전화 앞 번호", "before numbers abroad"),
            form.abroad.as_str(),
        ),
        ("prefix", ("모든 번호 앞에", "before every number"), prefix),
        ("transport", ("접속 방식", "reached by"), &trunk.transport.name().to_uppercase()),
    ] {
        name(&mut facts, key, label, text);
    }
    fact(&mut facts, "format", ("번호 형식", "numbers are sent"), number_format(form.format));
    let before = match trunk.ringback {
        BeforeAnswer::Early => Words::new("우리가 들려줌", "the caller hears our ringback"),
        BeforeAnswer::Answered => Words::new("먼저 받고 들려줌", "we answer first, then ringback"),
        BeforeAnswer::Provider => Words::new("통신사가 들려줌", "the provider makes a tone"),
    };
    fact(&mut facts, "ringback", ("받기 전 연결음", "before it is answered"), before);
    fact(&mut facts, "srtp", ("소리 암호화", "encrypted sound"), encryption(trunk.srtp));
    let countries = trunk.countries.as_ref().map_or_else(
        || Words::new("모두", "all"),
        |countries| Words::same(joined(countries.iter().cloned())),
    );
    fact(&mut facts, "countries", ("이 회선으로 거는 나라", "countries by this trunk"), countries);
    if let Some(account) = &trunk.register {
        name(&mut facts, "register.server", ("서버", "server"), account.server.as_str());
        name(&mut facts, "register.username", ("아이디", "user name"), account.username.as_str());
        let label = Words::new("비밀번호", "password");
        secret(&mut facts, "register.password", label, &account.password);
    }
    facts
}

pub(crate) fn number_facts(number: &Number) -> Facts {
    let mut facts = Facts::new();
    fact(&mut facts, "default", ("기본 번호", "the office's default"), yes_no(number.is_default));
    let presented = number.presented.as_ref().map(ToString::to_string).unwrap_or_default();
    name(&mut facts, "presented", ("보이는 번호", "shown as"), presented);
    let hours = number.hours.as_ref().map(ToString::to_string).unwrap_or_default();
    name(&mut facts, "hours", ("운영시간", "hours"), hours);
    let route = match &number.route {
        Route::Off => Words::new("담당 없는 전화를 받는 모두", "all who take unassigned calls"),
        Route::Agent(extension) => {
            Words::new(format!("매니저 {extension}"), format!("agent {extension}"))
        }
        Route::Team(team) => Words::new(format!("팀 '{team}'"), format!("team '{team}'")),
        Route::Workflow(name) => {
            Words::new(format!("워크플로우 '{name}'"), format!("workflow '{name}'"))
        }
    };
    fact(&mut facts, "route", ("받는 곳", "answered by"), route);
    let ring_time = duration::words(number.ring_time.get());
    fact(&mut facts, "ring_time", ("벨이 울리는 시간", "ring time"), ring_time);
    let ringback = match &number.ringback {
        Ringback::Looping => Words::new("반복 연결음", "music, looping"),
        Ringback::National => Words::new("나라별 신호음", "the country's ringing tone"),
        Ringback::File(recording) => Words::same(format!("'{}'", recording.name)),
    };
    // Another sound under the same name is a change, too.
    let label = Words::new("연결음", "ringback");
    exactly(&mut facts, "ringback", label, &number.ringback, Some(ringback));
    fact(
        &mut facts,
        "priority",
        ("대기열 우선순위", "place in the queue"),
        priority(number.priority),
    );
    fact(&mut facts, "wrap_up", ("후처리", "wrap-up"), told_wrap_up(number.wrap_up));
    let continued = match number.continuation {
        Continuation::Off => Words::new("하지 않음", "never"),
        Continuation::Always => Words::new("언제나", "always"),
        Continuation::Within(window) => {
            let time = duration::words(window.length());
            Words::new(format!("끝난 뒤 {} 안", time.ko), format!("within {} of its end", time.en))
        }
    };
    // Until the rules of recording, which know it, say otherwise.
    fact(&mut facts, "recording", ("녹음", "recorded"), yes_no(false));
    fact(&mut facts, "voicemail", ("음성 사서함", "voicemail"), yes_no(number.voicemail));
    let continuation = ("이전 상담 이어가기", "continues an earlier conversation");
    fact(&mut facts, "continuation", continuation, continued);
    for (key, label, situation) in [
        ("announcements.1", ("인사말", "greeting"), Situation::Greeting),
        ("announcements.2", ("모두 통화 중 안내", "words when all are busy"), Situation::AllBusy),
        ("announcements.3", ("운영시간 밖 안내", "words outside the hours"), Situation::Closed),
        ("announcements.4", ("녹음 전 안내", "words before a recording"), Situation::Recording),
    ] {
        let voices = number.announcements.get(&situation);
        let told = Some(told_voices(voices, situation));
        exactly(&mut facts, key, Words::new(label.0, label.1), &voices, told);
    }
    facts
}

/// Where nothing is told the built-in voice speaks, but a greeting is not given (S97, S99, S106).
fn told_voices(voices: Option<&Voices>, situation: Situation) -> Words {
    match (voices, situation) {
        (Some(voices), _) if !voices.is_empty() => spoken(voices),
        (Some(_), _) | (None, Situation::Greeting) => Words::same(""),
        (None, Situation::AllBusy | Situation::Closed | Situation::Recording) => {
            Words::new("기본 목소리", "built-in voice")
        }
    }
}

fn spoken(voices: &Voices) -> Words {
    let one = voices.iter().map(|(code, voice)| {
        let (spoken, voice) = (code.name(), told_voice(voice));
        Words::new(format!("{} {}", spoken.ko, voice.ko), format!("{} {}", spoken.en, voice.en))
    });
    Words::joined(&one.collect::<Vec<_>>(), ", ")
}

pub(crate) fn workflow_facts(workflow: &Workflow) -> Facts {
    let mut facts = Facts::new();
    fact(&mut facts, "active", ("켜짐", "on"), yes_no(workflow.active));
    let trigger = &workflow.trigger;
    let told = Words::joined(&[beginning(trigger), beginning_in_full(trigger)], ", ");
    exactly(&mut facts, "trigger", Words::new("시작", "begins when"), trigger, Some(told));
    let label = Words::new("실행하는 때", "runs");
    exactly(&mut facts, "run", label, &workflow.run, Some(running(&workflow.run)));
    let label = Words::new("조건", "only if");
    exactly(&mut facts, "only", label, &workflow.only, Some(condition(&workflow.only)));
    let order: Vec<String> = workflow.steps.iter().map(|step| step.name.to_string()).collect();
    let first = order.first().cloned().unwrap_or_default();
    name(&mut facts, "first", ("첫 단계", "first step"), first);
    for step in &workflow.steps {
        let label = Words::new(format!("단계 '{}'", step.name), format!("step '{}'", step.name));
        exactly(&mut facts, &format!("step {}", step.name), label, step, Some(told_step(step)));
    }
    facts
}
