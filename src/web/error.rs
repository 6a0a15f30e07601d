//! Why a server gave no answer.

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WebError {
    /// The network's words: no such name, connection refused, reset.
    #[error("{0}")]
    Network(String),
    #[error("no HTTP answer")]
    NoAnswer,
    /// The server's certificate is not believed, or TLS fails otherwise.
    #[error("TLS: {0}")]
    Tls(String),
}

impl From<std::io::Error> for WebError {
    fn from(error: std::io::Error) -> Self {
        Self::Network(error.to_string())
    }
}
