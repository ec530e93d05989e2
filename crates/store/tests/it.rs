//! The store's promises, each on both engines where it concerns both.
#![allow(missing_docs)]

mod it {
    mod group;
    mod once;
    mod outbox;
    mod plans;
    mod seal;
    mod statements;
    pub mod world;
}
