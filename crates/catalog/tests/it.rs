//! The catalogue's doors, each on both engines.
#![allow(missing_docs)]

mod it {
    mod statements;
}
