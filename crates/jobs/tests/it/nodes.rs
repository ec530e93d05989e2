//! Several nodes over one database, and nodes that die.

use super::world::{HOUR, MINUTE, World, on, story};
use jobs::{Job, JobState, Noted, RunFilter, RunOutcome, Wanted};
use std::sync::{Barrier, Mutex};
use store::Engine;

#[test]
fn of_two_nodes_one_runs_a_job() {
    on(Engine::Postgres, |world| {
        world.only(&[Job::CheckBooks, Job::EscalateApprovals, Job::RemindSuppliers]);
        let nodes = [world.fresh.open_again(), world.fresh.open_again()];
        for round in 1..=10 {
            let now = round * 24 * HOUR;
            let (begin, taken) = (Barrier::new(2), Mutex::new(Vec::new()));
            std::thread::scope(|scope| {
                for node in &nodes {
                    let (begin, taken) = (&begin, &taken);
                    scope.spawn(move || {
                        begin.wait();
                        while let Some(found) = world.take_on(node, now) {
                            taken.lock().unwrap().push(found);
                        }
                    });
                }
            });
            // Whoever waited for the other and found the job taken comes again.
            let mut taken = taken.into_inner().unwrap();
            while let Some(found) = world.take(now) {
                taken.push(found);
            }
            let mut jobs: Vec<_> = taken.iter().map(|taken| taken.job.word()).collect();
            jobs.sort_unstable();
            assert_eq!(jobs, ["check_books", "escalate_approvals", "remind_suppliers"]);
            for taken in &taken {
                assert_eq!(world.note(taken, Ok("done"), now), Noted::Stands(JobState::Active));
            }
        }
        assert_eq!(world.runs(RunFilter::default()).len(), 30);
        nodes.iter().for_each(store::Database::close);
    });
}

fn is_lost(world: &World, micros: i64) -> bool {
    let (company, now) = (world.company(), world.after(micros));
    world.database().read(move |tx| jobs::waiting(tx, company, now)).unwrap().lost
}

#[test]
fn what_a_dead_node_ran_is_run_again_and_its_token_is_void() {
    story(|world| {
        world.only(&[Job::EscalateApprovals]);
        let dead = world.take(HOUR).unwrap();
        assert!(world.job(Job::EscalateApprovals).running);
        assert_eq!(world.take(HOUR), None, "it is leased");
        assert!(!is_lost(world, HOUR + MINUTE));
        // It renewed its lease once before it died.
        let (taken, now) = (dead.clone(), world.after(HOUR + MINUTE));
        assert!(world.database().write(move |tx| jobs::renew(tx, &taken, now)).unwrap());
        assert!(!is_lost(world, HOUR + 3 * MINUTE));
        assert!(is_lost(world, HOUR + 4 * MINUTE));
        let (company, zone, now) = (world.company(), world.zone(), world.after(HOUR + 4 * MINUTE));
        let lost = world.database().write(move |tx| jobs::free_lost(tx, company, &zone, now));
        assert_eq!(lost.unwrap(), 1);
        let again = world.take(HOUR + 5 * MINUTE).unwrap();
        assert_eq!((again.job, again.token), (dead.job, dead.token + 1));
        assert_eq!(world.note(&dead, Ok("late"), HOUR + 5 * MINUTE), Noted::Overtaken);
        let taken = dead.clone();
        let now = world.after(HOUR + 5 * MINUTE);
        assert!(!world.database().write(move |tx| jobs::renew(tx, &taken, now)).unwrap());
        assert_eq!(
            world.note(&again, Ok("done"), HOUR + 6 * MINUTE),
            Noted::Stands(JobState::Active)
        );
        assert_eq!(world.note(&again, Ok("twice"), HOUR + 6 * MINUTE), Noted::Overtaken);
        let runs = world.runs(RunFilter::default());
        let told: Vec<_> = runs.iter().map(|run| (run.outcome, run.told.as_str())).collect();
        assert_eq!(
            told,
            [
                (RunOutcome::Done, "done"),
                (
                    RunOutcome::Lost,
                    "the server that ran it stopped, or it took longer than 6 hours"
                ),
            ]
        );
        assert_eq!(world.job(Job::EscalateApprovals).failures, 0);
    });
}

#[test]
fn who_works_through_what_was_due_has_each_lease_from_when_it_took_it() {
    story(|world| {
        world.only(&[Job::EscalateApprovals, Job::RemindSuppliers]);
        let began = Wanted { job: None, due_by: world.after(HOUR) };
        let first = world.take_wanted(world.database(), began, HOUR).unwrap();
        world.note(&first, Ok("took long"), HOUR + 30 * MINUTE);
        let second = world.take_wanted(world.database(), began, HOUR + 30 * MINUTE).unwrap();
        assert!(!is_lost(world, HOUR + 31 * MINUTE), "it is not due to have ended long ago");
        world.note(&second, Ok("done"), HOUR + 31 * MINUTE);
        // What came due meanwhile is not meant.
        let late = 5 * HOUR;
        assert_eq!(world.take_wanted(world.database(), began, late), None);
        assert_eq!(world.run_all(late).len(), 2);
    });
}

#[test]
fn a_run_that_takes_too_long_is_renewed_no_more() {
    story(|world| {
        world.only(&[Job::EscalateApprovals]);
        let hangs = world.take(HOUR).unwrap();
        let renew = |micros| {
            let (taken, now) = (hangs.clone(), world.after(HOUR + micros));
            world.database().write(move |tx| jobs::renew(tx, &taken, now)).unwrap()
        };
        for minute in 1..6 * 60 {
            assert!(renew(minute * MINUTE), "{minute}");
        }
        assert!(!renew(6 * HOUR));
        let late = HOUR + 6 * HOUR + 2 * MINUTE;
        assert!(is_lost(world, late));
        let (company, zone, now) = (world.company(), world.zone(), world.after(late));
        world.database().write(move |tx| jobs::free_lost(tx, company, &zone, now)).unwrap();
        assert_eq!(world.note(&hangs, Ok("at last"), late), Noted::Overtaken);
        assert_eq!(world.job(Job::EscalateApprovals).failures, 1);
    });
}
