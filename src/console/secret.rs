//! A phone's account, shown once.

use std::fmt;

use getrandom::fill;

#[derive(Clone, PartialEq, Eq)]
pub struct Secret {
    pub username: String,
    pub password: String,
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Secret").field("username", &self.username).finish_non_exhaustive()
    }
}

/// Without letters and digits that people mistake for one another.
const LETTERS: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";

/// Twenty letters of 5 bits each, in groups that can be read out: `h7kd2-…`. None: this machine
/// gives no random bytes.
#[must_use]
pub fn new_password() -> Option<String> {
    let mut bytes = [0_u8; 20];
    fill(&mut bytes).ok()?;
    let letters = bytes.map(|byte| char::from(LETTERS[usize::from(byte % 32)]));
    let groups: Vec<String> = letters.chunks(5).map(|group| group.iter().collect()).collect();
    Some(groups.join("-"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_passwords_are_the_same_and_none_is_printed_by_chance() {
        let (one, other) = (new_password().unwrap(), new_password().unwrap());
        assert_ne!(one, other);
        assert_eq!(one.len(), 23);
        let secret = Secret { username: "101".to_owned(), password: one.clone() };
        assert!(!format!("{secret:?}").contains(&one));
    }
}
