//! Who speaks which language, and how a text becomes a sound file.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Duration;

use tokio::time::timeout;
use tracing::warn;

use crate::audio::import_error::MAX_BYTES;
use crate::config::settings::{KeyPlace, SpeechConfig};
use crate::office::language::Language;
use crate::office::library::Speakers;
use crate::speech::command;
use crate::speech::error::SpeechError;
use crate::speech::{http, key};
use crate::words::Words;

/// The engine of `config.yaml`.
#[derive(Clone, Debug)]
pub struct Speech {
    engine: Engine,
    voices: BTreeMap<Language, String>,
    patience: Duration,
}

#[derive(Clone, Debug)]
enum Engine {
    Command(Vec<String>),
    Http { url: String, model: String, key: Option<KeyPlace>, authorities: Option<PathBuf> },
}

impl Speech {
    /// `authorities`: a PEM file of those that are believed beside the machine's own.
    #[must_use]
    pub fn of(config: &SpeechConfig, authorities: Option<&Path>) -> Self {
        let engine = match &config.url {
            Some(url) => {
                if config.key.is_some() && http::tells_all(url) {
                    warn!(%url, "the speech server's key goes over the network in clear; use https");
                }
                let (url, model, key) = (url.clone(), config.model.clone(), config.key.clone());
                Engine::Http { url, model, key, authorities: authorities.map(Path::to_owned) }
            }
            None => Engine::Command(config.command.clone()),
        };
        let voice =
            |language: Language| Some((language, config.voices.get(language.code())?.clone()));
        Self {
            engine,
            voices: Language::ALL.into_iter().filter_map(voice).collect(),
            patience: Duration::from_secs(config.seconds),
        }
    }

    /// What a document may ask for.
    #[must_use]
    pub fn speakers(&self) -> Speakers {
        let voice = |language: Language| match self.voices.get(&language) {
            Some(voice) => (language, Ok(voice.clone())),
            None => (language, Err(no_voice(language))),
        };
        Speakers {
            engine: self.engine_is_there(),
            voices: Language::ALL.into_iter().map(voice).collect(),
        }
    }

    fn engine_is_there(&self) -> Result<(), Words> {
        match &self.engine {
            Engine::Http { .. } => Ok(()),
            Engine::Command(argv) => match argv.first() {
                Some(program) if command::exists(program) => Ok(()),
                Some(program) => Err(no_program(program)),
                None => Err(no_program("espeak-ng")),
            },
        }
    }

    /// A sound file of some kind that says the text.
    ///
    /// # Errors
    /// When there is nobody to say it, or it does not work within the time that is set.
    pub async fn speak(
        &self,
        language: Language,
        voice: &str,
        text: &str,
    ) -> Result<Vec<u8>, SpeechError> {
        self.engine_is_there().map_err(SpeechError::NoVoice)?;
        let limit = MAX_BYTES;
        let (who, made) = match &self.engine {
            Engine::Command(argv) => {
                let said = command::run(argv, (language.code(), voice, text), limit as u64);
                (argv.first().cloned(), timeout(self.patience, said).await)
            }
            Engine::Http { url, model, key, authorities } => {
                let key = key.as_ref().map(key::read).transpose()?;
                let (key, own) = (key.as_deref(), authorities.as_deref());
                let said = http::ask(url, model, key, own, (voice, text), limit);
                (Some(url.clone()), timeout(self.patience, said).await)
            }
        };
        made.unwrap_or_else(|_| Err(SpeechError::TooSlow(who.unwrap_or_default())))
    }
}

fn no_program(program: &str) -> Words {
    Words::new(
        format!(
            "글을 읽어 줄 프로그램 {program}이(가) 없습니다. apt install espeak-ng로 설치하거나 config.yaml의 speech에 다른 엔진을 정하세요. 아니면 {{file: …}}이나 built-in을 쓰세요"
        ),
        format!(
            "there is no {program} to speak a text; apt install espeak-ng, or name another engine under speech in config.yaml, or write {{file: …}} or built-in"
        ),
    )
}

/// espeak-ng is understood in English and Spanish; its Korean, Japanese and Chinese are not.
fn no_voice(language: Language) -> Words {
    Words::new(
        format!(
            "{language} 글을 읽어 줄 목소리가 없습니다(espeak-ng의 한국어, 일본어, 중국어는 알아들을 수 없어 쓰지 않습니다). config.yaml의 speech에 엔진과 voices.{language}을(를) 정하거나 {{file: …}} 또는 built-in을 쓰세요"
        ),
        format!(
            "no voice speaks {language} (espeak-ng is not understood in Korean, Japanese and Chinese and is not used for them); name an engine and voices.{language} under speech in config.yaml, or write {{file: …}} or built-in"
        ),
    )
}

#[cfg(test)]
mod tests {
    use std::io::{Read, Write};
    use std::net::TcpListener;
    use std::thread;

    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio_rustls::TlsAcceptor;

    use super::*;
    use crate::tls::certificate::CertificateFiles;
    use crate::tls::own::own_certificate;
    use crate::tls::shown::Shown;

    const WAV: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/sounds/files/8k-16bit.wav");

    fn speech(engine: Engine) -> Speech {
        let voices = BTreeMap::from([(Language::Ko, "민지".to_owned())]);
        Speech { engine, voices, patience: Duration::from_secs(20) }
    }

    fn command(words: &[&str]) -> Speech {
        speech(Engine::Command(words.iter().map(|&word| word.to_owned()).collect()))
    }

    fn runtime() -> tokio::runtime::Runtime {
        tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap()
    }

    fn say(speech: &Speech, text: &str) -> Result<Vec<u8>, SpeechError> {
        runtime().block_on(speech.speak(Language::Ko, "민지", text))
    }

    #[test]
    fn a_program_gets_the_text_and_gives_the_sound() {
        assert_eq!(say(&command(&["cat"]), "안녕").unwrap(), "안녕".as_bytes());
        let told = say(&command(&["echo", "-n", "{language} {voice}", "{text}"]), "$(id); 'x'");
        assert_eq!(told.unwrap(), "ko 민지 $(id); 'x'".as_bytes(), "there is no shell");
        assert_eq!(say(&command(&["cat", WAV]), "x").unwrap(), std::fs::read(WAV).unwrap());
    }

    #[test]
    fn a_program_that_does_not_work_is_told_with_what_it_said() {
        let gone = say(&command(&["no-such-program"]), "x").unwrap_err();
        assert!(gone.to_string().contains("there is no no-such-program"), "{gone}");
        let failed = say(&command(&["cat", "/no/such/file"]), "x").unwrap_err();
        assert!(failed.to_string().contains("/no/such/file"), "{failed}");
        assert!(matches!(say(&command(&["true"]), "x"), Err(SpeechError::Failed { .. })));
        let mut slow = command(&["sleep", "60"]);
        slow.patience = Duration::from_millis(50);
        assert_eq!(say(&slow, "x"), Err(SpeechError::TooSlow("sleep".to_owned())));
        assert_eq!(say(&command(&["yes"]), "x"), Err(SpeechError::TooMuch("yes".to_owned())));
    }

    #[test]
    fn languages_without_a_voice_say_what_to_do() {
        let speakers = Speech::of(&SpeechConfig::default(), None).speakers();
        assert_eq!(speakers.voices[&Language::Es], Ok("es".to_owned()));
        for language in [Language::Ko, Language::Ja, Language::Zh] {
            let why = speakers.voices[&language].as_ref().unwrap_err();
            assert!(why.en.contains(&format!("voices.{language}")), "{why}");
        }
    }

    #[test]
    fn a_server_is_asked_in_the_usual_form() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let server = thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            let mut request = vec![0; 4_096];
            let mut length = 0;
            while !request[..length].ends_with(b"}") {
                length += stream.read(&mut request[length..]).unwrap();
            }
            write!(stream, "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nRIFF").unwrap();
            String::from_utf8(request[..length].to_vec()).unwrap()
        });
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("key");
        std::fs::write(&path, "sk-secret\n").unwrap();
        let key = Some(KeyPlace::File(path));
        let speech =
            speech(Engine::Http { url, model: "tts-1".to_owned(), key, authorities: None });
        assert!(!format!("{speech:?}").contains("sk-secret"));
        assert_eq!(say(&speech, "안녕\"").unwrap(), b"RIFF");
        let request = server.join().unwrap();
        assert!(
            request.starts_with("POST /v1/audio/speech HTTP/1.1\r\nHost: 127.0.0.1:"),
            "{request}"
        );
        assert!(request.contains("\r\nAuthorization: Bearer sk-secret\r\n"), "{request}");
        let body = request.split("\r\n\r\n").nth(1).unwrap();
        let body: serde_json::Value = serde_json::from_str(body).unwrap();
        assert_eq!(body["input"], "안녕\"");
        assert_eq!((&body["voice"], &body["response_format"]), (&"민지".into(), &"wav".into()));
        assert!(matches!(say(&speech, "x"), Err(SpeechError::Failed { .. })), "it is gone");
    }

    /// One answer over TLS, under a certificate of 127.0.0.1; what it was asked.
    fn secure_server(certificate: CertificateFiles) -> (u16, thread::JoinHandle<String>) {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        listener.set_nonblocking(true).unwrap();
        let shown = Shown::open(certificate).unwrap().watched().borrow().clone();
        let server = thread::spawn(move || {
            runtime().block_on(async move {
                let listener = tokio::net::TcpListener::from_std(listener).unwrap();
                let (stream, _) = listener.accept().await.unwrap();
                let Ok(mut stream) = TlsAcceptor::from(shown).accept(stream).await else {
                    return "no handshake".to_owned();
                };
                let mut request = Vec::new();
                while !request.ends_with(b"}") {
                    assert!(stream.read_buf(&mut request).await.unwrap() > 0);
                }
                let answer = b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nRIFF";
                stream.write_all(answer).await.unwrap();
                stream.flush().await.unwrap();
                String::from_utf8(request).unwrap()
            })
        });
        (port, server)
    }

    #[test]
    fn a_server_behind_tls_is_believed_by_the_authority_that_is_set_and_by_no_other() {
        let folder = tempfile::tempdir().unwrap();
        let own = own_certificate(folder.path(), &["127.0.0.1".to_owned()]).unwrap().files;
        let secure = |authorities: Option<PathBuf>| {
            let (port, server) = secure_server(own.clone());
            let url = format!("https://127.0.0.1:{port}");
            let (model, key) = ("tts-1".to_owned(), None);
            let said = say(&speech(Engine::Http { url, model, key, authorities }), "안녕");
            (said, server.join().unwrap())
        };
        let (said, asked) = secure(Some(own.certificate.clone()));
        assert_eq!(said.unwrap(), b"RIFF");
        assert!(asked.starts_with("POST /v1/audio/speech HTTP/1.1\r\nHost: 127.0.0.1:"), "{asked}");
        let (said, asked) = secure(None);
        assert!(said.unwrap_err().to_string().contains("certificate"));
        assert_eq!(asked, "no handshake", "nothing was said to a stranger");
    }
}
