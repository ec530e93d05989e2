//! Fulfilment through its doors, on both engines.
#![allow(missing_docs, clippy::unwrap_used)]

mod it {
    mod cancel;
    mod direct;
    mod ranking;
    mod routing;
    mod statements;
    pub mod world;
}
