//! A call's decisions in Korean.

use crate::history::trail::trail::{Carried, Chosen, Decision, Person, Shown, Silence, Skip};
use crate::leg::{HangupCause, RecordingEnd};
use crate::office::announcement::Situation;
use crate::office::closed_words;
use crate::office::duration::roughly;
use crate::office::feature_code::Feature;

#[expect(clippy::too_many_lines, reason = "one sentence for each decision")]
pub(crate) fn sentence(decision: &Decision) -> String {
    match decision {
        Decision::CameByTrunk { trunk, caller, dialled } => {
            format!(
                "{} 님이 {dialled} 번에 전화했습니다. 들어온 회선: '{trunk}'.",
                caller_name(caller)
            )
        }
        Decision::CameFromPhone { device, agent, dialled } => {
            format!("{}이 전화기 '{device}'에서 {dialled} 번을 눌렀습니다.", person(agent))
        }
        Decision::CameFromUnknownPhone { device, dialled } => format!(
            "전화기 '{device}'에서 {dialled} 번을 눌렀지만, 이 전화기를 쓰는 매니저가 더 이상 없습니다."
        ),
        Decision::AskedFor { agent, dialled } => format!(
            "내선 {agent} 번을 위해 {dialled} 번으로 전화를 요청했습니다. 본인 전화기가 먼저 울립니다."
        ),
        Decision::SoundAskedFor { agent, name } => {
            format!("내선 {agent} 번에서 '{name}' 소리를 듣고자 합니다. 전화기가 먼저 울립니다.")
        }
        Decision::SoundPlayed { name } => format!("'{name}' 소리를 들려줍니다."),
        Decision::AgentUnknown { agent } => format!("내선 {agent} 번은 없는 번호입니다."),
        Decision::NumberFound { number } => format!("{number} 번은 우리 번호입니다."),
        Decision::NumberUnsaid { trunk, number } => {
            format!(
                "'{trunk}' 회선이 어느 번호로 걸려 왔는지 알려 주지 않아 {number} 번으로 받습니다."
            )
        }
        Decision::NumberNotInUse { dialled, trunk } => {
            format!(
                "{dialled} 번은 '{trunk}' 회선의 번호이지만 아직 사용하도록 등록하지 않았습니다."
            )
        }
        Decision::NumberUnknown { dialled } => format!("{dialled} 번은 우리 번호가 아닙니다."),
        Decision::CustomerKnown { name } => format!("'{name}' 고객의 전화입니다."),
        Decision::CustomerBlocked => {
            "차단한 고객이라 걸려 온 전화도 거는 전화도 연결하지 않습니다.".to_owned()
        }
        Decision::LanguageByProfile { language } => {
            format!("고객 정보에 따라 {} 안내를 들려줍니다.", language.name().ko)
        }
        Decision::NumberReleased { dialled } => {
            format!("{dialled} 번은 우리가 쓰다가 반납한 번호입니다.")
        }
        Decision::HoursLookedAt(hours) => hours.korean(),
        Decision::LanguageByCallingCode { code, language } => {
            format!("발신 번호가 +{code} 국가이므로 {} 안내를 들려줍니다.", language.name().ko)
        }
        Decision::LanguageOfOffice { language } => {
            format!("발신 번호를 알 수 없어 {} 안내를 들려줍니다.", language.name().ko)
        }
        Decision::Said { situation, language } => format!(
            "고객에게 {} 안내를 {}로 들려줍니다.",
            situation_name(*situation),
            language.name().ko
        ),
        Decision::NothingToSay { situation } => {
            format!("이 번호에는 {} 안내 음성이 없습니다.", situation_name(*situation))
        }
        Decision::SoundNeverEnded { seconds } => {
            format!("안내 음성이 {seconds}초가 지나도 끝나지 않아 그대로 다음 단계로 넘어갔습니다.")
        }
        Decision::RoutedToAgent { agent } => {
            format!("이 번호의 전화는 내선 {agent} 번이 받습니다.")
        }
        Decision::RoutedToTeam { team } => format!("이 번호의 전화는 '{team}' 팀이 받습니다."),
        Decision::RouteOff => {
            "이 번호의 전화는 '담당자 없는 전화'를 받기로 한 모든 매니저가 받습니다.".to_owned()
        }
        Decision::RouteLeadsNowhere => {
            "이 번호의 전화를 받기로 한 매니저나 팀이 더 이상 없습니다.".to_owned()
        }
        Decision::Skipped { agent, because } => {
            format!("{}의 전화기는 울리지 않습니다. 이유: {}.", person(agent), skip(*because))
        }
        Decision::Rings { agents, phones, seconds } => format!(
            "전화기 {phones}대를 최대 {seconds}초 동안 울립니다. 대상: {}.",
            agents.iter().map(person).collect::<Vec<_>>().join(", ")
        ),
        Decision::GivenTo { agent, because } => {
            format!("{}에게 배정합니다. 이유: {}.", person(agent), chosen(*because))
        }
        Decision::GivenByHand { agent, who } => {
            format!("{who}이(가) 기다리던 고객을 {}에게 직접 연결합니다.", person(agent))
        }
        Decision::MovedByHand { team, who } => {
            format!("{who}이(가) 기다리던 고객을 '{team}' 팀으로 옮깁니다.")
        }
        Decision::PlacedByHand { priority, who } => {
            format!(
                "{who}이(가) 대기 우선순위를 '{}'으로 바꿉니다.",
                closed_words::priority(*priority).ko
            )
        }
        Decision::GivenSilently { agents, seconds, silence } => {
            let told = |agent: &Person| silent(agent, silence.get(&agent.extension).copied());
            let told: Vec<String> = agents.iter().map(told).collect();
            format!(
                "배정되었지만 벨을 울리지 않고 최대 {seconds}초 기다립니다. 대상: {}.",
                told.join(", ")
            )
        }
        Decision::Queued { team, position } => {
            format!("'{team}' 팀에 지금 받을 사람이 없어 대기열 {position}번째로 기다립니다.")
        }
        Decision::QueueFull { limit } => {
            format!("대기열에 이미 {limit}명이 있어 더 기다릴 수 없습니다.")
        }
        Decision::LeftQueue { seconds } => {
            format!("대기열에서 {seconds}초 기다린 뒤 나왔습니다.")
        }
        Decision::QueueTimeOver { seconds } => {
            format!("대기열에서 기다릴 수 있는 {seconds}초가 지났습니다.")
        }
        Decision::Waited { greeting, queue, ringing } => format!(
            "고객이 기다린 시간: 인사말 {greeting}초, 대기열 {queue}초, 벨 울림 {ringing}초."
        ),
        Decision::PartyRang { party } => format!("'{party}' 쪽에서 벨이 울립니다."),
        Decision::EarlySound { party } => {
            format!("'{party}' 쪽이 받기 전에 보내는 소리를 발신자에게 들려줍니다.")
        }
        Decision::Encrypted { party } => {
            format!("'{party}' 쪽과 주고받는 음성을 암호화합니다.")
        }
        Decision::InClear { party } => {
            format!("'{party}' 쪽과 주고받는 음성을 더는 암호화하지 않습니다.")
        }
        Decision::PartyGone { party, cause } => {
            format!("'{party}' 쪽은 전화를 받지 않았습니다. 이유: {}.", reason(*cause))
        }
        Decision::Answered { party, agent: Some(agent) } => {
            format!("{}이 전화기 '{party}'에서 전화를 받았습니다.", person(agent))
        }
        Decision::Answered { party, agent: None } => {
            format!("'{party}' 쪽에서 전화를 받았습니다.")
        }
        Decision::RingTimeOver { seconds } => {
            format!("{seconds}초 동안 아무도 받지 않았습니다.")
        }
        Decision::NobodyFree => "지금 전화를 받을 수 있는 사람이 없습니다.".to_owned(),
        Decision::EverybodyDeclined => "벨이 울린 모든 사람이 전화를 거절했습니다.".to_owned(),
        Decision::NoPhoneReached => "어느 전화기에도 연결할 수 없었습니다.".to_owned(),
        Decision::EmergencyDialled { dialled } => {
            format!("{dialled} 번은 긴급 번호이므로 다른 규칙보다 먼저 바로 연결합니다.")
        }
        Decision::ColleagueDialled { agent } => format!("{}의 내선입니다.", person(agent)),
        Decision::IntercomDialled { agent } => {
            format!("{}에게 거는 인터콤입니다. 전화기가 스스로 받도록 요청합니다.", person(agent))
        }
        Decision::OwnExtensionDialled => {
            "자기 내선을 눌렀으므로 본인의 다른 전화기만 울립니다.".to_owned()
        }
        Decision::FeatureDialled { feature: Feature::Echo } => {
            "자기 목소리를 되돌려 듣는 기능입니다.".to_owned()
        }
        Decision::FeatureDialled { feature: Feature::DoNotDisturb { on: true } } => {
            "방해 금지를 켰습니다.".to_owned()
        }
        Decision::FeatureDialled { feature: Feature::DoNotDisturb { on: false } } => {
            "방해 금지를 껐습니다.".to_owned()
        }
        Decision::FeatureDialled { feature: Feature::Seat { on: true } } => {
            "상담 자리에 앉았습니다.".to_owned()
        }
        Decision::FeatureDialled { feature: Feature::Seat { on: false } } => {
            "상담 자리를 비웠습니다.".to_owned()
        }
        Decision::FeatureDialled { feature: Feature::EndWrapUp } => {
            "후처리를 끝냈습니다.".to_owned()
        }
        Decision::FeatureDialled { feature: Feature::Voicemail } => {
            "음성 사서함에 걸었습니다.".to_owned()
        }
        Decision::FeatureDialled { feature: Feature::Time } => {
            "지금 시각을 말해 줍니다.".to_owned()
        }
        Decision::FeatureDialled { feature: Feature::Page } => {
            "사무실 스피커로 말하는 방송 기능입니다.".to_owned()
        }
        Decision::NothingBehind { dialled } => {
            format!("{dialled} 번은 내선도 아니고 걸 수 있는 전화번호도 아닙니다.")
        }
        Decision::CountryNotAllowed { number } => format!(
            "{number} 번의 국가로는 전화를 걸 수 없습니다. 관리자가 dial_out 설정에서 허용할 수 있습니다."
        ),
        Decision::CountryNotOnTrunk { number, trunk } => format!(
            "'{trunk}' 회선으로는 {number} 번의 국가에 전화할 수 없습니다. 그 회선의 countries에서 허용하세요."
        ),
        Decision::PremiumNotAllowed { number } => {
            format!("{number} 번은 정보 이용료가 붙는 번호라서 걸지 않습니다.")
        }
        Decision::NumberShown { number, shown, because } if number == shown => {
            format!("상대방에게 {shown} 번을 표시합니다. 이유: {}.", shown_because(because))
        }
        Decision::NumberShown { number, shown, because } => format!(
            "상대방에게 {number} 번 대신 {shown} 번을 표시합니다. 이유: {}.",
            shown_because(because)
        ),
        Decision::NoNumberToShow => {
            "발신자나 발신자의 팀이 받는 번호가 없고, 기본 번호도 정해져 있지 않습니다.".to_owned()
        }
        Decision::TrunkChosen { trunk, dialled, because } => format!(
            "'{trunk}' 회선으로 {dialled} 번에 겁니다. 이유: {}.",
            match because {
                Carried::BringsShownNumber => "표시할 번호가 이 회선의 번호",
                Carried::FirstUsable => "쓸 수 있는 첫 번째 회선",
            }
        ),
        Decision::NoSeatToCall { agent } => format!(
            "{} 님은 상담 자리(seat)를 비웠으므로 밖으로 전화할 수 없습니다.",
            person(agent)
        ),
        Decision::NoTrunk => "밖으로 전화를 걸 수 있는 회선이 없습니다.".to_owned(),
        Decision::RecordingBegan { name } => format!("통화를 녹음합니다. 녹음 파일: '{name}'."),
        Decision::RecordingPaused => "녹음을 잠시 멈췄습니다.".to_owned(),
        Decision::RecordingResumed => "녹음을 이어서 합니다.".to_owned(),
        Decision::RecordingEnded { end, seconds } => {
            format!("녹음이 {seconds}초 만에 끝났습니다. 이유: {}.", recording_end(*end))
        }
        Decision::CallerLeft { cause } => {
            format!("발신자 쪽이 끝났습니다. 이유: {}.", reason(*cause))
        }
        Decision::OtherLeft { party, cause } => {
            format!("'{party}' 쪽이 끝났습니다. 이유: {}.", reason(*cause))
        }
        Decision::SoundLost { party } => {
            format!("'{party}' 쪽에서 오랫동안 소리가 오지 않아 통화를 끝냈습니다.")
        }
        Decision::SoundOdd { party, trouble } => trouble.words(party).ko,
        Decision::TooManyCalls { limit } => {
            format!("동시에 처리할 수 있는 통화 {limit}건이 모두 찼습니다.")
        }
        Decision::Pickup { story } => story.words().ko,
        Decision::Conference { story } => story.words().ko,
        Decision::Workflow { story } => story.words().ko,
        Decision::Voicemail { story } => story.words().ko,
        Decision::EndedByAdmin => "관리자가 통화를 끝냈습니다.".to_owned(),
        Decision::Stopped => "전화 시스템을 멈추는 중입니다.".to_owned(),
        Decision::Refused { cause } => {
            format!("전화를 연결하지 않습니다. 이유: {}.", reason(*cause))
        }
    }
}

fn caller_name(caller: &str) -> &str {
    if caller.is_empty() { "번호를 숨긴 발신자" } else { caller }
}

pub(crate) fn person(person: &Person) -> String {
    format!("{}({}) 님", person.name, person.extension)
}

fn silent(agent: &Person, silence: Option<Silence>) -> String {
    let person = person(agent);
    match silence {
        None => format!("{person}(방해 금지 중)"),
        Some(Silence::EndsIn(left)) => {
            format!("{person}(앞으로 {} 동안 방해 금지)", roughly(left).ko)
        }
        Some(Silence::PhonesOff) => format!("{person}(벨이 울리게 해 둔 전화기가 없음)"),
    }
}

fn situation_name(situation: Situation) -> &'static str {
    match situation {
        Situation::Greeting => "인사말",
        Situation::AllBusy => "모두 통화 중",
        Situation::Closed => "운영시간 아님",
        Situation::Recording => "통화 녹음",
    }
}

fn recording_end(end: RecordingEnd) -> &'static str {
    match end {
        RecordingEnd::Asked => "멈추라고 했습니다",
        RecordingEnd::TooLong => "녹음 한 건의 최대 길이에 이르렀습니다",
        RecordingEnd::Silence => "더 이상 말소리가 없습니다",
        RecordingEnd::NoDisk => "디스크에 자리가 없습니다",
    }
}

pub(crate) fn skip(because: Skip) -> &'static str {
    match because {
        Skip::NoPhone => "연결된 전화기가 없음",
        Skip::Ringing => "다른 전화가 울리는 중",
        Skip::Talking => "통화 중",
        Skip::WrappingUp => "후처리 중",
        Skip::NoPhoneCalls => "전화 상담을 받지 않는 매니저",
        Skip::SeatEmpty => "상담 자리를 비움",
        Skip::Away => "자리 비움 또는 근무 종료",
        Skip::DoNotDisturb => "방해 금지 중",
        Skip::PhonesOff => "벨이 울리게 해 둔 전화기가 없음",
        Skip::DidNotTake => "이 전화를 이미 받지 않음",
    }
}

fn chosen(because: Chosen) -> &'static str {
    match because {
        Chosen::TalkedBefore => "이 고객과 통화한 적이 있는 유일한 매니저",
        Chosen::FewestInProgress => "진행 중인 상담이 가장 적고, 같으면 배정받은 지 가장 오래됨",
        Chosen::LongestIdle => "배정받은 지 가장 오래됨",
    }
}

fn shown_because(because: &Shown) -> String {
    match because {
        Shown::DialledByCustomer => "고객이 걸었던 번호라서".to_owned(),
        Shown::Picked => "전화를 건 매니저가 고른 번호".to_owned(),
        Shown::RoutedToAgent => "전화를 건 매니저가 받는 번호".to_owned(),
        Shown::RoutedToTeam(team) => format!("전화를 건 매니저의 '{team}' 팀이 받는 번호"),
        Shown::Default => "기본 번호".to_owned(),
        Shown::AnyOfOffice => "긴급 전화에는 번호가 하나 필요함".to_owned(),
    }
}

/// Why a leg ended, as the end of a sentence.
pub(crate) fn reason(cause: HangupCause) -> String {
    match cause {
        HangupCause::Normal => "전화를 끊음",
        HangupCause::Cancelled => "받기 전에 발신자가 끊음",
        HangupCause::Busy => "통화 중",
        HangupCause::NoAnswer => "받지 않음",
        HangupCause::Declined => "거절함",
        HangupCause::NotFound => "없는 번호",
        HangupCause::Unreachable => "전화기에 연결할 수 없음",
        HangupCause::Forbidden => "걸 수 없도록 막힌 번호",
        HangupCause::NotAcceptable => "양쪽이 함께 쓸 수 있는 음성 방식이 없음",
        HangupCause::Overloaded => "동시에 걸린 전화가 너무 많음",
        HangupCause::AnsweredElsewhere => "다른 사람이 받음",
        HangupCause::MediaLost => "오랫동안 소리가 오지 않음",
        HangupCause::SessionExpired => "상대 쪽이 연결 확인에 응답하지 않음",
        HangupCause::AckMissing => "상대 쪽이 받았다는 확인을 보내지 않음",
        HangupCause::Stopping => "전화 시스템을 멈추는 중",
        HangupCause::Interrupted => "전화 시스템이 예고 없이 멈춤",
        HangupCause::Failed { status } => return format!("상대 쪽 오류 {status}"),
    }
    .to_owned()
}
