//! The key that a speech server asks for: read when it is needed, so that it can be changed, and
//! kept nowhere.

use std::{env, fs};

use crate::config::settings::KeyPlace;
use crate::speech::error::SpeechError;

/// Longer than any key; a file of another kind is named by mistake.
const LONGEST: usize = 4_096;

/// # Errors
/// When there is none, or what is there can be no key. The words never hold it.
pub(crate) fn read(place: &KeyPlace) -> Result<String, SpeechError> {
    let (who, found) = match place {
        KeyPlace::File(path) => {
            let read = fs::read_to_string(path).map_err(|error| error.to_string());
            (path.display().to_string(), read)
        }
        KeyPlace::Variable(name) => {
            (format!("${name}"), env::var(name).map_err(|error| error.to_string()))
        }
    };
    let failed = |why: &str| SpeechError::Failed { who: who.clone(), why: why.to_owned() };
    let found = found.map_err(|why| failed(&why))?;
    let key = found.lines().next().unwrap_or_default().trim();
    // RFC 9110 5.5: nothing that could end the header.
    if key.is_empty() || key.len() > LONGEST || !key.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Err(failed("holds no key"));
    }
    Ok(key.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_the_first_line_and_nothing_that_is_none() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("key");
        let place = KeyPlace::File(path.clone());
        assert!(read(&place).is_err());
        fs::write(&path, "  sk-secret \nmore\n").unwrap();
        assert_eq!(read(&place).unwrap(), "sk-secret");
        for wrong in ["", "\n", "a b", "키", "x\u{7}"] {
            fs::write(&path, wrong).unwrap();
            let told = read(&place).unwrap_err().to_string();
            assert!(told.contains("holds no key") && told.contains("key"), "{told}");
        }
        let unset = KeyPlace::Variable("NARU_NO_SUCH_VARIABLE".to_owned());
        assert!(read(&unset).unwrap_err().to_string().contains("$NARU_NO_SUCH_VARIABLE"));
    }
}
