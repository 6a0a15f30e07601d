//! A refresh of ours in flight (RFC 4028 7.4 and 10).

use bytes::Bytes;

use crate::sip::dialog::Dialog;
use crate::sip::leg::means::{write_capabilities, write_description};
use crate::sip::leg::session_timer::{Terms, wanted_by_422, write_wish};
use crate::sip::syntax::message::{Request, Response};
use crate::sip::syntax::method::Method;
use crate::sip::transaction::key::ClientKey;

/// One request that shows the far end to be alive.
#[derive(Debug)]
pub struct Refresh {
    pub key: ClientKey,
    pub request: Request,
    /// Seconds of the interval it asks for.
    pub asked: u32,
}

/// What a refusal of it means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// 491: theirs crossed ours; again after a wait.
    Glare,
    /// 422: again with this interval.
    Longer(u32),
    /// UPDATE is not for them; again as INVITE.
    NoUpdate,
    /// 401, 407.
    Challenged,
    /// 481: the far end knows the call no more.
    Gone,
    /// 408 and its like: somebody between us got no answer.
    Silent,
    /// Refused, but by somebody who is in the call.
    Alive,
}

impl Refresh {
    /// Without a description: nothing about the sound can go wrong.
    pub fn update(dialog: &mut Dialog, terms: Terms) -> Request {
        let mut request = dialog.request(Method::Update);
        write_capabilities(&mut request.headers);
        write_wish(&mut request.headers, terms.interval, Some(terms.we_refresh));
        request
    }

    /// For phones without UPDATE; one without a description would ask them for an offer.
    pub fn reinvite(dialog: &mut Dialog, terms: Terms, body: Bytes) -> Request {
        let mut request = dialog.request(Method::Invite);
        write_capabilities(&mut request.headers);
        write_wish(&mut request.headers, terms.interval, Some(terms.we_refresh));
        write_description(&mut request.headers, &mut request.body, body);
        request
    }

    #[must_use]
    pub fn is(&self, key: ClientKey) -> bool {
        self.key == key
    }

    #[must_use]
    pub fn has_offer(&self) -> bool {
        !self.request.body.is_empty()
    }

    #[must_use]
    pub fn verdict(&self, response: &Response) -> Verdict {
        match response.status {
            491 => Verdict::Glare,
            422 => wanted_by_422(response, self.asked).map_or(Verdict::Alive, Verdict::Longer),
            405 | 501 if self.request.method == Method::Update => Verdict::NoUpdate,
            401 | 407 => Verdict::Challenged,
            404 | 481 => Verdict::Gone,
            408 | 430 | 480 | 502..=504 => Verdict::Silent,
            _ => Verdict::Alive,
        }
    }
}
