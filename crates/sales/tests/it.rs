//! Sales through its doors, on both engines.
#![allow(missing_docs)]

mod it {
    mod accept;
    mod amounts;
    mod batch;
    mod cancel;
    mod import;
    mod invoice;
    mod lists;
    mod race;
    mod ship;
    mod statements;
    pub mod world;
}
