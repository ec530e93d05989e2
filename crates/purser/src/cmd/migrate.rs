//! `purser migrate`.

use crate::args::DatabaseArgs;
use crate::failure::Failure;
use crate::place;
use std::process::ExitCode;
use store::{Database, Options};

pub(crate) fn run(args: &DatabaseArgs) -> Result<ExitCode, Failure> {
    let options = Options { unsafe_durability: args.unsafe_durability, ..Options::default() };
    let database = Database::open(&place::url(args), options)?;
    let ran = place::migrate(&database)?;
    for file in &ran {
        println!("{file}");
    }
    println!("{} migrations ran; the schema is up to date", ran.len());
    Ok(ExitCode::SUCCESS)
}
