//! The doors about jobs, each on both engines.
#![allow(missing_docs, clippy::unwrap_used)]

mod it {
    mod nodes;
    mod schedules;
    mod statements;
    mod world;
}
