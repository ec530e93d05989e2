//! Who may do what, through the doors, on both engines.
#![allow(missing_docs)]

mod it {
    mod schema;
    mod policies;
}
