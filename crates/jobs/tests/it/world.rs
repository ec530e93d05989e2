//! A company with its jobs, and a clock that begins at nine in the morning in London.

use base::{CompanyId, Timestamp, Zone};
use identity::Ctx;
use jobs::{
    Job, JobError, JobFilter, JobRow, JobState, Noted, RunEnd, RunFilter, RunRow, SCHEMA, Taken,
    Wanted,
};
use store::testing::{Fresh, assert_sound};
use store::{Database, Engine, StoreError, Tx};

pub const MINUTE: i64 = 60 * 1_000_000;
pub const HOUR: i64 = 60 * MINUTE;

/// Tells a story on a fresh database of each engine, and asks every check at its end.
pub fn story(tell: impl Fn(&World)) {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        on(engine, &tell);
    }
}

fn failed(why: &str) -> RunEnd {
    RunEnd::Failed(why.to_owned())
}

/// The same on one engine.
pub fn on(engine: Engine, tell: impl Fn(&World)) {
    let fresh = Fresh::new(engine, &SCHEMA);
    let ctx = identity::testing::ctx(&fresh.database);
    let world = World { ctx, fresh };
    tell(&world);
    assert_sound(&world.fresh.database, &SCHEMA, world.ctx.company_id);
}

pub struct World {
    pub ctx: Ctx,
    pub fresh: Fresh,
}

impl World {
    pub fn database(&self) -> &Database {
        &self.fresh.database
    }

    pub fn company(&self) -> CompanyId {
        self.ctx.company_id
    }

    pub fn zone(&self) -> Zone {
        self.ctx.zone.clone()
    }

    pub fn after(&self, micros: i64) -> Timestamp {
        Timestamp::from_micros(self.ctx.at.micros() + micros)
    }

    /// Does something as the company's administrator, so many microseconds after the beginning.
    pub fn act<T: Send + 'static, E: From<StoreError> + Send + 'static>(
        &self,
        micros: i64,
        act: impl Fn(&mut Tx<'_>, &Ctx) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E> {
        let ctx = self.ctx.at_moment(self.after(micros));
        self.database().write(move |tx| act(tx, &ctx))
    }

    pub fn take(&self, micros: i64) -> Option<Taken> {
        self.take_on(self.database(), micros)
    }

    pub fn take_on(&self, node: &Database, micros: i64) -> Option<Taken> {
        self.take_wanted(node, Wanted { job: None, due_by: self.after(micros) }, micros)
    }

    pub fn take_wanted(&self, node: &Database, wanted: Wanted, micros: i64) -> Option<Taken> {
        let (company, zone, now) = (self.company(), self.zone(), self.after(micros));
        node.write(move |tx| jobs::take_due(tx, company, &zone, wanted, now)).unwrap()
    }

    pub fn note(&self, taken: &Taken, ended: Result<&str, &str>, micros: i64) -> Noted {
        self.end(taken, ended.map_or_else(failed, |told| RunEnd::Done(told.to_owned())), micros)
    }

    pub fn end(&self, taken: &Taken, ended: RunEnd, micros: i64) -> Noted {
        let (taken, zone, now) = (taken.clone(), self.zone(), self.after(micros));
        let noted = self.database().write(move |tx| jobs::note_run(tx, &taken, &ended, &zone, now));
        noted.unwrap()
    }

    /// Runs everything that is due, well; answers what it was.
    pub fn run_all(&self, micros: i64) -> Vec<Job> {
        let mut ran = Vec::new();
        while let Some(taken) = self.take(micros) {
            assert_eq!(
                self.note(&taken, Ok("done"), micros),
                Noted::Stands(self.job(taken.job).state)
            );
            ran.push(taken.job);
        }
        ran.sort_by_key(|job| job.word());
        ran
    }

    /// Pauses all jobs but some.
    pub fn only(&self, kept: &[Job]) {
        assert_eq!(self.take(0), None, "nothing is due yet");
        for row in self.jobs() {
            let job = row.job;
            if kept.contains(&job) && row.state == JobState::Paused {
                self.act(0, move |tx, ctx| jobs::resume_job(tx, ctx, jobs::ResumeJob { job }))
                    .unwrap();
            }
            if !kept.contains(&job) && row.state != JobState::Paused {
                self.act(0, move |tx, ctx| jobs::pause_job(tx, ctx, jobs::PauseJob { job }))
                    .unwrap();
            }
        }
    }

    pub fn jobs(&self) -> Vec<JobRow> {
        self.look(|tx, ctx| jobs::list_jobs(tx, ctx, JobFilter::default())).lines
    }

    pub fn job(&self, job: Job) -> JobRow {
        self.jobs().into_iter().find(|row| row.job == job).unwrap()
    }

    pub fn runs(&self, filter: RunFilter) -> Vec<RunRow> {
        self.look(move |tx, ctx| jobs::list_runs(tx, ctx, filter.clone())).lines
    }

    pub fn look<T: Send + 'static>(
        &self,
        look: impl Fn(&mut Tx<'_>, &Ctx) -> Result<T, JobError> + Send + 'static,
    ) -> T {
        let ctx = self.ctx.clone();
        self.database().read(move |tx| look(tx, &ctx)).unwrap()
    }
}
