//! Sales through its doors, on both engines.
#![allow(missing_docs, clippy::unwrap_used)]

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
