//! Reports through their doors, on both engines, with figures reckoned by hand.
#![allow(missing_docs)]

mod it {
    mod adjusted;
    mod buying;
    mod open_documents;
    mod plans;
    mod returns;
    mod selling;
    mod statements;
    mod stock_aging;
    mod stock_card;
    mod stock_ledger;
    mod turnover;
    pub mod world;
}
