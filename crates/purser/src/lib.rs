//! purser.
