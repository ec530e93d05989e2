//! The doors about webhooks, each on both engines.
#![allow(missing_docs, clippy::unwrap_used)]

mod it {
    mod deliveries;
    mod names;
    mod nodes;
    mod order;
    mod registered;
    mod replays;
    mod statements;
    mod world;
}
