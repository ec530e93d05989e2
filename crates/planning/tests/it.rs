//! Planning through its doors, on both engines.

#[path = "it/world.rs"]
mod world;

#[path = "it/approve.rs"]
mod approve;
#[path = "it/groups.rs"]
mod groups;
#[path = "it/race.rs"]
mod race;
#[path = "it/readiness.rs"]
mod readiness;
#[path = "it/rules.rs"]
mod rules;
#[path = "it/run.rs"]
mod run;
#[path = "it/statements.rs"]
mod statements;
#[path = "it/supply.rs"]
mod supply;
