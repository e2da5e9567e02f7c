//! OpenAI's Responses API. Nothing is stored at the endpoint: each request has the whole conversation.

mod attached;
mod body;
mod input;
mod reply;
mod stream;

pub(super) use attached::MEDIA;
pub(super) use body::body;
pub(super) use input::ITEM;
pub(super) use reply::reply;
pub(super) use stream::Stream;
