//! What a run does, as the order of its events.
use insta as _;
use proptest as _;
