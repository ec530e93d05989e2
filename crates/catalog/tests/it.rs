//! The catalogue's doors, each on both engines.
#![allow(missing_docs)]

mod it {
    mod files;
    mod items;
    mod kits;
    mod lists;
    mod scans;
    mod scratch;
    mod statements;
    mod units;
    pub mod world;
}
