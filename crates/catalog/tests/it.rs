//! The catalogue's doors, each on both engines.
#![allow(missing_docs, clippy::unwrap_used)]

mod it {
    mod files;
    mod items;
    mod kits;
    mod lists;
    mod scans;
    mod statements;
    mod undo;
    mod units;
    pub mod world;
}
