//! Fulfilment through its doors, on both engines.
#![allow(missing_docs, clippy::unwrap_used)]

mod it {
    mod cancel;
    mod ranking;
    mod routing;
    mod statements;
    pub mod world;
}
