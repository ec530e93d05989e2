//! All SQL about jobs.

use crate::rules::{self, After, When};
use crate::run::{Due, Taken, Wanted};
use crate::words::{Job, JobState, RunOutcome};
use base::{CompanyId, JobRunId, Timestamp, UserId, Zone};
use identity::Ctx;
use store::{Row, Rows, StoreError, Tx, Value, params, row};

store::statements! {
    /// Gives a company the jobs that it has not.
    BEGIN = "insert into jobs_job
            (company_id, name, state, schedule, minute, next_at, asked_at, asked_by, failures, token,
             leased_until)
        select $1, d.name, d.state, d.schedule, d.minute, d.next_at, 0, 0, 0, 0, 0
        from {rows:d(name text, state text, schedule text, minute, next_at)} where true
        on conflict (company_id, name) do nothing";

    /// What is to be done for a company's jobs.
    WAITING = "select count(*) as jobs,
            coalesce(cast(sum(case when j.leased_until = 0
                and ((j.state <> 'paused' and j.next_at <= $2)
                    or (j.asked_at > 0 and j.asked_at <= $2))
                then 1 else 0 end) as {i64}), 0) as due,
            coalesce(cast(sum(case when j.leased_until > 0 and j.leased_until < $2
                then 1 else 0 end) as {i64}), 0) as lost
        from jobs_job as j where j.company_id = $1";

    /// A job, held.
    LOCK_JOB = "select j.state, j.schedule, j.minute, j.failures, j.token, j.leased_until
        from jobs_job as j where j.company_id = $1 and j.name = $2 {for_update:j}";

    /// The job that has been due for longest, held, whether it was asked for or comes by itself.
    LOCK_DUE = "select j.name, j.token, j.asked_at, j.asked_by from jobs_job as j
        where j.company_id = $1 and j.leased_until = 0
            and (cast($3 as {text}) is null or j.name = cast($3 as {text}))
            and ((j.state <> 'paused' and j.next_at <= $2)
                or (j.asked_at > 0 and j.asked_at <= $2))
        order by case when j.asked_at > 0 then j.asked_at else j.next_at end, j.name
        limit 1 {for_update:j}";

    /// Leases a job under a token.
    LEASE = "update jobs_job set token = $3, leased_until = $4, asked_at = 0, asked_by = 0
        where company_id = $1 and name = $2 and leased_until = 0 and token < $3";

    /// Renews the lease of a run that began after a moment, by who has it.
    RENEW = "update jobs_job set leased_until = $4
        where company_id = $1 and name = $2 and token = $3 and leased_until > 0
            and exists (select 1 from jobs_run as r where r.company_id = $1 and r.id = $5
                and r.began_at > $6)
        returning name";

    /// Jobs whose lease ran out, held, with their runs.
    LOCK_LOST = "select j.name, j.state, j.schedule, j.minute, j.failures, j.token, r.id, r.asked
        from jobs_job as j
        join jobs_run as r on r.company_id = j.company_id and r.name = j.name and r.token = j.token
        where j.company_id = $1 and j.leased_until > 0 and j.leased_until < $2
        order by j.name {for_update:j}";

    /// Notes how a job stands after a run, by who has the lease.
    NOTE = "update jobs_job set state = $4, failures = $5, next_at = $6, leased_until = 0
        where company_id = $1 and name = $2 and token = $3 and leased_until > 0";

    /// Asks for a run. What a paused job failed before counts no more.
    ASK = "update jobs_job set asked_at = $3, asked_by = $4,
            failures = case when state = 'paused' then 0 else failures end
        where company_id = $1 and name = $2";

    /// Asks again for a run that somebody asked for, unless somebody did.
    ASK_AGAIN = "update jobs_job set asked_at = $3, asked_by = (select r.asked_by from jobs_run as r
            where r.company_id = $1 and r.id = $4)
        where company_id = $1 and name = $2 and asked_at = 0";

    /// Changes whether and when a job is due.
    SCHEDULE = "update jobs_job set state = $3, schedule = $4, minute = $5, next_at = $6, failures = $7
        where company_id = $1 and name = $2";

    /// Begins a run.
    INSERT_RUN = "insert into jobs_run
            (company_id, id, name, token, asked, asked_by, began_at, ended_at, outcome, told)
        values ($1, $2, $3, $4, $5, $6, $7, 0, 'running', '')";

    /// Ends a run.
    END_RUN = "update jobs_run set outcome = $3, told = $4, ended_at = $5
        where company_id = $1 and id = $2 and outcome = 'running'";

    /// The jobs of a company, each with its latest run.
    LIST_JOBS = "select j.name, j.state, j.schedule, j.minute, j.next_at, j.asked_at, j.failures,
            j.leased_until, r.began_at, r.ended_at, r.outcome, r.told
        from jobs_job as j
        left join jobs_run as r on r.company_id = j.company_id and r.name = j.name
            and r.token = j.token
        where j.company_id = $1 and (cast($2 as {text}) is null or j.state = cast($2 as {text}))
        order by j.name";

    /// A page of runs, the latest first.
    LIST_RUNS = "select r.id, r.name, r.asked, u.login, r.began_at, r.ended_at, r.outcome, r.told
        from jobs_run as r
        left join identity_user as u on u.id = r.asked_by
        where r.company_id = $1
            and (cast($2 as {text}) is null or r.name = cast($2 as {text}))
            and (cast($3 as {text}) is null or r.outcome = cast($3 as {text}))
            and (r.began_at, r.id) < (cast($4 as {i64}), cast($5 as {i64}))
        order by r.began_at desc, r.id desc limit cast($6 as {i64})";
}

/// Gives a company the jobs that it has not, as they are by default.
pub(crate) fn begin(
    tx: &mut Tx<'_>,
    company_id: CompanyId,
    zone: &Zone,
    now: Timestamp,
) -> Result<(), StoreError> {
    let mut rows = Rows::new(5);
    for job in Job::ALL {
        let (when, state) = rules::default_of(job);
        let next_at = rules::next(when, zone, now)
            .map_err(|error| StoreError::Unusable(format!("a job is never due: {error}")))?;
        rows.push(row![job, state, when.schedule, when.minute, next_at]);
    }
    tx.write(&BEGIN, params![company_id; rows])
}

pub(crate) fn waiting(
    tx: &mut Tx<'_>,
    company_id: CompanyId,
    now: Timestamp,
) -> Result<Due, StoreError> {
    let found = tx.query_opt(&WAITING, params![company_id, now])?;
    let Some(row) = found else { return Ok(Due::default()) };
    let (jobs, due, lost): (i64, i64, i64) = (row.get(0)?, row.get(1)?, row.get(2)?);
    Ok(Due { begin: jobs < Job::ALL.len() as i64, due: due > 0, lost: lost > 0 })
}

/// A job that is held.
pub(crate) struct Stands {
    pub state: JobState,
    pub when: When,
    pub failures: i64,
    pub token: i64,
    pub leased: bool,
}

pub(crate) fn lock(tx: &mut Tx<'_>, company_id: CompanyId, job: Job) -> Result<Stands, StoreError> {
    let row = tx
        .query_opt(&LOCK_JOB, params![company_id, job])?
        .ok_or_else(|| StoreError::Unusable(format!("the company has no job {job}")))?;
    Ok(Stands {
        state: row.get(0)?,
        when: When { schedule: row.get(1)?, minute: row.get(2)? },
        failures: row.get(3)?,
        token: row.get(4)?,
        leased: row.get::<i64>(5)? > 0,
    })
}

/// A job that is due.
pub(crate) struct Found {
    pub job: Job,
    pub token: i64,
    pub asked: bool,
    pub asked_by: UserId,
}

pub(crate) fn lock_due(
    tx: &mut Tx<'_>,
    company_id: CompanyId,
    wanted: Wanted,
) -> Result<Option<Found>, StoreError> {
    let found = tx.query_opt(&LOCK_DUE, params![company_id, wanted.due_by, wanted.job])?;
    found
        .map(|row| {
            Ok(Found {
                job: row.get(0)?,
                token: row.get(1)?,
                asked: row.get::<i64>(2)? > 0,
                asked_by: row.get(3)?,
            })
        })
        .transpose()
}

pub(crate) fn lease(tx: &mut Tx<'_>, taken: &Taken, until: Timestamp) -> Result<(), StoreError> {
    tx.write_exactly(1, &LEASE, params![taken.company_id, taken.job, taken.token, until])
}

pub(crate) fn renew(
    tx: &mut Tx<'_>,
    taken: &Taken,
    until: Timestamp,
    began_after: Timestamp,
) -> Result<bool, StoreError> {
    let Taken { company_id, job, run_id, token, .. } = *taken;
    let params = params![company_id, job, token, until, run_id, began_after];
    Ok(tx.query_opt(&RENEW, params)?.is_some())
}

/// The runs whose lease ran out, with how their jobs stand.
pub(crate) fn lock_lost(
    tx: &mut Tx<'_>,
    company_id: CompanyId,
    now: Timestamp,
) -> Result<Vec<(Taken, Stands)>, StoreError> {
    let found = tx.query(&LOCK_LOST, params![company_id, now])?;
    found
        .iter()
        .map(|row| {
            let (job, token): (Job, i64) = (row.get(0)?, row.get(5)?);
            let run_id: JobRunId = row.get(6)?;
            let stands = Stands {
                state: row.get(1)?,
                when: When { schedule: row.get(2)?, minute: row.get(3)? },
                failures: row.get(4)?,
                token,
                leased: true,
            };
            Ok((Taken { company_id, job, run_id, token, asked: row.get(7)? }, stands))
        })
        .collect()
}

pub(crate) fn note(tx: &mut Tx<'_>, taken: &Taken, after: &After) -> Result<(), StoreError> {
    let After { state, failures, next_at, asked_again_at } = *after;
    let Taken { company_id, job, run_id, token, .. } = *taken;
    tx.write_exactly(1, &NOTE, params![company_id, job, token, state, failures, next_at])?;
    match asked_again_at {
        None => Ok(()),
        Some(at) => tx.write(&ASK_AGAIN, params![company_id, job, at, run_id]),
    }
}

pub(crate) fn ask(tx: &mut Tx<'_>, ctx: &Ctx, job: Job) -> Result<(), StoreError> {
    tx.write_exactly(1, &ASK, params![ctx.company_id, job, ctx.at, ctx.user_id])
}

pub(crate) fn schedule(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    job: Job,
    (state, failures): (JobState, i64),
    (when, next_at): (When, Timestamp),
) -> Result<(), StoreError> {
    let When { schedule, minute } = when;
    let params = params![ctx.company_id, job, state, schedule, minute, next_at, failures];
    tx.write_exactly(1, &SCHEDULE, params)
}

pub(crate) fn insert_run(
    tx: &mut Tx<'_>,
    taken: &Taken,
    asked_by: UserId,
    now: Timestamp,
) -> Result<(), StoreError> {
    let Taken { company_id, job, run_id, token, asked } = taken;
    tx.write_exactly(1, &INSERT_RUN, params![company_id, run_id, job, token, asked, asked_by, now])
}

pub(crate) fn end_run(
    tx: &mut Tx<'_>,
    taken: &Taken,
    (outcome, told): (RunOutcome, &str),
    now: Timestamp,
) -> Result<(), StoreError> {
    tx.write_exactly(1, &END_RUN, params![taken.company_id, taken.run_id, outcome, told, now])
}

pub(crate) fn list_jobs(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    state: Option<JobState>,
) -> Result<Vec<Row>, StoreError> {
    tx.query(&LIST_JOBS, params![ctx.company_id, state])
}

pub(crate) fn list_runs(tx: &mut Tx<'_>, filters: [Value; 6]) -> Result<Vec<Row>, StoreError> {
    tx.query(&LIST_RUNS, store::Params::new(filters.to_vec()))
}
