//! Stock through its doors, on both engines.
#![allow(missing_docs)]

mod it {
    mod adjust;
    mod demand;
    mod post;
    mod race;
    mod reasons;
    pub mod world;
}
