//! Returns, refunds and claims through their doors, on both engines.
#![allow(missing_docs, clippy::unwrap_used)]

mod it {
    mod ahead;
    mod claims;
    mod dispose;
    mod inspect;
    mod race;
    mod refunds;
    mod returns;
    mod statements;
    pub mod world;
}
