//! The runner: runs the jobs that are due. Each node may have one; a job is taken under a lease, so that
//! one node runs it, and the lease is renewed for as long as it works.

use crate::failure::{Failure, refused};
use crate::place;
use crate::worker::{Round, Worker};
use base::{CompanyId, Id, Timestamp, UserId, Zone};
use counting::{Classify, PlanCounts, ProfileFilter};
use identity::{Company, Ctx, EscalateApprovals};
use jobs::{Job, Noted, RunEnd, Taken, Wanted};
use planning::{ReplenishmentRun, RunReplenishment};
use std::collections::BTreeSet;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread::JoinHandle;
use std::time::Duration;
use store::{Database, Tx};

/// How long the runner rests between its rounds.
const REST: Duration = Duration::from_secs(2);
/// After how long a lease is renewed: several times before it runs out.
const RENEWED: Duration = Duration::from_secs(20);
/// How many jobs one node runs at once: one that never ends holds up no other.
const AT_ONCE: usize = 4;
/// For how many microseconds a request can be repeated under its key: 30 days.
const KEYS_KEPT: i64 = 30 * 24 * 60 * 60 * 1_000_000;
/// How many keys one transaction forgets at most.
const KEYS_AT_ONCE: u32 = 10_000;
/// What a run says whose server was asked to stop.
const STOPPED: &str = "the server stopped in between; what is left is done in the next run";
/// What a run says that lost its lease.
const LEASE_LOST: &str = "it took too long, or another node has the job; it was not finished";

/// What asks a run to stop between two parts of its work.
struct Stop<'r> {
    /// The server stops.
    server: &'r AtomicBool,
    /// The run has no lease any more.
    lease: AtomicBool,
}

impl Stop<'_> {
    /// How the run ends, if it was asked to.
    fn asked(&self) -> Option<RunEnd> {
        if self.lease.load(Ordering::Relaxed) {
            return Some(RunEnd::Failed(LEASE_LOST.to_owned()));
        }
        self.server.load(Ordering::Relaxed).then(|| RunEnd::Stopped(STOPPED.to_owned()))
    }
}

/// Starts running the jobs of all companies of a database. At its end it waits for the runs under way,
/// which stop where they can.
pub(crate) fn start(database: &Database) -> Worker {
    let database = database.clone();
    let stopping = Arc::new(AtomicBool::new(false));
    let mut running: Vec<JoinHandle<()>> = Vec::new();
    Worker::start("runner", REST, move |round| {
        if round == Round::Last {
            stopping.store(true, Ordering::Relaxed);
            return running.drain(..).for_each(join);
        }
        running.retain(|run| !run.is_finished());
        if let Err(failure) = go_round(&database, &stopping, &mut running) {
            tracing::warn!(%failure, "jobs were not run");
        }
    })
}

fn join(thread: JoinHandle<()>) {
    if thread.join().is_err() {
        tracing::error!("a run ended in a panic");
    }
}

/// Renews a lease. A run that lost it is asked to stop.
fn renew(database: &Database, taken: &Taken, stop: &Stop<'_>) {
    let (run, now) = (taken.clone(), place::now());
    match database.write(move |tx| jobs::renew(tx, &run, now)) {
        Ok(true) => {}
        Ok(false) => {
            if !stop.lease.swap(true, Ordering::Relaxed) {
                tracing::warn!(job = %taken.job, "a run lost its lease");
            }
        }
        Err(error) => tracing::warn!(%error, "a lease was not renewed"),
    }
}

/// One round: what is due is begun, as far as there is room.
fn go_round(
    database: &Database,
    stopping: &Arc<AtomicBool>,
    running: &mut Vec<JoinHandle<()>>,
) -> Result<(), Failure> {
    for company in database.read(identity::companies)? {
        while running.len() < AT_ONCE {
            let Some(taken) = take(database, &company, None, None)? else { break };
            let (database, zone) = (database.clone(), company.zone.clone());
            let stopping = Arc::clone(stopping);
            running.push(std::thread::spawn(move || {
                let _noted = finish(&database, &taken, &zone, &stopping);
            }));
        }
    }
    Ok(())
}

/// Takes what is due of a company: of one job or of any, now or by a moment before. Frees what nodes that
/// stopped had in hand. The lease counts from now on, however long ago the job was due.
fn take(
    database: &Database,
    company: &Company,
    job: Option<Job>,
    due_by: Option<Timestamp>,
) -> Result<Option<Taken>, Failure> {
    let (id, zone, now) = (company.company_id, company.zone.clone(), place::now());
    let waiting = database.read(move |tx| jobs::waiting(tx, id, now))?;
    if waiting.lost {
        let zone = zone.clone();
        let lost = database.write(move |tx| jobs::free_lost(tx, id, &zone, now))?;
        tracing::warn!(lost, "jobs of a server that stopped are run again");
    }
    if !waiting.due && !waiting.begin {
        return Ok(None);
    }
    let wanted = Wanted { job, due_by: due_by.unwrap_or(now) };
    Ok(database.write(move |tx| jobs::take_due(tx, id, &zone, wanted, now))?)
}

/// Runs what was taken and notes what became of it; a panic is a failure like another.
fn finish(database: &Database, taken: &Taken, zone: &Zone, stopping: &AtomicBool) -> RunEnd {
    let stop = Stop { server: stopping, lease: AtomicBool::new(false) };
    let work = || act(database, taken.company_id, taken.job, &stop);
    let (working, worked) = mpsc::channel::<()>();
    let ended = std::thread::scope(|scope| {
        let stop = &stop;
        scope.spawn(move || {
            while worked.recv_timeout(RENEWED) == Err(RecvTimeoutError::Timeout) {
                renew(database, taken, stop);
            }
        });
        let ended = catch_unwind(AssertUnwindSafe(work));
        drop(working);
        ended
    });
    let ended = match ended {
        Ok(ended) => ended.unwrap_or_else(|failure| RunEnd::Failed(failure.to_string())),
        Err(_) => {
            let why = "it ended in a fault of the program; see the server's log";
            RunEnd::Failed(why.to_owned())
        }
    };
    let (run, zone, told, now) = (taken.clone(), zone.clone(), ended.clone(), place::now());
    match database.write(move |tx| jobs::note_run(tx, &run, &told, &zone, now)) {
        Ok(Noted::Stands(state)) => match &ended {
            RunEnd::Done(told) => tracing::info!(job = %taken.job, told, "a job was run"),
            RunEnd::Failed(why) => tracing::warn!(job = %taken.job, why, %state, "a job failed"),
            RunEnd::Stopped(told) => tracing::info!(job = %taken.job, told, "a job was stopped"),
        },
        Ok(Noted::Overtaken) => tracing::warn!(job = %taken.job, "a run had lost its lease"),
        Err(error) => tracing::warn!(%error, "the end of a run was not noted"),
    }
    ended
}

/// Runs what is due of a company, of one job or of all, one after the other; answers how each run ended.
pub(crate) fn run_due(
    database: &Database,
    company: CompanyId,
    job: Option<Job>,
) -> Result<Vec<(Job, RunEnd)>, Failure> {
    let found = database.read(move |tx| identity::find_company(tx, company))?;
    let company = found.ok_or_else(|| Failure("the company is gone".to_owned()))?;
    let (began, stopping) = (place::now(), AtomicBool::new(false));
    let mut told = Vec::new();
    // What fails is due again later than this.
    while let Some(taken) = take(database, &company, job, Some(began))? {
        told.push((taken.job, finish(database, &taken, &company.zone, &stopping)));
    }
    Ok(told)
}

/// Does what a job is for, and tells what it did.
fn act(
    database: &Database,
    company: CompanyId,
    job: Job,
    stop: &Stop<'_>,
) -> Result<RunEnd, Failure> {
    let ended = match job {
        Job::CheckBooks => check_books(database, company).map(RunEnd::Done),
        Job::ClassifyItems => classify_items(database, company).map(RunEnd::Done),
        Job::EscalateApprovals => escalate_approvals(database, company, stop),
        Job::ForgetRequestKeys => forget_request_keys(database, company, stop),
        Job::PlanCounts => plan_counts(database, company, stop),
        Job::RemindSuppliers => remind_suppliers(database, company).map(RunEnd::Done),
        Job::RunReplenishment => run_replenishment(database, company, stop),
    };
    database.seal_trail(company)?;
    ended
}

/// Whoever a job acts as: user 0, as at the machine, with the job's name as the request.
fn ctx(tx: &mut Tx<'_>, company: CompanyId, job: Job) -> Result<Ctx, Failure> {
    let company = identity::find_company(tx, company)?
        .ok_or_else(|| Failure("the company is gone".to_owned()))?;
    Ok(Ctx::all_rights(&company, UserId::from_raw(0), place::now(), format!("job {job}")))
}

fn check_books(database: &Database, company: CompanyId) -> Result<String, Failure> {
    let findings = reconcile::check_at_once(database, company, Some(place::now()))?;
    let broken: Vec<&str> = findings
        .iter()
        .filter(|finding| !finding.breaches.is_empty())
        .map(|finding| finding.check)
        .collect();
    if broken.is_empty() {
        return Ok(format!("all {} checks hold", findings.len()));
    }
    let count = broken.len();
    Err(Failure(format!("{count} of {} checks are broken: {}", findings.len(), broken.join("; "))))
}

/// The names of the profiles that items are classified by.
fn profiles(tx: &mut Tx<'_>, ctx: &Ctx) -> Result<BTreeSet<String>, Failure> {
    let page = counting::list_profiles(tx, ctx, ProfileFilter::default()).map_err(refused)?;
    Ok(page.lines.into_iter().map(|row| row.profile).collect())
}

fn classify_items(database: &Database, company: CompanyId) -> Result<String, Failure> {
    database.write(move |tx| {
        let ctx = ctx(tx, company, Job::ClassifyItems)?;
        let profiles = profiles(tx, &ctx)?;
        let mut items = 0;
        for profile in &profiles {
            let request = Classify { profile: profile.clone() };
            let done = counting::classify_items(tx, &ctx, request).map_err(refused)?;
            items += done.items;
        }
        Ok(format!("{items} items classified by {} profiles", profiles.len()))
    })
}

fn plan_counts(
    database: &Database,
    company: CompanyId,
    stop: &Stop<'_>,
) -> Result<RunEnd, Failure> {
    let warehouses = database.read(move |tx| stock::warehouses(tx, company))?;
    let (mut sheets, mut lines, mut left) = (0, 0, 0);
    for warehouse in warehouses {
        if let Some(ended) = stop.asked() {
            return Ok(ended);
        }
        let done = database.write(move |tx| {
            let ctx = ctx(tx, company, Job::PlanCounts)?;
            let mut profiles = profiles(tx, &ctx)?.into_iter();
            // Of several profiles none is meant: then only places count.
            let profile = profiles.next().filter(|_| profiles.next().is_none());
            let request =
                PlanCounts { warehouse: warehouse.code.clone(), profile, ..PlanCounts::default() };
            counting::plan_counts(tx, &ctx, request).map_err(refused)
        })?;
        sheets += done.sheets.len();
        lines += done.sheets.iter().map(|sheet| sheet.lines).sum::<i64>();
        left += done.left;
    }
    let told = format!("{sheets} sheets with {lines} lines; {left} lines left for the next run");
    Ok(RunEnd::Done(told))
}

fn remind_suppliers(database: &Database, company: CompanyId) -> Result<String, Failure> {
    let reminded = database.write(move |tx| {
        let ctx = ctx(tx, company, Job::RemindSuppliers)?;
        paperwork::remind_suppliers(tx, &ctx).map_err(refused)
    })?;
    Ok(format!("{} reminders queued", reminded.mail_ids.len()))
}

fn escalate_approvals(
    database: &Database,
    company: CompanyId,
    stop: &Stop<'_>,
) -> Result<RunEnd, Failure> {
    let mut up = 0;
    loop {
        let part = database.write(move |tx| {
            let ctx = ctx(tx, company, Job::EscalateApprovals)?;
            identity::escalate_approvals(tx, &ctx, EscalateApprovals::default()).map_err(refused)
        })?;
        up += part.approvals.len();
        if !part.more {
            return Ok(RunEnd::Done(format!("{up} approvals went up")));
        }
        if let Some(ended) = stop.asked() {
            return Ok(ended);
        }
    }
}

fn forget_request_keys(
    database: &Database,
    company: CompanyId,
    stop: &Stop<'_>,
) -> Result<RunEnd, Failure> {
    let before =
        place::now().plus_micros(-KEYS_KEPT).map_err(|error| Failure(error.to_string()))?;
    let mut forgotten = 0;
    loop {
        let part =
            database.write(move |tx| store::forget_keys(tx, company, before, KEYS_AT_ONCE))?;
        forgotten += part;
        if part < KEYS_AT_ONCE as usize {
            return Ok(RunEnd::Done(format!("{forgotten} request keys forgotten")));
        }
        if let Some(ended) = stop.asked() {
            return Ok(ended);
        }
    }
}

fn run_replenishment(
    database: &Database,
    company: CompanyId,
    stop: &Stop<'_>,
) -> Result<RunEnd, Failure> {
    let mut told = ReplenishmentRun::default();
    let mut request = RunReplenishment::default();
    loop {
        let part = request.clone();
        told.add(database.write(move |tx| {
            let ctx = ctx(tx, company, Job::RunReplenishment)?;
            planning::run_replenishment(tx, &ctx, part.clone()).map_err(refused)
        })?);
        request.cursor.clone_from(&told.next_cursor);
        if request.cursor.is_none() {
            break;
        }
        if let Some(ended) = stop.asked() {
            return Ok(ended);
        }
    }
    Ok(RunEnd::Done(format!(
        "{} items at places: {} proposed, {} amended, {} withdrawn, {} ordered in {} \
         drafts and {} transfers",
        told.looked_at,
        told.proposed,
        told.amended,
        told.withdrawn,
        told.approved,
        told.orders.len(),
        told.transfers.len()
    )))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_stops_for_its_server_and_for_its_lease_and_says_why() {
        for (server, lease, ended) in [
            (false, false, None),
            (true, false, Some(RunEnd::Stopped(STOPPED.to_owned()))),
            (false, true, Some(RunEnd::Failed(LEASE_LOST.to_owned()))),
            (true, true, Some(RunEnd::Failed(LEASE_LOST.to_owned()))),
        ] {
            let server = AtomicBool::new(server);
            let stop = Stop { server: &server, lease: AtomicBool::new(lease) };
            assert_eq!(stop.asked(), ended);
        }
    }
}
