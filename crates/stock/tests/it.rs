//! Stock through its doors, on both engines.
#![allow(missing_docs)]

mod it {
    mod adjust;
    mod demand;
    mod lots;
    mod post;
    mod put_away;
    mod race;
    mod reasons;
    mod transfer;
    pub mod world;
}
