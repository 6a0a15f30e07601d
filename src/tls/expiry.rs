//! When a certificate ends (RFC 5280 4.1.2.5).

use std::time::SystemTime;

use yasna::{ASN1Result, BERReaderSeq, Tag};

/// The notAfter of a certificate in DER; `None` when it cannot be read.
#[must_use]
pub fn expiry(certificate: &[u8]) -> Option<SystemTime> {
    let read = yasna::parse_der(certificate, |reader| {
        reader.read_sequence(|certificate| {
            let ends = certificate.next().read_sequence(ends)?;
            // The algorithm of the signature, and the signature.
            certificate.next().read_der()?;
            certificate.next().read_der()?;
            Ok(ends)
        })
    });
    read.ok()
}

fn ends(body: &mut BERReaderSeq<'_, '_>) -> ASN1Result<SystemTime> {
    // The version is left out in the oldest kind of certificate.
    body.read_optional(|reader| reader.read_tagged(Tag::context(0), |version| version.read_der()))?;
    // Serial number, algorithm and issuer.
    for _ in 0..3 {
        body.next().read_der()?;
    }
    let ends = body.next().read_sequence(|validity| {
        validity.next().read_der()?;
        let ends = validity.next();
        // RFC 5280 4.1.2.5: two digits of the year until 2049, four from then on.
        Ok(if ends.lookahead_tag()? == yasna::tags::TAG_UTCTIME {
            (*ends.read_utctime()?.datetime()).into()
        } else {
            (*ends.read_generalized_time()?.datetime()).into()
        })
    })?;
    while body.read_optional(|reader| reader.read_der())?.is_some() {}
    Ok(ends)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_end_of_both_kinds_is_read_and_nonsense_is_refused() {
        for (year, seconds) in [(2031, 1_924_992_000), (2077, 3_376_684_800)] {
            let mut wanted = rcgen::CertificateParams::new(vec!["a".to_owned()]).unwrap();
            wanted.not_after = rcgen::date_time_ymd(year, 1, 1);
            let made = wanted.self_signed(&rcgen::KeyPair::generate().unwrap()).unwrap();
            let ends = expiry(made.der()).unwrap();
            let since = ends.duration_since(SystemTime::UNIX_EPOCH).unwrap();
            assert_eq!(since.as_secs(), seconds, "{year}");
            for cut in 0..made.der().len() {
                assert_eq!(expiry(&made.der()[..cut]), None, "{cut}");
            }
        }
    }
}
