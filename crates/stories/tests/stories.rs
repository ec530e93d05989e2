//! Business stories over HTTP. Each ends with every named check of every domain.
#![allow(missing_docs)]

mod stories {
    mod approvals;
    mod buy_and_sell;
    mod fight;
    mod growth;
    mod pick_and_pack;
    mod race;
    pub mod world;
}
