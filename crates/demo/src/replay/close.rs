//! The month's end, and what the books say at the end of the replay.

use std::time::Instant;

use accounting::{Area, JournalCursor, JournalFilter, LockPeriod, OpenItemFilter, Role};
use base::{Day, Timestamp};
use identity::{CreateApiKey, Ctx, Secret};
use store::Tx;

use crate::classify::Reading;

use super::outcome::{Figures, Outcome};
use super::{DemoError, Replay, clock, refused};

/// A line that has been open for longer needs an owner and a reason, and no month is locked over it.
const OLD_DAYS: i64 = 60;
/// How many days the API key of the demo works.
const KEY_DAYS: i64 = 30;
/// The most rows that the journal lists at once.
const PAGE: i64 = 200;

impl Replay<'_> {
    /// Locks a month softly, and the one before for good, when every check holds and no line of
    /// goods received or billed is older than 60 days.
    pub(super) fn lock_month(&mut self, day: Day, month: Day) -> Result<(), DemoError> {
        let fay = self.at(&self.frame.fay, day, clock(23, 30))?;
        let reader = fay.clone();
        let findings = reconcile::check_at_once(self.database, fay.company_id, None)?;
        let broken = findings.into_iter().filter(|finding| !finding.breaches.is_empty());
        let mut broken: Vec<String> =
            broken.map(|it| format!("{}: {}", it.check, it.breaches.len())).collect();
        broken.extend(self.look(move |tx| old_lines(tx, &reader, day))?);
        if !broken.is_empty() {
            self.tally.months_open.push((month, broken.join("; ")));
            return Ok(());
        }
        let before = month.plus(-1)?;
        let opening = self.world.opening;
        self.write(move |tx| {
            let soft = LockPeriod { area: Area::All, through: day, hard: false };
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
            undiscovered: self.hidden.len(),
            accuracy,
            tally: self.tally,
            figures,
            checks: findings.len(),
            breaches: findings
                .into_iter()
                .filter(|finding| !finding.breaches.is_empty())
                .map(|finding| (finding.check.to_owned(), finding.breaches))
                .collect(),
            digest: digest.sha256,
            api_key,
            elapsed: began.elapsed(),
            spent: self.spent.into_iter().collect(),
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
