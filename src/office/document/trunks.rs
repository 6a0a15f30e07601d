//! Trunks and what may be dialled through them, as a document tells them.

use std::collections::BTreeSet;
use std::net::{IpAddr, SocketAddr};

use crate::office::dial_out::DialOut;
use crate::office::document::field::{read_name, read_srtp, twice};
use crate::office::document::keys::{Errors, Keys};
use crate::office::document::people::{password_missing, read_secret};
use crate::office::number_form::{NumberForm, NumberFormat, Prefix};
use crate::office::phone_number::PhoneNumber;
use crate::office::snapshot::Office;
use crate::office::srtp::SrtpPolicy;
use crate::office::transport::Transport;
use crate::office::trunk::{BeforeAnswer, NumberBlock, Trunk, TrunkAccount, TrunkName};
use crate::words::Words;
use crate::yaml::Part;

const TRUNK_KEYS: [&str; 13] = [
    "name",
    "peer",
    "register",
    "transport",
    "label",
    "blocks",
    "presentable",
    "format",
    "international_prefix",
    "prefix",
    "countries",
    "ringback",
    "srtp",
];

pub(crate) fn read_trunks(
    items: &[Part<'_>],
    previous: Option<&Office>,
    office: &mut Office,
    errors: &mut Errors,
) {
    for item in items {
        let home = office.dial_out.home.clone();
        let Some(trunk) = read_trunk(item, &home, previous, errors) else { continue };
        let same_peer =
            trunk.peer.filter(|peer| office.trunks.values().any(|other| other.peer == Some(*peer)));
        if let Some(peer) = same_peer {
            item.refuse(twice(&peer.to_string()), errors);
        }
        if office.trunks.contains_key(&trunk.name) {
            item.refuse(twice(&trunk.name.0), errors);
        } else {
            office.trunks.insert(trunk.name.clone(), trunk);
        }
    }
}

fn read_trunk(
    item: &Part<'_>,
    home: &str,
    previous: Option<&Office>,
    errors: &mut Errors,
) -> Option<Trunk> {
    let keys = item.keys(&TRUNK_KEYS, errors)?;
    let name = keys.need("name", errors).and_then(|part| read_name(part, errors)).map(TrunkName);
    let transport = read_transport(&keys, errors);
    let peer = keys.get("peer").and_then(|part| read_peer(part, transport, errors));
    let kept = name.as_ref().and_then(|name| previous?.trunks.get(name)?.register.as_ref());
    let register = keys.get("register").and_then(|part| read_account(part, kept, errors));
    if keys.get("peer").is_none() && keys.get("register").is_none() {
        let message = Words::new(
            "peer(상대 주소)와 register(등록 계정) 가운데 하나는 있어야 합니다",
            "a trunk needs a peer or a register",
        );
        item.refuse(message, errors);
    }
    let label = match keys.get("label") {
        Some(part) => read_name(part, errors),
        None => Some(String::new()),
    };
    let expected = Words::new(
        "번호 블록은 +827012345600-+827012345699처럼 적습니다",
        "write a block of numbers like +827012345600-+827012345699",
    );
    let mut blocks = Vec::new();
    for part in keys.items("blocks", errors) {
        blocks.extend(part.parsed(&expected, errors, NumberBlock::parse));
    }
    let mut presentable = Vec::new();
    for part in keys.items("presentable", errors) {
        presentable.extend(read_number(&part, home, errors));
    }
    let ringback = match keys.get("ringback") {
        Some(part) => {
            let expected = Words::new(
                "early, answered 또는 provider로 적습니다",
                "write early, answered or provider",
            );
            part.parsed(&expected, errors, |text| {
                BeforeAnswer::ALL.into_iter().find(|way| way.name() == text).ok_or(())
            })
        }
        None => Some(BeforeAnswer::default()),
    };
    Some(Trunk {
        name: name?,
        peer,
        register,
        transport,
        label: label.unwrap_or_default(),
        blocks,
        presentable,
        number_form: read_form(&keys, errors),
        ringback: ringback.unwrap_or_default(),
        srtp: read_srtp(&keys, SrtpPolicy::Off, errors),
        countries: read_countries(&keys, errors),
    })
}

/// How the provider wants numbers written (P8).
fn read_form(keys: &Keys<'_>, errors: &mut Errors) -> NumberForm {
    let expected = Words::new(
        "e164, digits, international 또는 national로 적습니다",
        "write e164, digits, international or national",
    );
    let format = keys.get("format").and_then(|part| {
        part.parsed(&expected, errors, |text| {
            NumberFormat::ALL.into_iter().find(|format| format.name() == text).ok_or(())
        })
    });
    let form = NumberForm::of(format.unwrap_or_default());
    let expected = Words::new(
        "앞에 붙일 숫자나 *, #을 1~8자로 적습니다. 예: \"001\"",
        "write 1 to 8 digits, * or # that stand before a number, such as \"001\"",
    );
    let mut prefix =
        |key: &str| keys.get(key).and_then(|part| part.parsed(&expected, errors, Prefix::parse));
    let abroad = prefix("international_prefix").unwrap_or_else(|| form.abroad.clone());
    NumberForm { abroad, prefix: prefix("prefix"), ..form }
}

fn read_transport(keys: &Keys<'_>, errors: &mut Errors) -> Transport {
    let expected = Words::new("udp, tcp 또는 tls로 적습니다", "write udp, tcp or tls");
    let read = keys.get("transport").and_then(|part| part.parsed(&expected, errors, str::parse));
    read.unwrap_or_default()
}

fn read_peer(part: &Part<'_>, transport: Transport, errors: &mut Errors) -> Option<SocketAddr> {
    let expected = Words::new(
        "IP 주소와 포트로 적습니다: 192.0.2.10:5060 또는 [2001:db8::1]:5060",
        "write an IP address and port, such as 192.0.2.10:5060 or [2001:db8::1]:5060",
    );
    part.parsed(&expected, errors, |text| {
        let port = transport.default_port();
        let bare = || text.parse::<IpAddr>().map(|address| SocketAddr::new(address, port));
        text.parse::<SocketAddr>().or_else(|_| bare())
    })
}

fn read_account(
    part: &Part<'_>,
    kept: Option<&TrunkAccount>,
    errors: &mut Errors,
) -> Option<TrunkAccount> {
    let keys = part.keys(&["server", "username", "password"], errors)?;
    let expected = Words::new(
        "공백 없이 1~255자의 영문자와 기호로 적습니다",
        "write 1 to 255 letters and signs without spaces",
    );
    let plain = |text: &str| {
        let fits =
            (1..=255).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic());
        if fits { Ok(text.to_owned()) } else { Err(()) }
    };
    let server = keys.need("server", errors).and_then(|part| part.parsed(&expected, errors, plain));
    let username =
        keys.need("username", errors).and_then(|part| part.parsed(&expected, errors, plain));
    let password = if let Some(given) = keys.get("password") {
        read_secret(given, errors)
    } else {
        let kept = kept.map(|account| account.password.clone());
        if kept.is_none() {
            part.refuse(password_missing(), errors);
        }
        kept
    };
    Some(TrunkAccount { server: server?, username: username?, password: password? })
}

/// E.164, or what people of the office's country write for it.
pub(crate) fn read_number(part: &Part<'_>, home: &str, errors: &mut Errors) -> Option<PhoneNumber> {
    let expected = Words::new(
        "전화번호는 +827012345678처럼 적습니다",
        "write a telephone number like +827012345678",
    );
    part.parsed(&expected, errors, |text| PhoneNumber::normalise(text, home))
}

pub(crate) fn read_dial_out(part: &Part<'_>, errors: &mut Errors) -> DialOut {
    let mut dial_out = DialOut::default();
    let Some(keys) = part.keys(&["home", "countries", "emergency"], errors) else {
        return dial_out;
    };
    let expected = code_expected();
    if let Some(home) = keys.get("home") {
        dial_out.home = home.parsed(&expected, errors, calling_code).unwrap_or_default();
    }
    if let Some(countries) = read_countries(&keys, errors) {
        dial_out.countries = countries;
    }
    if keys.get("emergency").is_some() {
        dial_out.emergency.clear();
        let expected =
            Words::new("긴급 번호는 숫자 2~6자리입니다", "an emergency number has 2 to 6 digits");
        for part in keys.items("emergency", errors) {
            dial_out.emergency.extend(part.parsed(&expected, errors, |text| {
                let fits =
                    (2..=6).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
                if fits { Ok(text.to_owned()) } else { Err(()) }
            }));
        }
    }
    dial_out
}

/// Calling codes, with `+`; none when nothing is said.
fn read_countries(keys: &Keys<'_>, errors: &mut Errors) -> Option<BTreeSet<String>> {
    let expected = code_expected();
    let parts = keys.get("countries")?.items(errors);
    let codes = parts.iter().filter_map(|part| part.parsed(&expected, errors, calling_code));
    Some(codes.map(|code| format!("+{code}")).collect())
}

fn code_expected() -> Words {
    Words::new(
        "국가 번호는 +82처럼 숫자 1~3자리로 적습니다",
        "write a country's calling code of 1 to 3 digits, such as +82",
    )
}

fn calling_code(text: &str) -> Result<String, ()> {
    let digits = text.strip_prefix('+').unwrap_or(text);
    let fits = (1..=3).contains(&digits.len())
        && digits.bytes().all(|byte| byte.is_ascii_digit())
        && !digits.starts_with('0');
    if fits { Ok(digits.to_owned()) } else { Err(()) }
}
