//! The values of `config.yaml` as they are written: addresses, ports, paths, where a key is.

use std::net::{IpAddr, SocketAddr};
use std::ops::RangeInclusive;
use std::path::PathBuf;

use crate::config::settings::KeyPlace;
use crate::office::transport::Transport;
use crate::words::Words;

pub(crate) fn word(text: &str) -> Result<String, Words> {
    if text.is_empty() || text.chars().any(char::is_control) {
        Err(nothing())
    } else {
        Ok(text.to_owned())
    }
}

pub(crate) fn nothing() -> Words {
    Words::new("비어 있거나 쓸 수 없는 글자가 있습니다", "is empty or has a control character")
}

pub(crate) fn speech_address(text: &str) -> Result<String, Words> {
    let rest = text.strip_prefix("http://").or_else(|| text.strip_prefix("https://"));
    let rest = rest.unwrap_or_default();
    let fits = !rest.is_empty()
        && !rest.starts_with('/')
        && !text.chars().any(|letter| letter.is_whitespace() || letter.is_control());
    if fits {
        return Ok(text.to_owned());
    }
    Err(Words::new(
        format!(
            "'{text}'은(는) 주소가 아닙니다. http://127.0.0.1:8880/v1/audio/speech이나 https://tts.example.com처럼 쓰세요"
        ),
        format!(
            "'{text}' is no address; write one like http://127.0.0.1:8880/v1/audio/speech or https://tts.example.com"
        ),
    ))
}

/// A file's path, or `$NAME` of the environment.
pub(crate) fn key_place(text: &str) -> Result<KeyPlace, Words> {
    let is_name = |name: &str| {
        !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
    };
    match text.strip_prefix('$') {
        Some(name) if is_name(name) => Ok(KeyPlace::Variable(name.to_owned())),
        None if text.starts_with('/') => path(text).map(KeyPlace::File),
        Some(_) | None => Err(Words::new(
            "키를 여기 적지 말고, 키가 든 파일의 경로(/etc/naru/speech.key)나 환경 변수($SPEECH_KEY)를 쓰세요",
            "do not write the key here; write the path of a file that holds it, such as /etc/naru/speech.key, or a variable of the environment, such as $SPEECH_KEY",
        )),
    }
}

pub(crate) fn seconds(text: &str) -> Result<u64, Words> {
    text.parse().ok().filter(|seconds| (1..=600).contains(seconds)).ok_or_else(|| {
        Words::new(
            format!("'{text}': 1~600초로 적습니다"),
            format!("'{text}': write 1 to 600 seconds"),
        )
    })
}

pub(crate) fn card(text: &str) -> Result<String, Words> {
    if text.is_empty() || text.contains('\0') {
        return Err(Words::new(
            "비어 있습니다. default 또는 hw:CARD=PCH 같은 ALSA 이름을 쓰고, 없으면 null을 쓰세요",
            "is empty; write an ALSA name such as default or hw:CARD=PCH, or null for none",
        ));
    }
    Ok(text.to_owned())
}

pub(crate) fn path(text: &str) -> Result<PathBuf, Words> {
    if text.is_empty() || text.contains('\0') {
        return Err(Words::new(
            "비어 있습니다. /var/lib/naru 같은 경로를 쓰세요",
            "is empty; write a path such as /var/lib/naru",
        ));
    }
    Ok(PathBuf::from(text))
}

pub(crate) fn sip_address(text: &str) -> Result<(Transport, SocketAddr), Words> {
    if ["ws://", "wss://"].iter().any(|scheme| text.starts_with(scheme)) {
        return Err(Words::new(
            format!(
                "'{text}': 이 버전은 아직 지원하지 않습니다. udp://, tcp:// 또는 tls://를 쓰세요"
            ),
            format!("'{text}' is not available in this version yet; use udp://, tcp:// or tls://"),
        ));
    }
    let parsed = text.split_once("://").and_then(|(scheme, address)| {
        Some((scheme.parse::<Transport>().ok()?, address.parse::<SocketAddr>().ok()?))
    });
    parsed.ok_or_else(|| {
        Words::new(
            format!("'{text}'은(는) 수신 주소가 아닙니다. udp://0.0.0.0:5060 또는 tls://[::]:5061처럼 쓰세요"),
            format!("'{text}' is no address to listen on; write udp://0.0.0.0:5060 or tls://[::]:5061"),
        )
    })
}

pub(crate) fn half(given: &str) -> Words {
    Words::new(
        format!("{given}만 있습니다. certificate와 key를 함께 쓰거나 둘 다 null로 두세요"),
        format!("is missing beside {given}; write certificate and key, or null for both"),
    )
}

pub(crate) fn nowhere() -> Words {
    Words::new(
        "비어 있으면 아무 전화도 받을 수 없습니다. udp://0.0.0.0:5060처럼 하나 이상 쓰세요",
        "is empty: no phone could reach us; write one or more such as udp://0.0.0.0:5060",
    )
}

pub(crate) fn domain(text: &str) -> Result<String, Words> {
    let is_host = !text.is_empty()
        && text.len() <= 253
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || b"-.".contains(&b));
    if is_host {
        return Ok(text.to_owned());
    }
    Err(Words::new(
        format!("'{text}'은(는) 도메인이 아닙니다. office.example처럼 쓰세요"),
        format!("'{text}' is no domain; write one like office.example"),
    ))
}

pub(crate) fn address(text: &str) -> Result<IpAddr, Words> {
    text.parse().map_err(|_| {
        Words::new(
            format!("'{text}'은(는) IP 주소가 아닙니다. 203.0.113.5처럼 쓰세요"),
            format!("'{text}' is no IP address; write one like 203.0.113.5"),
        )
    })
}

pub(crate) fn ports(text: &str) -> Result<RangeInclusive<u16>, Words> {
    let range = text.split_once('-').and_then(|(first, last)| {
        Some((first.trim().parse::<u16>().ok()?, last.trim().parse::<u16>().ok()?))
    });
    match range {
        // A call of two parties needs two pairs of RTP and RTCP.
        Some((first, last)) if first >= 1024 && last >= first.saturating_add(3) => Ok(first..=last),
        _ => Err(Words::new(
            format!(
                "'{text}'은(는) 포트 범위가 아닙니다. 16384-32767처럼 1024 이상에서 4개 이상을 쓰세요"
            ),
            format!(
                "'{text}' is no range of ports; write four or more from 1024 up, such as 16384-32767"
            ),
        )),
    }
}

pub(crate) fn http_address(text: &str) -> Result<SocketAddr, Words> {
    if text.starts_with("https://") {
        return Err(Words::new(
            "https는 이 버전에서 아직 지원하지 않습니다. http://127.0.0.1:8080처럼 쓰고 앞에 프록시를 두세요",
            "https is not available in this version yet; write http://127.0.0.1:8080 and put a proxy before it",
        ));
    }
    let address = text.strip_prefix("http://").map(|rest| rest.trim_end_matches('/').parse());
    match address {
        Some(Ok(address)) => Ok(address),
        _ => Err(Words::new(
            format!("'{text}'은(는) 수신 주소가 아닙니다. http://127.0.0.1:8080처럼 쓰세요"),
            format!("'{text}' is no address to listen on; write one like http://127.0.0.1:8080"),
        )),
    }
}
