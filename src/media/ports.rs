//! The RTP port range, handed out in pairs.
