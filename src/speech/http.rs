//! A server that speaks: `POST /v1/audio/speech`, as many speech servers take it.

use serde_json::json;

use crate::office::web_address::WebAddress;
use crate::speech::error::SpeechError;
use crate::web::post::post;

/// Where such servers take texts, if the address names no path.
const USUAL_PATH: &str = "/v1/audio/speech";
/// What of a server's complaint is worth repeating, in characters.
const COMPLAINT: usize = 300;

/// Asks for a WAV file; at most `limit` bytes are taken.
///
/// # Errors
/// When the server is not there, refuses or says too much.
pub(crate) async fn ask(
    url: &str,
    model: &str,
    key: Option<&str>,
    (voice, text): (&str, &str),
    limit: usize,
) -> Result<Vec<u8>, SpeechError> {
    let failed = |why: String| SpeechError::Failed { who: url.to_owned(), why };
    let address = address(url).ok_or_else(|| failed("no http:// address".to_owned()))?;
    let body = json!({
        "model": model, "input": text, "voice": voice, "response_format": "wav",
    })
    .to_string();
    let bearer = key.map(|key| format!("Bearer {key}"));
    let mut headers = vec![("Content-Type", "application/json"), ("Accept", "audio/wav")];
    headers.extend(bearer.as_deref().map(|bearer| ("Authorization", bearer)));
    let told = post(&address, &headers, body.as_bytes(), (limit, None)).await;
    let answer = told.map_err(|error| failed(error.to_string()))?;
    if answer.body.len() >= limit && !answer.whole {
        return Err(SpeechError::TooMuch(url.to_owned()));
    }
    if answer.status != 200 || answer.body.is_empty() {
        let complaint: String =
            String::from_utf8_lossy(&answer.body).chars().take(COMPLAINT).collect();
        return Err(failed(format!("{} {complaint}", answer.status)));
    }
    if !answer.whole {
        return Err(failed("the answer was cut off".to_owned()));
    }
    Ok(answer.body)
}

/// With the usual path where none is named.
fn address(url: &str) -> Option<WebAddress> {
    let address = WebAddress::parse(url).ok()?;
    if address.path() != "/" {
        return Some(address);
    }
    WebAddress::parse(&format!("{}{USUAL_PATH}", url.trim_end_matches('/'))).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_without_a_path_means_the_usual_one() {
        let path = |url: &str| address(url).map(|address| address.path());
        assert_eq!(path("http://tts:8880").as_deref(), Some(USUAL_PATH));
        assert_eq!(path("http://tts:8880/").as_deref(), Some(USUAL_PATH));
        assert_eq!(path("http://[::1]:80/say").as_deref(), Some("/say"));
        assert_eq!(path("http://a b/"), None);
    }
}
