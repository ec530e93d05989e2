//! The doors about partners, each on both engines.
#![allow(missing_docs)]

mod it {
    mod statements;
}
