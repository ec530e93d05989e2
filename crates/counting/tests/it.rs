//! Counting through its doors, on both engines.
#![allow(missing_docs)]

mod it {
    mod approve;
    mod conflict;
    mod later;
    mod plan;
    mod race;
    mod sheet;
    mod statements;
    pub mod world;
}
