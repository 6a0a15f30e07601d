//! Why a server gave no answer.

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WebError {
    /// The network's words: no such name, connection refused, reset.
    #[error("{0}")]
    Network(String),
    #[error("no HTTP answer")]
    NoAnswer,
    /// Nothing here speaks TLS.
    #[error("https is not spoken")]
    NoTls,
}

impl From<std::io::Error> for WebError {
    fn from(error: std::io::Error) -> Self {
        Self::Network(error.to_string())
    }
}
