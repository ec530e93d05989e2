//! The doors about partners, each on both engines.
#![allow(missing_docs, clippy::unwrap_used)]

mod it {
    mod files;
    mod partners;
    mod statements;
    mod undo;
    pub mod world;
}
