//! The doors about documents, each on both engines.
#![allow(missing_docs, clippy::unwrap_used)]

mod it {
    mod documents;
    mod race;
    mod statements;
    pub mod world;
}
