//! What a server answers (RFC 9110), read no further than it is wanted.

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    pub status: u16,
    pub body: Vec<u8>,
    /// Whether the body is all that the server had to say.
    pub whole: bool,
}
