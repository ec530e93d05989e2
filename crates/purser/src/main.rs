//! `purser`: the one binary. Command line, configuration and wiring; no rule lives here.

mod args;
mod cmd;
mod desk;
mod failure;
mod hook;
mod place;
mod post;
mod runner;
mod seal;
mod tls;
mod worker;

use args::{Args, Command};
use clap::Parser;
use std::process::ExitCode;

fn main() -> ExitCode {
    let args = Args::parse();
    start_log(args.log_json);
    let done = match args.command {
        Command::Demo(demo) => cmd::demo::run(&args.database, demo),
        Command::Serve(serve) => cmd::serve::run(&args.database, serve),
        Command::Migrate => cmd::migrate::run(&args.database),
        Command::Check(check) => cmd::check::run(&args.database, &check),
        Command::User(user) => cmd::user::run(&args.database, user),
        Command::Apikey(apikey) => cmd::apikey::run(&args.database, apikey),
        Command::Scenario(scenario) => cmd::scenario::run(args.database.url.as_deref(), scenario),
        Command::Opening(opening) => cmd::opening::run(&args.database, &opening),
        Command::Import(import) => cmd::import::run(&args.database, &import),
        Command::Approvals(asked) => cmd::approvals::run(&args.database, asked),
        Command::Count(count) => cmd::count::run(&args.database, count),
        Command::Blind(blind) => cmd::blind::run(&args.database, blind),
        Command::Pick(pick) => cmd::pick::run(&args.database, pick),
        Command::Plan(plan) => cmd::plan::run(&args.database, &plan),
        Command::Attach(attach) => cmd::documents::attach(&args.database, attach),
        Command::Documents(list) => cmd::documents::list(&args.database, &list),
        Command::Document(document) => cmd::documents::run(&args.database, document),
        Command::Print(print) => cmd::print::run(&args.database, &print),
        Command::Mail(mail) => cmd::mail::run(&args.database, mail),
        Command::Jobs(asked) => cmd::jobs::run(&args.database, asked),
        Command::Webhook(asked) => cmd::webhook::run(&args.database, asked),
        Command::Policy(policy) => cmd::mail::policy(&args.database, &policy),
        Command::Export(export) => cmd::export::run(&args.database, &export),
        Command::Report(report) => cmd::report::run(&args.database, report),
        Command::Bench(bench) => cmd::bench::run(&args.database, &bench),
        Command::Backup(backup) => cmd::backup::run(&args.database, &backup),
        Command::Restore(restore) => cmd::backup::restore(&args.database, &restore),
        Command::Doctor => cmd::doctor::run(&args.database),
    };
    match done {
        Ok(code) => code,
        Err(failure) => {
            eprintln!("purser: {failure}");
            ExitCode::from(2)
        }
    }
}

fn start_log(json: bool) {
    let filter = tracing_subscriber::EnvFilter::try_from_env("PURSER_LOG")
        .unwrap_or_else(|_| tracing_subscriber::EnvFilter::new("warn"));
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    if json { log.json().init() } else { log.init() }
}
