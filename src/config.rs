//! What must be known before the database opens: config.yaml.

use std::collections::BTreeMap;
use std::fmt;
use std::fs;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use tracing::level_filters::LevelFilter;

use crate::fields::Fields;
use crate::office::transport::Transport;
use crate::words::Words;
use crate::yaml::{Fault, Node, Part, told};

/// The settings of one daemon. `config.example.yaml` says the same as the default.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Config {
    /// Holds the database; a relative path starts where the daemon was started.
    pub data_dir: PathBuf,
    pub log: LogLevel,
    pub sip: SipConfig,
    pub media: MediaConfig,
    pub speaker: SpeakerConfig,
    pub speech: SpeechConfig,
    pub api: ApiConfig,
    pub tls: TlsConfig,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SipConfig {
    pub listen: Vec<(Transport, SocketAddr)>,
    /// The domain in our addresses; none: the address a phone used.
    pub domain: Option<String>,
    /// Our public address behind NAT.
    pub external_address: Option<IpAddr>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MediaConfig {
    /// UDP ports for RTP and RTCP, both ends included.
    pub ports: RangeInclusive<u16>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SpeakerConfig {
    /// ALSA PCM names; none: the box stays silent there. A card for everything that names none.
    pub device: Option<String>,
    pub ring: Option<String>,
    pub announce: Option<String>,
    pub page: Option<String>,
}

/// Who speaks the office's own texts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SpeechConfig {
    /// A program and its arguments: text on standard input, WAV on standard output.
    pub command: Vec<String>,
    /// A server that is asked instead: `POST /v1/audio/speech`.
    pub url: Option<String>,
    /// Where the key is that the server asks for; never in this file itself.
    pub key: Option<KeyPlace>,
    /// What the server is asked for.
    pub model: String,
    /// The engine's voice by language code; a language without one is not spoken.
    pub voices: BTreeMap<String, String>,
    /// How long one text may take.
    pub seconds: u64,
}

/// Where a secret is kept that another server asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KeyPlace {
    /// The first line of a file.
    File(PathBuf),
    /// A variable of the daemon's environment.
    Variable(String),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApiConfig {
    pub socket: PathBuf,
    /// Plain HTTP with a token; for loopback or behind a proxy.
    pub listen: Option<SocketAddr>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TlsConfig {
    /// Both in PEM; without them naru makes a certificate of its own when it listens to TLS.
    pub certificate: Option<PathBuf>,
    pub key: Option<PathBuf>,
    /// Authorities that trunks may be signed by, beside the machine's: a PEM file.
    pub ca: Option<PathBuf>,
}

/// How much the diary tells.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum LogLevel {
    Error,
    Warn,
    #[default]
    Info,
    Debug,
    Trace,
}

impl LogLevel {
    #[must_use]
    pub fn filter(self) -> LevelFilter {
        match self {
            Self::Error => LevelFilter::ERROR,
            Self::Warn => LevelFilter::WARN,
            Self::Info => LevelFilter::INFO,
            Self::Debug => LevelFilter::DEBUG,
            Self::Trace => LevelFilter::TRACE,
        }
    }
}

impl FromStr for LogLevel {
    type Err = Words;

    fn from_str(text: &str) -> Result<Self, Words> {
        Ok(match text {
            "error" => Self::Error,
            "warn" => Self::Warn,
            "info" => Self::Info,
            "debug" => Self::Debug,
            "trace" => Self::Trace,
            other => {
                return Err(Words::new(
                    format!(
                        "'{other}'은(는) 없는 단계입니다. error, warn, info, debug, trace 중 하나를 쓰세요"
                    ),
                    format!("'{other}' is no level; write one of error, warn, info, debug, trace"),
                ));
            }
        })
    }
}

impl Default for Config {
    fn default() -> Self {
        let any = SocketAddr::from((Ipv4Addr::UNSPECIFIED, 5060));
        Self {
            data_dir: PathBuf::from("/var/lib/naru"),
            log: LogLevel::default(),
            sip: SipConfig {
                listen: vec![(Transport::Udp, any), (Transport::Tcp, any)],
                domain: None,
                external_address: None,
            },
            media: MediaConfig { ports: 16384..=32767 },
            speaker: SpeakerConfig::of(Some("default".to_owned())),
            speech: SpeechConfig::default(),
            api: ApiConfig { socket: PathBuf::from("/run/naru/api.sock"), listen: None },
            tls: TlsConfig::default(),
        }
    }
}

/// Everything that is wrong with one file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfigErrors {
    pub file: PathBuf,
    pub faults: Vec<Fault>,
}

impl ConfigErrors {
    /// One line a fault: `file:line: field: what is wrong, what would be right`.
    #[must_use]
    pub fn lines(&self) -> Words {
        told(&self.file, &self.faults)
    }
}

impl fmt::Display for ConfigErrors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.lines().en)
    }
}

impl std::error::Error for ConfigErrors {}

impl Config {
    /// # Errors
    /// When the file cannot be read or says anything that is not a setting.
    pub fn load(file: &Path) -> Result<Self, ConfigErrors> {
        let refuse = |faults| ConfigErrors { file: file.to_owned(), faults };
        let text = fs::read_to_string(file).map_err(|error| {
            let message = Words::new(
                format!("읽을 수 없습니다: {error}. 파일이 있고 읽을 권한이 있는지 확인하세요"),
                format!("cannot be read: {error}; see that it exists and may be read"),
            );
            refuse(vec![Fault { line: 1, field: "config".to_owned(), message }])
        })?;
        Self::parse(&text).map_err(refuse)
    }

    /// # Errors
    /// Every fault of the text, not only the first.
    pub fn parse(text: &str) -> Result<Self, Vec<Fault>> {
        let root = Node::parse(text).map_err(|fault| vec![fault])?;
        let mut faults = Vec::new();
        let config = Self::read(&mut Fields::of(Part::whole(&root), &mut faults));
        if faults.is_empty() {
            Ok(config)
        } else {
            faults.sort_by_key(|fault| fault.line);
            Err(faults)
        }
    }

    fn read(fields: &mut Fields<'_>) -> Self {
        let mut config = Self::default();
        fields.value("data_dir", &mut config.data_dir, path);
        fields.value("log", &mut config.log, LogLevel::from_str);
        fields.section("sip", |sip| {
            sip.list("listen", &mut config.sip.listen, sip_address);
            if config.sip.listen.is_empty() {
                sip.refuse("listen", nowhere());
            }
            sip.option("domain", &mut config.sip.domain, domain);
            sip.option("external_address", &mut config.sip.external_address, address);
        });
        fields.section("media", |media| media.value("ports", &mut config.media.ports, ports));
        fields.section("speaker", |speaker| {
            speaker.option("device", &mut config.speaker.device, card);
            config.speaker = SpeakerConfig::of(config.speaker.device.take());
            speaker.section("cards", |cards| {
                cards.option("ring", &mut config.speaker.ring, card);
                cards.option("announce", &mut config.speaker.announce, card);
                cards.option("page", &mut config.speaker.page, card);
            });
        });
        fields.section("speech", |speech| config.speech.read(speech));
        fields.section("api", |api| {
            api.value("socket", &mut config.api.socket, path);
            api.option("listen", &mut config.api.listen, http_address);
        });
        fields.section("tls", |tls| {
            tls.option("certificate", &mut config.tls.certificate, path);
            tls.option("key", &mut config.tls.key, path);
            tls.option("ca", &mut config.tls.ca, path);
            match (&config.tls.certificate, &config.tls.key) {
                (Some(_), None) => tls.refuse("key", half("certificate")),
                (None, Some(_)) => tls.refuse("certificate", half("key")),
                (Some(_), Some(_)) | (None, None) => {}
            }
        });
        fields.refuse_the_rest();
        config
    }
}

impl SpeakerConfig {
    fn of(device: Option<String>) -> Self {
        let (ring, announce, page) = (device.clone(), device.clone(), device.clone());
        Self { device, ring, announce, page }
    }
}

impl Default for SpeechConfig {
    fn default() -> Self {
        let words = |words: &[&str]| words.iter().map(|&word| word.to_owned()).collect();
        let voices = [("en", "en-us"), ("es", "es")];
        Self {
            command: words(&["espeak-ng", "--stdin", "--stdout", "-v", "{voice}"]),
            url: None,
            key: None,
            model: "tts-1".to_owned(),
            voices: voices.map(|(code, voice)| (code.to_owned(), voice.to_owned())).into(),
            seconds: 30,
        }
    }
}

impl SpeechConfig {
    fn read(&mut self, fields: &mut Fields<'_>) {
        let usual = Self::default();
        fields.list("command", &mut self.command, word);
        if self.command.is_empty() {
            fields.refuse("command", nothing());
        }
        fields.option("url", &mut self.url, speech_address);
        fields.option("key", &mut self.key, key_place);
        fields.value("model", &mut self.model, word);
        // Another engine has other voices.
        if self.command != usual.command || self.url.is_some() {
            self.voices.clear();
        }
        fields.section("voices", |voices| {
            for code in ["ko", "en", "ja", "zh", "es"] {
                let mut voice = self.voices.remove(code);
                voices.option(code, &mut voice, word);
                self.voices.extend(voice.map(|voice| (code.to_owned(), voice)));
            }
        });
        fields.value("seconds", &mut self.seconds, seconds);
    }
}

fn word(text: &str) -> Result<String, Words> {
    if text.is_empty() || text.chars().any(char::is_control) {
        Err(nothing())
    } else {
        Ok(text.to_owned())
    }
}

fn nothing() -> Words {
    Words::new("비어 있거나 쓸 수 없는 글자가 있습니다", "is empty or has a control character")
}

fn speech_address(text: &str) -> Result<String, Words> {
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
fn key_place(text: &str) -> Result<KeyPlace, Words> {
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

fn seconds(text: &str) -> Result<u64, Words> {
    text.parse().ok().filter(|seconds| (1..=600).contains(seconds)).ok_or_else(|| {
        Words::new(
            format!("'{text}': 1~600초로 적습니다"),
            format!("'{text}': write 1 to 600 seconds"),
        )
    })
}

fn card(text: &str) -> Result<String, Words> {
    if text.is_empty() || text.contains('\0') {
        return Err(Words::new(
            "비어 있습니다. default 또는 hw:CARD=PCH 같은 ALSA 이름을 쓰고, 없으면 null을 쓰세요",
            "is empty; write an ALSA name such as default or hw:CARD=PCH, or null for none",
        ));
    }
    Ok(text.to_owned())
}

fn path(text: &str) -> Result<PathBuf, Words> {
    if text.is_empty() || text.contains('\0') {
        return Err(Words::new(
            "비어 있습니다. /var/lib/naru 같은 경로를 쓰세요",
            "is empty; write a path such as /var/lib/naru",
        ));
    }
    Ok(PathBuf::from(text))
}

fn sip_address(text: &str) -> Result<(Transport, SocketAddr), Words> {
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

fn half(given: &str) -> Words {
    Words::new(
        format!("{given}만 있습니다. certificate와 key를 함께 쓰거나 둘 다 null로 두세요"),
        format!("is missing beside {given}; write certificate and key, or null for both"),
    )
}

fn nowhere() -> Words {
    Words::new(
        "비어 있으면 아무 전화도 받을 수 없습니다. udp://0.0.0.0:5060처럼 하나 이상 쓰세요",
        "is empty: no phone could reach us; write one or more such as udp://0.0.0.0:5060",
    )
}

fn domain(text: &str) -> Result<String, Words> {
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

fn address(text: &str) -> Result<IpAddr, Words> {
    text.parse().map_err(|_| {
        Words::new(
            format!("'{text}'은(는) IP 주소가 아닙니다. 203.0.113.5처럼 쓰세요"),
            format!("'{text}' is no IP address; write one like 203.0.113.5"),
        )
    })
}

fn ports(text: &str) -> Result<RangeInclusive<u16>, Words> {
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

fn http_address(text: &str) -> Result<SocketAddr, Words> {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_example_is_the_default() {
        let example = include_str!("../config.example.yaml");
        assert_eq!(Config::parse(example), Ok(Config::default()));
        assert_eq!(Config::parse(""), Ok(Config::default()));
    }

    #[test]
    fn every_fault_is_named_with_its_line_and_what_would_be_right() {
        let text = "\
data_dir: ''
log: loud
colour: red
sip:
  listen: [udp://0.0.0.0:5060, wss://0.0.0.0:5061, udp://host:5060]
  domain: 'a b'
  external_address: here
media:
  ports: 80-90
api:
  socket: [1]
  listen: https://0.0.0.0:443
tls: yes
";
        let faults = Config::parse(text).unwrap_err();
        let errors = ConfigErrors { file: PathBuf::from("config.yaml"), faults };
        assert_eq!(
            errors.lines().en,
            "\
config.yaml:1: data_dir: is empty; write a path such as /var/lib/naru
config.yaml:2: log: 'loud' is no level; write one of error, warn, info, debug, trace
config.yaml:3: colour: is no setting here; known are data_dir, log, sip, media, speaker, speech, api, tls
config.yaml:5: sip.listen[1]: 'wss://0.0.0.0:5061' is not available in this version yet; use udp://, tcp:// or tls://
config.yaml:5: sip.listen[2]: 'udp://host:5060' is no address to listen on; write udp://0.0.0.0:5060 or tls://[::]:5061
config.yaml:6: sip.domain: 'a b' is no domain; write one like office.example
config.yaml:7: sip.external_address: 'here' is no IP address; write one like 203.0.113.5
config.yaml:9: media.ports: '80-90' is no range of ports; write four or more from 1024 up, such as 16384-32767
config.yaml:11: api.socket: must be one value, not a list
config.yaml:12: api.listen: https is not available in this version yet; write http://127.0.0.1:8080 and put a proxy before it
config.yaml:13: tls: must be a section with indented lines below it, not one value"
        );
        let korean = errors.lines().ko;
        assert!(korean.starts_with("config.yaml:1: data_dir: 비어 있습니다."), "{korean}");
    }

    #[test]
    fn broken_yaml_names_its_line() {
        for text in ["sip: {", "log: info\nlog: warn\n", "- a\n- b\n", "a: &x [*x]"] {
            let faults = Config::parse(text).unwrap_err();
            assert!(faults[0].line >= 1, "{text}: {faults:?}");
        }
        let faults = Config::parse("log: info\nsip:\n  listen: [\n").unwrap_err();
        assert!(faults[0].line >= 3, "{faults:?}");
    }

    #[test]
    fn a_daemon_that_listens_nowhere_is_refused() {
        for text in ["sip: {listen: []}", "log: info\nsip:\n  listen:\n"] {
            let faults = Config::parse(text).unwrap_err();
            assert_eq!(faults[0].field, "sip.listen", "{text}");
        }
    }

    #[test]
    fn both_families_and_null_are_taken() {
        let config =
            Config::parse("sip: {listen: ['tcp://[::1]:5070']}\nspeaker: {device: null}\n")
                .unwrap();
        assert_eq!(config.sip.listen, vec![(Transport::Tcp, "[::1]:5070".parse().unwrap())]);
        assert_eq!(config.speaker, SpeakerConfig::of(None));
    }

    #[test]
    fn a_certificate_comes_with_its_key() {
        let text =
            "sip: {listen: ['tls://0.0.0.0:5061']}\ntls: {certificate: /a, key: /b, ca: /c}\n";
        let config = Config::parse(text).unwrap();
        assert_eq!(config.sip.listen, vec![(Transport::Tls, "0.0.0.0:5061".parse().unwrap())]);
        assert_eq!(config.tls.ca, Some("/c".into()));
        for (given, missing) in [("certificate", "tls.key"), ("key", "tls.certificate")] {
            let faults = Config::parse(&format!("tls: {{{given}: /a}}")).unwrap_err();
            assert_eq!(faults[0].field, missing);
        }
    }

    #[test]
    fn a_purpose_without_a_card_of_its_own_takes_the_common_one() {
        let text = "speaker: {device: front, cards: {ring: back, page: null}}\n";
        let speaker = Config::parse(text).unwrap().speaker;
        assert_eq!(speaker.ring.as_deref(), Some("back"));
        assert_eq!(speaker.announce.as_deref(), Some("front"));
        assert_eq!(speaker.page, None);
        assert!(Config::parse("speaker: {device: ''}").is_err());
    }

    #[test]
    fn another_engine_brings_its_own_voices() {
        let speech = |text: &str| Config::parse(text).unwrap().speech;
        assert_eq!(speech("speech: {voices: {es: null}}").voices.len(), 1);
        let served = speech("speech: {url: 'http://127.0.0.1:8880', voices: {ko: 민지}}");
        assert_eq!(served.voices, BTreeMap::from([("ko".to_owned(), "민지".to_owned())]));
        let key = |text: &str| speech(&format!("speech: {{key: '{text}'}}")).key;
        assert_eq!(key("/etc/naru/key"), Some(KeyPlace::File("/etc/naru/key".into())));
        assert_eq!(key("$SPEECH_KEY"), Some(KeyPlace::Variable("SPEECH_KEY".to_owned())));
        for pasted in ["sk-1234567890", "$", "$A B", "key.txt"] {
            let refused = Config::parse(&format!("speech: {{key: '{pasted}'}}"));
            assert!(refused.is_err(), "{pasted}");
        }
        assert!(speech("speech: {command: [say, '{text}']}").voices.is_empty());
        for wrong in ["url: ftp://x", "command: []", "seconds: 0", "voices: {fr: x}"] {
            assert!(Config::parse(&format!("speech: {{{wrong}}}")).is_err(), "{wrong}");
        }
    }
}
