use super::world::{HOUR, MINUTE, World, story};
use base::{Rule, Timestamp};
use jobs::{
    Job, JobError, JobFilter, JobState, Noted, PauseJob, ResumeJob, RunEnd, RunFilter, RunJob,
    RunOutcome, ScheduleJob, Wanted,
};

fn schedule(
    world: &World,
    job: Job,
    daily_at: Option<&str>,
    every_minutes: Option<i64>,
) -> Result<Option<Timestamp>, JobError> {
    let request = ScheduleJob { job, daily_at: daily_at.map(str::to_owned), every_minutes };
    let done = world.act(0, move |tx, ctx| jobs::schedule_job(tx, ctx, request.clone()));
    done.map(|done| done.next_at)
}

#[test]
fn a_company_begins_with_what_only_tells_and_reminds() {
    story(|world| {
        assert_eq!(world.jobs(), []);
        assert_eq!(world.take(0), None, "nothing is due at once");
        let jobs = world.jobs();
        assert_eq!(jobs.iter().map(|row| row.job).collect::<Vec<_>>(), Job::ALL);
        let active = jobs.iter().filter(|row| row.state == JobState::Active);
        assert_eq!(
            active.map(|row| row.job).collect::<Vec<_>>(),
            [Job::CheckBooks, Job::EscalateApprovals, Job::ForgetRequestKeys, Job::RemindSuppliers]
        );
        let check = world.job(Job::CheckBooks);
        assert_eq!((check.daily_at.as_str(), check.every_minutes), ("03:30", None));
        assert_eq!(check.next_at.unwrap().to_string(), "2026-01-06T03:30:00Z");
        let paused = JobFilter { state: Some(JobState::Paused) };
        let paused = world.look(move |tx, ctx| jobs::list_jobs(tx, ctx, paused.clone()));
        assert_eq!(paused.lines.len(), 3);
        assert!(paused.lines.iter().all(|row| row.next_at.is_none()));
    });
}

#[test]
fn a_job_comes_again_by_its_schedule() {
    story(|world| {
        world.only(&[Job::CheckBooks, Job::EscalateApprovals]);
        assert_eq!(world.run_all(59 * MINUTE), []);
        assert_eq!(world.run_all(60 * MINUTE), [Job::EscalateApprovals]);
        assert_eq!(world.run_all(61 * MINUTE), []);
        // Half past three is eighteen and a half hours from nine; what was missed is run once.
        let night = 18 * HOUR + 30 * MINUTE;
        assert_eq!(world.run_all(night), [Job::CheckBooks, Job::EscalateApprovals]);
        assert_eq!(world.run_all(night), []);
        let row = world.job(Job::CheckBooks);
        assert_eq!((row.outcome, row.told.as_str()), (Some(RunOutcome::Done), "done"));
        assert_eq!(row.next_at.unwrap().to_string(), "2026-01-07T03:30:00Z");
        let of_check = RunFilter { job: Some(Job::CheckBooks), ..RunFilter::default() };
        assert_eq!(world.runs(of_check).len(), 1);
        let first = RunFilter { limit: Some(2), ..RunFilter::default() };
        let page = world.look(move |tx, ctx| jobs::list_runs(tx, ctx, first.clone()));
        assert_eq!(page.lines.len(), 2);
        let rest = RunFilter { cursor: page.next_cursor, ..RunFilter::default() };
        assert_eq!(world.runs(rest).len(), 1);
    });
}

#[test]
fn a_new_company_has_its_jobs_and_those_that_were_changed_stay_so() {
    story(|world| {
        let install = |tx: &mut store::Tx<'_>, ctx: &identity::Ctx| jobs::install_jobs(tx, ctx);
        world.act(0, install).unwrap();
        let all = || world.act(0, |tx, ctx| jobs::list_jobs(tx, ctx, jobs::JobFilter::default()));
        assert_eq!(all().unwrap().lines.len(), Job::ALL.len());
        let job = Job::CheckBooks;
        world.act(0, move |tx, ctx| jobs::pause_job(tx, ctx, PauseJob { job })).unwrap();
        let before = all().unwrap();
        world.act(HOUR, install).unwrap();
        assert_eq!(all().unwrap(), before);
    });
}

#[test]
fn a_schedule_is_a_time_of_day_or_an_interval() {
    story(|world| {
        let job = Job::RunReplenishment;
        assert_eq!(schedule(world, job, Some("22:15"), None).unwrap(), None, "still paused");
        let resume = move |tx: &mut store::Tx<'_>, ctx: &identity::Ctx| {
            jobs::resume_job(tx, ctx, ResumeJob { job })
        };
        let resumed = world.act(0, resume).unwrap();
        assert_eq!(resumed.next_at.unwrap().to_string(), "2026-01-05T22:15:00Z");
        let again = world.act(0, resume).unwrap_err();
        assert_eq!(again, JobError::Already { job, state: JobState::Active });
        assert_eq!(schedule(world, job, None, Some(30)).unwrap(), Some(world.after(30 * MINUTE)));
        let code =
            |daily_at, every| schedule(world, job, daily_at, every).unwrap_err().problem().code;
        assert_eq!(code(None, None), "job_schedule");
        assert_eq!(code(Some("02:30"), Some(30)), "job_schedule");
        assert_eq!(code(Some("2:30"), None), "job_time");
        assert_eq!(code(None, Some(4)), "job_interval");
        assert_eq!(code(None, Some(1441)), "job_interval");
        let reader =
            identity::testing::holding(&world.ctx, world.ctx.user_id, &["jobs.read"], None);
        let denied =
            world.database().write(move |tx| jobs::pause_job(tx, &reader, PauseJob { job }));
        assert!(matches!(denied.unwrap_err(), JobError::Denied(_)));
    });
}

#[test]
fn what_somebody_asks_for_runs_at_once_also_when_it_is_paused() {
    story(|world| {
        let job = Job::RunReplenishment;
        let ask = move |tx: &mut store::Tx<'_>, ctx: &identity::Ctx| {
            jobs::run_job(tx, ctx, RunJob { job })
        };
        assert!(!world.act(0, ask).unwrap().running);
        world.act(MINUTE, ask).unwrap();
        let taken = world.take(MINUTE).unwrap();
        assert_eq!(taken.job, job);
        assert_eq!(world.take(MINUTE), None, "asked twice, run once");
        // Asked again while it runs, it runs again.
        assert!(world.act(2 * MINUTE, ask).unwrap().running);
        assert_eq!(world.take(2 * MINUTE), None);
        assert_eq!(
            world.note(&taken, Ok("3 proposed"), 2 * MINUTE),
            Noted::Stands(JobState::Paused)
        );
        assert_eq!(world.run_all(2 * MINUTE), [job]);
        let run = &world.runs(RunFilter::default())[0];
        assert!(run.asked && run.asked_by.starts_with("tester-"), "{run:?}");
        assert_eq!(world.run_all(MINUTE), []);
    });
}

#[test]
fn a_poison_job_is_tried_again_fails_visibly_and_blocks_no_other() {
    story(|world| {
        world.only(&[Job::EscalateApprovals, Job::RemindSuppliers]);
        let mut now = HOUR;
        for failures in 1..=5 {
            let bad = loop {
                let taken = world.take(now).unwrap();
                if taken.job == Job::EscalateApprovals {
                    break taken;
                }
                world.note(&taken, Ok("done"), now);
            };
            let noted = world.note(&bad, Err("it is\npoison"), now);
            let expected = if failures < 5 { JobState::Active } else { JobState::Failed };
            assert_eq!(noted, Noted::Stands(expected));
            let row = world.job(Job::EscalateApprovals);
            assert_eq!((row.failures, row.told.as_str()), (failures, "it is poison"));
            assert!(world.take(now).is_none_or(|other| {
                world.note(&other, Ok("done"), now);
                other.job == Job::RemindSuppliers
            }));
            now += HOUR;
        }
        // It goes on by its schedule, and is well again after one good run.
        assert_eq!(world.run_all(now + HOUR), [Job::EscalateApprovals, Job::RemindSuppliers]);
        assert_eq!(world.job(Job::EscalateApprovals).state, JobState::Active);
        let bad = RunFilter { outcome: Some(RunOutcome::Failed), ..RunFilter::default() };
        assert_eq!(world.runs(bad).len(), 5);
    });
}

#[test]
fn a_failed_job_that_is_scheduled_anew_has_still_failed() {
    story(|world| {
        let job = Job::EscalateApprovals;
        world.only(&[job]);
        for hour in 1..=5 {
            let taken = world.take(hour * HOUR).unwrap();
            world.note(&taken, Err("poison"), hour * HOUR);
        }
        assert_eq!(world.job(job).state, JobState::Failed);
        schedule(world, job, None, Some(120)).unwrap();
        let row = world.job(job);
        assert_eq!((row.state, row.failures), (JobState::Failed, 5));
        let resumed = world.act(0, move |tx, ctx| jobs::resume_job(tx, ctx, ResumeJob { job }));
        assert_eq!(resumed.unwrap().state, JobState::Active);
        assert_eq!(world.job(job).failures, 0);
    });
}

fn ask(world: &World, job: Job, micros: i64) {
    world.act(micros, move |tx, ctx| jobs::run_job(tx, ctx, RunJob { job })).unwrap();
}

#[test]
fn who_names_a_job_takes_no_other() {
    story(|world| {
        world.only(&[Job::EscalateApprovals, Job::RemindSuppliers]);
        ask(world, Job::PlanCounts, HOUR);
        let named = |job| {
            let wanted = Wanted { job: Some(job), due_by: world.after(HOUR) };
            world.take_wanted(world.database(), wanted, HOUR).map(|taken| taken.job)
        };
        assert_eq!(named(Job::PlanCounts), Some(Job::PlanCounts));
        assert_eq!(named(Job::PlanCounts), None, "it is leased");
        assert_eq!(named(Job::CheckBooks), None, "it is not due");
        assert_eq!(named(Job::RemindSuppliers), Some(Job::RemindSuppliers));
    });
}

#[test]
fn what_somebody_asked_for_of_a_paused_job_is_tried_again_when_it_fails() {
    story(|world| {
        let job = Job::RunReplenishment;
        world.only(&[]);
        ask(world, job, 0);
        let mut now = 0;
        for (failures, pause) in (1..).zip([1, 5, 15, 60]) {
            let taken = world.take(now).unwrap();
            assert_eq!(world.note(&taken, Err("busy"), now), Noted::Stands(JobState::Paused));
            assert_eq!(world.job(job).failures, failures);
            let again = now + pause * MINUTE;
            assert!(world.take(again - 1).is_none(), "not before {pause} minutes");
            now = again;
        }
        let last = world.take(now).unwrap();
        world.note(&last, Err("busy"), now);
        assert_eq!(world.take(now + 48 * HOUR), None);
        let runs = world.runs(RunFilter::default());
        assert_eq!(runs.len(), 5);
        assert!(runs.iter().all(|run| run.asked_by.starts_with("tester-")), "{runs:?}");
        ask(world, job, now);
        assert_eq!(world.job(job).failures, 0, "asked anew, it has all its tries before it");
    });
}

#[test]
fn a_run_that_its_server_stopped_is_due_again_and_no_failure() {
    story(|world| {
        world.only(&[Job::EscalateApprovals]);
        let stopped = || RunEnd::Stopped("the server stopped".to_owned());
        let taken = world.take(HOUR).unwrap();
        assert_eq!(world.end(&taken, stopped(), HOUR), Noted::Stands(JobState::Active));
        let row = world.job(Job::EscalateApprovals);
        assert_eq!((row.failures, row.outcome), (0, Some(RunOutcome::Lost)));
        assert_eq!(world.run_all(HOUR), [Job::EscalateApprovals]);
        ask(world, Job::PlanCounts, HOUR);
        let taken = world.take(HOUR).unwrap();
        assert_eq!(world.end(&taken, stopped(), HOUR), Noted::Stands(JobState::Paused));
        assert_eq!(world.run_all(HOUR), [Job::PlanCounts], "what was asked for is not forgotten");
    });
}
