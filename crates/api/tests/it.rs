//! The HTTP door, on both engines, without a network.
#![allow(missing_docs)]

mod it {
    mod contract;
    mod input;
    mod keys;
    mod metrics;
    mod sweep;
    pub mod world;
}
