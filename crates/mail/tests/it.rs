//! The doors about mails, each on both engines.
#![allow(missing_docs, clippy::unwrap_used)]

mod it {
    mod mails;
    mod statements;
}
