//! The binary as its users start it, and as a crash finds it.
#![allow(missing_docs)]

mod it {
    mod command_line;
    mod hook;
    mod jobs;
    mod kill;
    mod post;
    pub mod server;
    mod tls;
}
