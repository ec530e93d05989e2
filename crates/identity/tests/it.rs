//! Who may do what, through the doors, on both engines.
#![allow(missing_docs, clippy::unwrap_used)]

mod it {
    mod access;
    mod approvals;
    mod audit;
    mod device_keys;
    mod keys;
    mod policies;
    mod roles;
    mod schema;
    mod second_factor;
    mod sessions;
    mod set_up;
    mod users;
    mod world;
}
