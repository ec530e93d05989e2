//! Payments through their doors, on both engines.

#[path = "it/world.rs"]
mod world;

#[path = "it/batch.rs"]
mod batch;
#[path = "it/deposits.rs"]
mod deposits;
#[path = "it/foreign.rs"]
mod foreign;
#[path = "it/pay.rs"]
mod pay;
#[path = "it/payouts.rs"]
mod payouts;
#[path = "it/racing.rs"]
mod racing;
#[path = "it/reading.rs"]
mod reading;
#[path = "it/rehearsing.rs"]
mod rehearsing;
#[path = "it/reversing.rs"]
mod reversing;
#[path = "it/statements.rs"]
mod statements;
