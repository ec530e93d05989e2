//! The books through their doors, on both engines.

#[path = "it/world.rs"]
mod world;

#[path = "it/exchange.rs"]
mod exchange;
#[path = "it/installing.rs"]
mod installing;
#[path = "it/locking.rs"]
mod locking;
#[path = "it/manual.rs"]
mod manual;
#[path = "it/owning.rs"]
mod owning;
#[path = "it/posting.rs"]
mod posting;
#[path = "it/property.rs"]
mod property;
#[path = "it/racing.rs"]
mod racing;
#[path = "it/reading.rs"]
mod reading;
#[path = "it/reversing.rs"]
mod reversing;
#[path = "it/statements.rs"]
mod statements;
#[path = "it/tax.rs"]
mod tax;
