//! Openings through their doors, on both engines.
#![allow(missing_docs, clippy::unwrap_used)]

mod it {
    mod open;
    mod read;
    mod told;
    mod trade;
    mod undo;
    pub mod world;
    mod wrong;
}
