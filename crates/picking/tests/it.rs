//! Picking through its doors, on both engines.
#![allow(missing_docs, clippy::unwrap_used)]

mod it {
    mod carrier;
    mod flow;
    mod lots;
    mod orders;
    mod planning;
    mod race;
    mod scans;
    mod short;
    mod statements;
    pub mod world;
}
