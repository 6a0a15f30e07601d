//! Everything that is looked at, in the order in which it is told.

use serde::de::DeserializeOwned;

use crate::api::client::{Answer, ClientError};
use crate::api::request::{Health, TrunkState};
use crate::api::schema::ban::BanLine;
use crate::clock;
use crate::config::settings::Config;
use crate::doctor::finding::Finding;
use crate::doctor::{certificates, doors, machine, office, phones};
use crate::live::Live;
use crate::office::warnings::Warning;
use crate::store::open::is_in_use;
use crate::words::Words;

/// Looks at the machine of `config`, and asks its daemon by `ask`, which takes a path.
pub fn examine(config: &Config, ask: impl Fn(&str) -> Result<Answer, ClientError>) -> Vec<Finding> {
    let mut findings = machine::data_folder(&config.data_dir);
    findings.extend([machine::clock(), machine::open_files()]);
    findings.push(machine::sound_ports(&config.media.ports));
    findings.extend(certificates::certificates(config, clock::now().wall));
    match ask("/v1/health") {
        Ok(answer) => findings.extend(daemon(config, &answer, &ask)),
        Err(ClientError::Down(_)) if is_in_use(&config.data_dir) => findings.push(starting()),
        Err(ClientError::Down(socket)) => {
            findings.push(Finding::bad(
                Words::new(
                    format!("{}에서 답하는 naru가 없습니다", socket.display()),
                    format!("no naru answers at {}", socket.display()),
                ),
                Words::new("systemctl start naru", "systemctl start naru"),
            ));
            findings.extend(doors::free(&config.sip.listen));
        }
        Err(error) => findings.push(unreadable(&error)),
    }
    findings
}

fn daemon(
    config: &Config,
    health: &Answer,
    ask: &impl Fn(&str) -> Result<Answer, ClientError>,
) -> Vec<Finding> {
    let Some(health) = read::<Health>(health) else {
        return vec![other_version()];
    };
    let mut findings = vec![Finding::good(Words::new(
        format!("naru {}이(가) 답합니다. 지금 통화 {}건", health.version, health.calls),
        format!("naru {} answers; {} calls now", health.version, health.calls),
    ))];
    findings.push(phones::store(&health));
    findings.extend(doors::answering(&config.sip.listen));
    match ask("/v1/trunks").map(|answer| read::<Vec<TrunkState>>(&answer)) {
        Ok(Some(trunks)) => {
            findings.extend(phones::trunks(&trunks));
            findings.extend(phones::address(&trunks, config.sip.external_address));
        }
        Ok(None) => findings.push(other_version()),
        Err(error) => findings.push(unreadable(&error)),
    }
    match ask("/v1/live").map(|answer| read::<Live>(&answer)) {
        Ok(Some(live)) => {
            findings.push(phones::phones(&live.agents));
            findings
                .extend(live.warnings.iter().map(|warning| office::below_target(warning.words())));
        }
        Ok(None) => findings.push(other_version()),
        Err(error) => findings.push(unreadable(&error)),
    }
    match ask("/v1/bans").map(|answer| read::<Vec<BanLine>>(&answer)) {
        Ok(Some(bans)) => findings.extend(phones::restless(&bans)),
        Ok(None) => findings.push(other_version()),
        Err(error) => findings.push(unreadable(&error)),
    }
    match ask("/v1/office/warnings").map(|answer| read::<Vec<Warning>>(&answer)) {
        Ok(Some(warnings)) => findings.extend(warnings.iter().map(office::warning)),
        Ok(None) => findings.push(other_version()),
        Err(error) => findings.push(unreadable(&error)),
    }
    findings
}

fn read<T: DeserializeOwned>(answer: &Answer) -> Option<T> {
    serde_json::from_slice(&answer.body).ok()
}

fn starting() -> Finding {
    Finding::bad(
        Words::new(
            "naru가 시작하는 중입니다. 새 버전은 먼저 데이터베이스를 바꾸며, 통화 기록이 몇 년 치면 몇 분 걸립니다",
            "naru is starting; a new version brings the database up to date first, which takes minutes after years of calls",
        ),
        Words::new("journalctl -u naru -f", "journalctl -u naru -f"),
    )
}

fn other_version() -> Finding {
    Finding::bad(
        Words::new(
            "데몬의 답을 읽을 수 없습니다. 다른 버전이 실행 중입니다",
            "the daemon's answer cannot be read; another version is running",
        ),
        Words::new("systemctl restart naru", "systemctl restart naru"),
    )
}

fn unreadable(error: &ClientError) -> Finding {
    Finding::bad(
        Words::new(
            format!("데몬에 물을 수 없습니다: {error}"),
            format!("the daemon cannot be asked: {error}"),
        ),
        Words::new(
            "root나 naru 그룹의 사용자로 실행하세요",
            "run this as root or as a user in the group naru",
        ),
    )
}
