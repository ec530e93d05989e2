//! What stock is worth, through the doors, on both engines.
#![allow(missing_docs)]

mod it {
    mod correct;
    mod costing;
    mod race;
    mod revalue;
    mod schema;
    mod value;
    mod views;
    mod walk;
    pub mod world;
}
