//! Runs that a journal keeps: resumed where they were, waiting for people, cancelled, shut down. Time is paused.

mod answers;
mod crashes;
mod support;
