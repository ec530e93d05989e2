//! The month's end, and what the books say at the end of the replay.
//!
//! A month is closed as a company closes it: its checks run while the next month is already busy, and
//! some days later it is locked.

use std::thread::JoinHandle;
use std::time::Instant;

use accounting::{
    Area, JournalCursor, JournalFilter, LockPeriod, OpenItemFilter, Role, TrialBalance,
};
use base::{Day, Timestamp};
use identity::{CreateApiKey, Ctx, Secret};
use store::{Database, StoreError, Tx};

use crate::classify::Reading;

use super::outcome::{Figures, Outcome};
use super::{DemoError, Replay, clock, refused};

/// A line that has been open for longer needs an owner and a reason, and no month is locked over it.
const OLD_DAYS: i64 = 60;
/// How many days the API key of the demo works.
const KEY_DAYS: i64 = 30;
/// The most rows that the journal lists at once.
const PAGE: i64 = 200;

/// A month that is being closed: the checks run, on readers, while the next one is busy.
pub(super) struct Closing {
    month: Day,
    last: Day,
    look: JoinHandle<Result<Looked, DemoError>>,
}

/// What was found of a month, and what its books said then.
struct Looked {
    objections: Vec<String>,
    balance: TrialBalance,
}

impl Replay<'_> {
    /// Begins to look at a month on its last evening: what its books say is read then, and the checks,
    /// which have to hold at any time, run on while the next month is busy.
    pub(super) fn close_month(&mut self, day: Day, month: Day) -> Result<(), DemoError> {
        let fay = self.at(&self.frame.fay, day, clock(23, 30))?;
        let said = {
            let fay = fay.clone();
            self.look(move |tx| said(tx, &fay, day))?
        };
        let database = self.database.clone();
        let look = std::thread::spawn(move || look_at(&database, &fay, said));
        self.closing = Some(Closing { month, last: day, look });
        Ok(())
    }

    /// Locks the month that was looked at softly, and the one before for good, when every check held
    /// and no line of goods received or billed is older than 60 days. Were anything posted into the
    /// month since, it is looked at anew.
    pub(super) fn lock_month(&mut self, day: Day) -> Result<(), DemoError> {
        let Some(Closing { month, last, look }) = self.closing.take() else { return Ok(()) };
        let fay = self.at(&self.frame.fay, day, clock(23, 40))?;
        let mut looked = look.join().map_err(|_| ended())??;
        let reader = fay.clone();
        let said = self.look(move |tx| said(tx, &reader, last))?;
        if said.balance != looked.balance {
            looked = look_at(self.database, &fay, said)?;
        }
        if !looked.objections.is_empty() {
            self.tally.months_open.push((month, looked.objections.join("; ")));
            return Ok(());
        }
        let before = month.plus(-1)?;
        let opening = self.world.opening;
        self.write(move |tx| {
            let soft = LockPeriod { area: Area::All, through: last, hard: false };
            accounting::lock_period(tx, &fay, soft).map_err(refused("lock the month"))?;
            if before >= opening {
                let hard = LockPeriod { area: Area::All, through: before, hard: true };
                accounting::lock_period(tx, &fay, hard).map_err(refused("lock for good"))?;
            }
            Ok(())
        })?;
        self.tally.months_locked.push(month);
        Ok(())
    }

    /// Asks the books whether they are sound and what they say.
    pub(super) fn finish(
        mut self,
        reading: Reading,
        last: Day,
        days: u32,
        began: Instant,
    ) -> Result<Outcome, DemoError> {
        // The month that ended last may be locked only after the last day of the replay.
        self.lock_month(last)?;
        let checking = Instant::now();
        let company_id = self.frame.lee.company_id;
        let api_key = self.api_key()?;
        self.database.seal_trail(company_id)?;
        let findings = reconcile::check_at_once(self.database, company_id, None)?;
        let digest = self.look(move |tx| Ok(reconcile::digest(tx, company_id)?))?;
        let fay = self.at(&self.frame.fay, last, clock(23, 45))?;
        let figures = self.look(move |tx| figures(tx, &fay))?;
        self.spent.insert("check and digest", checking.elapsed());
        let accuracy = self.accuracy(last)?;
        let places = self.places(last)?;
        let ready = self.readiness(last)?;
        let waiting = self.selling.orders.values();
        let waiting = waiting.flat_map(|order| &order.goods).filter(|line| line.sold);
        Ok(Outcome {
            company_id,
            company: self.frame.company.clone(),
            days,
            last,
            reading,
            foreknowledge: crate::world::FOREKNOWLEDGE.to_vec(),
            waiting: waiting.map(|line| line.open).sum(),
            undiscovered: self.sites.iter().map(|site| site.hidden.len()).sum(),
            ready,
            accuracy,
            tally: self.tally,
            figures,
            places,
            checks: findings.len(),
            breaches: findings
                .into_iter()
                .filter(|finding| !finding.breaches.is_empty())
                .map(|finding| (finding.check.to_owned(), finding.breaches))
                .collect(),
            digest: digest.sha256,
            api_key,
            elapsed: began.elapsed(),
            spent: self.spent,
            growth: self.pace.growth(),
        })
    }

    /// A key with which a program may do all that lee may. It is the one thing that the machine's
    /// clock decides: it works from now on.
    fn api_key(&self) -> Result<String, DemoError> {
        let now = Timestamp::from_micros(jiff::Timestamp::now().as_microsecond());
        let lee = self.frame.lee.at_moment(now);
        let secret = Secret::random();
        let request = CreateApiKey {
            name: "demo".to_owned(),
            scopes: vec!["*".to_owned()],
            expires_on: lee.today.plus(KEY_DAYS)?,
            user_id: None,
        };
        let digest = secret.digest();
        let id = self.write(move |tx| {
            identity::create_api_key(tx, &lee, request.clone(), &digest).map_err(refused("API key"))
        })?;
        Ok(identity::api_key_text(id, &secret))
    }
}

/// What a month's books say, and which of their lines have been open for too long.
fn said(tx: &mut Tx<'_>, fay: &Ctx, last: Day) -> Result<Looked, DemoError> {
    let balance =
        accounting::trial_balance(tx, fay, Some(last)).map_err(refused("trial balance"))?;
    Ok(Looked { objections: old_lines(tx, fay, last)?, balance })
}

/// Adds what the checks object to.
fn look_at(database: &Database, fay: &Ctx, mut looked: Looked) -> Result<Looked, DemoError> {
    let findings = reconcile::check_at_once(database, fay.company_id, None)?;
    let broken = findings.into_iter().filter(|finding| !finding.breaches.is_empty());
    looked.objections.extend(broken.map(|it| format!("{}: {}", it.check, it.breaches.len())));
    Ok(looked)
}

fn ended() -> StoreError {
    StoreError::Unusable("the checks of the month ended without an answer".to_owned())
}

/// What of goods received or billed has been open for too long to lock the month.
fn old_lines(tx: &mut Tx<'_>, fay: &Ctx, day: Day) -> Result<Vec<String>, DemoError> {
    let mut broken = Vec::new();
    for role in [Role::Grni, Role::BilledNotReceived] {
        let filter = OpenItemFilter {
            role: Some(role),
            opened_through: Some(day.plus(-OLD_DAYS)?),
            ..OpenItemFilter::default()
        };
        let old = accounting::open_items(tx, fay, filter).map_err(refused("open items"))?;
        if !old.lines.is_empty() {
            broken.push(format!(
                "{} or more lines older than {OLD_DAYS} days on {role}",
                old.lines.len()
            ));
        }
    }
    Ok(broken)
}

fn figures(tx: &mut Tx<'_>, fay: &Ctx) -> Result<Figures, DemoError> {
    let balances = accounting::trial_balance(tx, fay, None).map_err(refused("trial balance"))?;
    let of = |role: Role| {
        let line = balances.lines.iter().find(|line| line.role == Some(role));
        line.map_or(0, |line| line.balance.minor)
    };
    let (entries, manual) = journal(tx, fay)?;
    Ok(Figures {
        stock: of(Role::StockValuation),
        quarantine: of(Role::Quarantine),
        in_transit: of(Role::GoodsInTransit),
        grni: of(Role::Grni),
        billed_not_received: of(Role::BilledNotReceived),
        receivable: of(Role::Receivable),
        payable: of(Role::Payable),
        clearing: of(Role::ChannelClearing),
        deposits: of(Role::CustomerDeposits),
        bank: of(Role::Bank),
        revenue: of(Role::Revenue),
        shipping_income: of(Role::ShippingIncome),
        cost_of_sales: of(Role::Cogs),
        output_tax: of(Role::OutputTax),
        price_difference: of(Role::PriceDifference),
        exchange_difference: of(Role::ExchangeDifference),
        entries,
        manual_entries: manual,
    })
}

/// How many entries there are, and how many of them somebody made by hand.
fn journal(tx: &mut Tx<'_>, fay: &Ctx) -> Result<(u64, u64), DemoError> {
    let mut filter = JournalFilter { limit: Some(PAGE), ..JournalFilter::default() };
    let (mut entries, mut manual) = (0, 0);
    loop {
        let rows = accounting::journal(tx, fay, &filter).map_err(refused("journal"))?;
        entries += rows.len() as u64;
        manual += rows.iter().filter(|row| row.source_kind == "manual").count() as u64;
        match rows.last() {
            Some(row) if rows.len() as i64 == PAGE => {
                let (posted_on, entry_id) = (row.posted_on, row.entry_id);
                filter.after = Some(JournalCursor { posted_on, entry_id });
            }
            _ => return Ok((entries, manual)),
        }
    }
}
