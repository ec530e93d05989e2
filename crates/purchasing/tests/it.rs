//! Buying through its doors, on both engines.
#![allow(missing_docs, clippy::unwrap_used)]

mod it {
    mod amend;
    mod approve;
    mod bill;
    mod end;
    mod offers;
    mod order;
    mod race;
    mod receive;
    mod returns;
    mod statements;
    mod views;
    pub mod world;
}
