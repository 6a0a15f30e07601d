//! `config.yaml` read over the defaults, with every fault and its line.

use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use crate::config::settings::{Config, LogLevel, SpeakerConfig, SpeechConfig};
use crate::config::written::{
    address, card, domain, half, http_address, key_place, nothing, nowhere, path, ports, seconds,
    sip_address, speech_address, word,
};
use crate::fields::Fields;
use crate::words::Words;
use crate::yaml::{Fault, Node, Part, told};

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

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::config::settings::KeyPlace;
    use crate::office::transport::Transport;

    #[test]
    fn the_example_is_the_default() {
        let example = include_str!("../../config.example.yaml");
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
