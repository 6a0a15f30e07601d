//! The chores of workflows, in plain words.

use crate::office::workflow::chore::{Chore, Cleared, Conversing, Target, Urgency};
use crate::words::Words;

pub(crate) fn done(chore: &Chore) -> Words {
    let joined = |tags: &std::collections::BTreeSet<String>| {
        tags.iter().map(String::as_str).collect::<Vec<_>>().join(", ")
    };
    match chore {
        Chore::Assign(Target::Team(team)) => Words::new(
            format!("'{team}' 팀에 배정합니다."),
            format!("The call is assigned to team '{team}'."),
        ),
        Chore::Assign(Target::Agent(agent)) => Words::new(
            format!("내선 {agent} 번에 배정합니다."),
            format!("The call is assigned to extension {agent}."),
        ),
        Chore::Clear(Cleared::Team) => Words::new("팀 배정을 비웁니다.", "The team is cleared."),
        Chore::Clear(Cleared::Agent) => {
            Words::new("담당자 배정을 비웁니다.", "The agent is cleared.")
        }
        Chore::Clear(Cleared::Both) => {
            Words::new("팀과 담당자 배정을 비웁니다.", "Team and agent are cleared.")
        }
        Chore::Tag(tags) => Words::new(
            format!("상담에 태그를 답니다: {}.", joined(tags)),
            format!("The conversation is tagged {}.", joined(tags)),
        ),
        Chore::Untag(tags) => Words::new(
            format!("상담의 태그를 뗍니다: {}.", joined(tags)),
            format!("The conversation loses the tags {}.", joined(tags)),
        ),
        Chore::TagCustomer(tags) => Words::new(
            format!("고객에게 태그를 답니다: {}.", joined(tags)),
            format!("The customer is tagged {}.", joined(tags)),
        ),
        Chore::Urgency(Urgency::Low) => {
            Words::new("우선순위를 낮춥니다.", "The call's priority is low.")
        }
        Chore::Urgency(Urgency::Medium) => {
            Words::new("우선순위를 보통으로 합니다.", "The call's priority is medium.")
        }
        Chore::Urgency(Urgency::High) => {
            Words::new("우선순위를 높입니다.", "The call's priority is high.")
        }
        Chore::Follow(agents) => {
            let agents: Vec<String> = agents.iter().map(ToString::to_string).collect();
            let agents = agents.join(", ");
            Words::new(
                format!("내선 {agents} 번이 이 상담을 팔로우합니다."),
                format!("Extension {agents} follows the conversation."),
            )
        }
        Chore::Language(language) => Words::new(
            format!("이제부터 {}로 안내합니다.", language.name().ko),
            format!("From here on it speaks {}.", language.name().en),
        ),
        Chore::Note(text) => {
            Words::new(format!("메모를 남깁니다: {text}"), format!("A note is left: {text}"))
        }
        Chore::Describe(text) => Words::new(
            format!("상담 설명을 적습니다: {text}"),
            format!("The conversation is described: {text}"),
        ),
        Chore::Conversation(Conversing::Open) => {
            Words::new("상담을 엽니다.", "The conversation is opened.")
        }
        Chore::Conversation(Conversing::Close) => {
            Words::new("상담을 종료합니다.", "The conversation is closed.")
        }
        Chore::Conversation(Conversing::Snooze(time)) => Words::new(
            format!("상담을 {}분 동안 보류합니다.", time.as_secs() / 60),
            format!("The conversation is put off for {} minutes.", time.as_secs() / 60),
        ),
    }
}
