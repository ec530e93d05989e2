//! Jobs as they are run from the command line.

use super::server::{Site, purser};
use base::{Id, Timestamp, UserId};
use identity::Ctx;
use jobs::{Job, JobError, RunJob};
use store::Engine;

#[test]
fn jobs_are_run_by_hand_and_tell_what_they_did() {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let site = Site::new(engine);
        let url = site.fresh.url.as_str();
        for (job, told) in [
            ("check_books", "checks hold"),
            ("classify_items", "0 items classified by 0 profiles"),
            ("escalate_approvals", "0 approvals went up"),
            ("forget_request_keys", "0 request keys forgotten"),
            ("plan_counts", "0 sheets with 0 lines"),
            ("remind_suppliers", "0 reminders queued"),
            ("run_replenishment", "0 items at places"),
        ] {
            let ran = purser(url, &["jobs", "run", job]).expect("a run");
            assert!(ran.contains(&format!("{job}: ")) && ran.contains(told), "{ran}");
        }
        assert!(purser(url, &["jobs", "run"]).expect("nothing").contains("nothing is due"));
        let list = purser(url, &["jobs", "list"]).expect("jobs");
        assert_eq!(list.matches("done at ").count(), 7, "{list}");
        let runs = purser(url, &["export", "job-runs", "--format", "jsonl"]).expect("runs");
        assert_eq!(runs.matches(r#""outcome":"done""#).count(), 7, "{runs}");
        purser(url, &["check"]).expect("the books are sound");
    }
}

#[test]
fn jobs_are_paused_and_scheduled() {
    let site = Site::new(Engine::Sqlite);
    let url = site.fresh.url.as_str();
    let told = purser(url, &["jobs", "pause", "check_books"]).expect("paused");
    assert!(told.contains("job check_books is paused"), "{told}");
    let told = purser(url, &["jobs", "pause", "check_books"]).expect_err("twice");
    assert!(told.contains("paused already"), "{told}");
    let told = purser(url, &["jobs", "resume", "check_books"]).expect("resumed");
    assert!(told.contains("active, next at "), "{told}");
    let at = |time: &str| purser(url, &["jobs", "schedule", "check_books", "--daily-at", time]);
    at("04:45").expect("a time");
    assert!(at("4:45").expect_err("none").contains("write 02:30"));
    let list = purser(url, &["jobs", "list"]).expect("jobs");
    assert!(list.contains("daily 04:45"), "{list}");
    let told = purser(url, &["jobs", "run", "sweep_floors"]).expect_err("no such job");
    assert!(told.contains("run_replenishment"), "{told}");
}

#[test]
fn who_names_a_job_runs_that_one_alone() {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let site = Site::new(engine);
        let url = site.fresh.url.as_str();
        // Two were asked for; what comes by itself is not due on a company's first day.
        let asked = site.fresh.database.write(|tx| {
            let company = identity::companies(tx)?.remove(0);
            let long_ago = Timestamp::from_micros(1_767_603_600_000_000);
            let ctx = Ctx::all_rights(&company, UserId::from_raw(0), long_ago, "test");
            jobs::run_job(tx, &ctx, RunJob { job: Job::PlanCounts })?;
            jobs::run_job(tx, &ctx, RunJob { job: Job::CheckBooks })?;
            Ok::<_, JobError>(())
        });
        asked.expect("jobs are asked for");
        let one = purser(url, &["jobs", "run", "remind_suppliers"]).expect("a run");
        assert_eq!(one.lines().count(), 1, "{one}");
        assert!(one.starts_with("remind_suppliers: "), "{one}");
        let rest = purser(url, &["jobs", "run"]).expect("runs");
        let mut ran: Vec<_> = rest.lines().filter_map(|line| line.split(':').next()).collect();
        ran.sort_unstable();
        assert_eq!(ran, ["check_books", "plan_counts"], "{rest}");
        purser(url, &["check"]).expect("the books are sound");
    }
}
