//! The papers of records and the files on them, on both engines.
#![allow(missing_docs, clippy::unwrap_used)]

mod it {
    mod documents;
    mod print;
    pub mod read;
    mod send;
    pub mod world;
}
