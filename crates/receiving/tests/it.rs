//! Receiving through its doors, on both engines.
#![allow(missing_docs, clippy::unwrap_used)]

mod it {
    mod blind;
    mod race;
    mod rights;
    mod statements;
    mod unknown;
    pub mod world;
}
