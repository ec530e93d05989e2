//! The HTTP door, on both engines, without a network.
#![allow(missing_docs)]

mod it {
    mod contract;
    mod documents;
    mod events;
    mod files;
    mod imports;
    mod input;
    mod keys;
    mod metrics;
    mod sessions;
    mod sweep;
    pub mod world;
}
