//! What phones are shown over TLS, and whom trunks over TLS are held against.

use std::time::SystemTime;

use crate::config::settings::Config;
use crate::doctor::finding::Finding;
use crate::office::transport::Transport;
use crate::tls::authorities;
use crate::tls::certificate::CertificateFiles;
use crate::tls::own::own_files;
use crate::tls::shown::{Standing, standing};
use crate::words::Words;

pub(crate) fn certificates(config: &Config, now: SystemTime) -> Vec<Finding> {
    let mut findings = Vec::new();
    if config.sip.listen.iter().any(|(transport, _)| *transport == Transport::Tls) {
        findings.push(certificate(config, now));
    }
    if let Some(file) = &config.tls.ca {
        let name = file.display();
        findings.push(match authorities::client(Some(file)) {
            Ok(_) => Finding::good(Words::new(
                format!("TLS {name}: 회선의 인증 기관을 읽었습니다"),
                format!("TLS {name}: authorities of trunks are readable"),
            )),
            Err(fault) => Finding::bad(fault.0, mend()),
        });
    }
    findings
}

fn certificate(config: &Config, now: SystemTime) -> Finding {
    let files = match (&config.tls.certificate, &config.tls.key) {
        (Some(certificate), Some(key)) => {
            CertificateFiles { certificate: certificate.clone(), key: key.clone() }
        }
        (Some(_), None) | (None, _) => own_files(&config.data_dir),
    };
    let is_own = config.tls.certificate.is_none();
    let name = files.certificate.display();
    if is_own && !files.certificate.exists() {
        return Finding::good(Words::new(
            format!("TLS: naru가 시작할 때 {name} 인증서를 만듭니다"),
            format!("TLS: naru will make the certificate {name} when it starts"),
        ));
    }
    let read = match files.read() {
        Ok(read) => read,
        Err(fault) => return Finding::bad(fault.0, mend()),
    };
    match standing(read.ends, now) {
        Standing::Good if is_own => Finding::good(Words::new(
            format!("TLS {name}: naru가 만든 인증서입니다. 전화기에서 이 인증서를 허용하세요"),
            format!("TLS {name}: made by naru; tell the phones to accept it"),
        )),
        Standing::Good => Finding::good(Words::new(
            format!("TLS {name}: 인증서와 키가 맞습니다"),
            format!("TLS {name}: certificate and key fit"),
        )),
        Standing::EndsSoon => Finding::doubtful(
            Words::new(
                format!("TLS {name}: 인증서가 3주 안에 끝납니다"),
                format!("TLS {name}: ends within three weeks"),
            ),
            renew(),
        ),
        Standing::Over => Finding::bad(
            Words::new(
                format!("TLS {name}: 인증서 기간이 끝났습니다"),
                format!("TLS {name}: has ended"),
            ),
            renew(),
        ),
    }
}

fn mend() -> Words {
    Words::new(
        "config.yaml의 tls 아래 파일을 고치고 systemctl restart naru",
        "mend the files under tls in config.yaml, then systemctl restart naru",
    )
}

fn renew() -> Words {
    Words::new(
        "새 인증서를 같은 파일에 두세요. naru가 1분 안에 다시 읽습니다",
        "put a new certificate into the same files; naru reads them again within a minute",
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::doctor::finding::State;
    use crate::tls::own::own_certificate;
    use std::time::Duration;

    #[test]
    fn what_phones_would_refuse_is_told_beforehand() {
        let folder = tempfile::tempdir().unwrap();
        let mut config = Config { data_dir: folder.path().to_owned(), ..Config::default() };
        let now = SystemTime::UNIX_EPOCH + Duration::from_secs(1_900_000_000);
        assert!(certificates(&config, now).is_empty());
        config.sip.listen.push((Transport::Tls, "0.0.0.0:5061".parse().unwrap()));
        let state = |config: &Config, now| certificates(config, now)[0].state;
        assert_eq!(state(&config, now), State::Good);
        let own = own_certificate(folder.path(), &["a".to_owned()]).unwrap().files;
        assert_eq!(state(&config, now), State::Good);
        let later = now + Duration::from_secs(30 * 365 * 24 * 3600);
        assert_eq!(state(&config, later), State::Bad);
        (config.tls.certificate, config.tls.key) = (Some(own.key), Some(own.certificate));
        assert_eq!(state(&config, now), State::Bad);
    }
}
