//! The HTTP door, on both engines, without a network.
#![allow(missing_docs)]

mod it {
    mod contract;
    mod device_key;
    mod documents;
    mod events;
    mod files;
    mod imports;
    mod input;
    mod keys;
    mod metrics;
    mod second_factor;
    pub mod sessions;
    mod sweep;
    pub mod world;
}
