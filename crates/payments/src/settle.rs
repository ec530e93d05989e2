//! How payments are recorded: claim their references, hold what is open, decide each against the
//! state left by those before it, and write them in a few statements, however many there are.

use accounting::{Entry, Line, OpenKey, Role};
use base::{Currency, Day, EntryId, Id, Money, PartnerId, PaymentId, Rate, Rule, check_text};
use identity::Ctx;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::{BTreeSet, HashMap, HashSet};
use store::{StoreError, Tx};
use utoipa::ToSchema;

use crate::error::PaymentError;
use crate::known::known;
use crate::model::{Allocation, Decided, Draft, Effect, Key, Kind, Purse};
use crate::rules::{Facts, Standing, Standings, decide};
use crate::{PAYMENT, tables};

/// The most payments of one request.
pub const MAX_PAYMENTS: usize = 1_000;
/// The most allocations of one payment.
pub const MAX_ALLOCATIONS: usize = 1_000;
/// The longest method, reference and client's reference, in characters.
const MAX_TEXT: usize = 200;
/// The longest memo, in characters.
const MAX_MEMO: usize = 500;

/// A payment made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Paid {
    /// Its id.
    pub payment_id: PaymentId,
    /// Its number, such as `PAY-000001`.
    pub number: String,
    /// Its entry in the books.
    pub entry_id: EntryId,
    /// The books' day of it.
    pub posted_on: Day,
    /// The amount in the payment's currency.
    pub amount: Money,
    /// The amount in the company's currency.
    pub amount_company: Money,
    /// Whether a payment with this `client_ref` had been made before, and nothing was done now.
    pub repeated: bool,
}

/// What became of one payment of a batch.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "outcome", rename_all = "snake_case")]
pub enum PaymentAnswer {
    /// It was made.
    Done {
        /// The payment.
        payment: Paid,
    },
    /// It was there before, just as asked.
    Repeated {
        /// The payment.
        payment: Paid,
    },
    /// It was refused; the others were not.
    Refused {
        /// The client's reference.
        client_ref: String,
        /// The broken rule.
        code: String,
        /// The rule in words.
        message: String,
    },
}

/// Makes one payment.
pub(crate) fn settle_one(tx: &mut Tx<'_>, ctx: &Ctx, draft: Draft) -> Result<Paid, PaymentError> {
    let mut settled = settle(tx, ctx, vec![draft])?;
    settled.pop().ok_or(PaymentError::OutOfRange)?
}

/// Makes payments of one kind, and answers for each.
pub(crate) fn settle_all(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    drafts: Vec<Draft>,
    all_or_nothing: bool,
) -> Result<Vec<PaymentAnswer>, PaymentError> {
    let got = drafts.len();
    if got > MAX_PAYMENTS {
        return Err(PaymentError::TooMany { what: "payments", max: MAX_PAYMENTS, got });
    }
    let references: Vec<String> = drafts.iter().map(|draft| draft.client_ref.clone()).collect();
    let settled = settle(tx, ctx, drafts)?;
    let mut answers = Vec::with_capacity(got);
    for (index, (answer, client_ref)) in settled.into_iter().zip(references).enumerate() {
        answers.push(match answer {
            Ok(payment) if payment.repeated => PaymentAnswer::Repeated { payment },
            Ok(payment) => PaymentAnswer::Done { payment },
            Err(error) if all_or_nothing => {
                let element = index as u64 + 1;
                return Err(PaymentError::Element { element, error: Box::new(error) });
            }
            Err(error) => {
                let problem = error.problem();
                let code = problem.code.to_owned();
                PaymentAnswer::Refused { client_ref, code, message: problem.detail }
            }
        });
    }
    Ok(answers)
}

/// A payment on its way through: refused, a repeat, or still to be made.
struct Case {
    draft: Draft,
    payment_id: PaymentId,
    fingerprint: Vec<u8>,
    /// The rate of its day; known once rates are loaded.
    rate: Rate,
    /// The element before it that carries the same reference.
    twin_of: Option<usize>,
    end: Option<Result<Paid, PaymentError>>,
}

impl Case {
    fn is_open(&self) -> bool {
        self.end.is_none() && self.twin_of.is_none()
    }
}

type Answers = Vec<Result<Paid, PaymentError>>;

/// Makes payments of one kind. What one is refused for stops no other; what concerns all of them
/// (permission, books, the store) is the outer error.
fn settle(tx: &mut Tx<'_>, ctx: &Ctx, drafts: Vec<Draft>) -> Result<Answers, PaymentError> {
    let Some(first) = drafts.first() else { return Ok(Vec::new()) };
    let (area, earliest) = (first.area(), first.happened_on);
    let mut cases = Vec::with_capacity(drafts.len());
    for draft in drafts {
        let end = check(&draft).err().map(Err);
        let fingerprint = Sha256::digest(draft.told.to_string()).to_vec();
        let payment_id = tx.id()?;
        cases.push(Case { draft, payment_id, fingerprint, rate: Rate::ONE, twin_of: None, end });
    }
    claim_references(tx, ctx, &mut cases)?;
    check_partners(tx, ctx, &mut cases)?;
    load_rates(tx, ctx, &mut cases)?;
    let books = accounting::open_books(tx, ctx, area, earliest)?;
    let mut standings = hold_standings(tx, ctx, &books, &cases)?;

    let waiting = unpayable(tx, ctx, &cases)?;
    let mut made = Vec::new();
    for (index, case) in cases.iter_mut().enumerate().filter(|(_, case)| case.is_open()) {
        let facts = Facts { payment_id: case.payment_id, home: ctx.currency, rate: case.rate };
        let decided = decide(&case.draft, &facts, &mut standings).and_then(|decided| {
            ctx.require_amount(case.draft.permission(), decided.amount_company)?;
            match decided.partner_id.filter(|partner_id| waiting.contains(partner_id)) {
                Some(partner_id) => Err(PaymentError::BankDetailsWait { partner_id }),
                None => Ok(decided),
            }
        });
        match decided {
            Ok(decided) => made.push((index, decided)),
            Err(error) => case.end = Some(Err(error)),
        }
    }
    record(tx, ctx, &books, &mut cases, made)?;
    release_references(tx, ctx, &cases)?;
    answer_twins(&mut cases);
    Ok(cases.into_iter().filter_map(|case| case.end).collect())
}

/// What can be told without looking at anything.
fn check(draft: &Draft) -> Result<(), PaymentError> {
    check_text("method", &draft.method, MAX_TEXT)?;
    check_text("reference", &draft.reference, MAX_TEXT)?;
    check_text("client_ref", &draft.client_ref, MAX_TEXT)?;
    check_text("memo", &draft.memo, MAX_MEMO)?;
    let keys = draft.parts.iter().filter_map(|part| part.key.as_ref());
    for key in keys.chain(draft.purse.key().as_ref()) {
        base::check_code("kind", &key.kind)?;
    }
    let got = draft.parts.len();
    if got > MAX_ALLOCATIONS {
        return Err(PaymentError::TooMany { what: "allocations", max: MAX_ALLOCATIONS, got });
    }
    Ok(())
}

/// Claims the clients' references, so that two requests at once cannot pay the same twice: the
/// second waits here for the first.
fn claim_references(tx: &mut Tx<'_>, ctx: &Ctx, cases: &mut [Case]) -> Result<(), PaymentError> {
    let mut firsts: HashMap<String, (PaymentId, Vec<u8>)> = HashMap::new();
    let mut places: HashMap<String, usize> = HashMap::new();
    for (index, case) in cases.iter_mut().enumerate() {
        let client_ref = &case.draft.client_ref;
        if client_ref.is_empty() || !case.is_open() {
            continue;
        }
        case.twin_of = places.get(client_ref).copied();
        if case.twin_of.is_none() {
            places.insert(client_ref.clone(), index);
            firsts.insert(client_ref.clone(), (case.payment_id, case.fingerprint.clone()));
        }
    }
    if firsts.is_empty() {
        return Ok(());
    }
    let claimed = tables::claim_references(tx, ctx.company_id, &firsts)?;
    let taken: Vec<&String> = firsts.keys().filter(|name| !claimed.contains(*name)).collect();
    if taken.is_empty() {
        return Ok(());
    }
    let earlier = tables::earlier_payments(tx, ctx, &taken)?;
    for case in cases.iter_mut().filter(|case| case.is_open()) {
        let client_ref = &case.draft.client_ref;
        if client_ref.is_empty() || claimed.contains(client_ref) {
            continue;
        }
        // The first was rolled back between our insert and our look.
        let (fingerprint, paid) = earlier
            .get(client_ref)
            .ok_or_else(|| StoreError::Retry("a payment's reference was freed".to_owned()))?;
        case.end = Some(if *fingerprint == case.fingerprint {
            Ok(paid.clone())
        } else {
            Err(PaymentError::ReferenceUsed { client_ref: client_ref.clone() })
        });
    }
    Ok(())
}

/// Answers elements that carry the reference of one before them: with its payment when they ask for
/// the same, with a refusal otherwise.
fn answer_twins(cases: &mut [Case]) {
    for index in 0..cases.len() {
        let Some(first) = cases[index].twin_of else { continue };
        let client_ref = cases[index].draft.client_ref.clone();
        let same = cases[index].fingerprint == cases[first].fingerprint;
        let end = match cases[first].end.clone() {
            Some(Ok(paid)) if same => Ok(Paid { repeated: true, ..paid }),
            Some(Err(error)) if same => Err(error),
            _ => Err(PaymentError::ReferenceUsed { client_ref }),
        };
        cases[index].end = Some(end);
    }
}

/// Frees the references of what was refused, so that it can be asked again.
fn release_references(tx: &mut Tx<'_>, ctx: &Ctx, cases: &[Case]) -> Result<(), PaymentError> {
    let refused: Vec<PaymentId> = cases
        .iter()
        .filter(|case| matches!(case.end, Some(Err(_))) && !case.draft.client_ref.is_empty())
        .map(|case| case.payment_id)
        .collect();
    Ok(tables::release_references(tx, ctx.company_id, &refused)?)
}

fn check_partners(tx: &mut Tx<'_>, ctx: &Ctx, cases: &mut [Case]) -> Result<(), PaymentError> {
    let named: BTreeSet<PartnerId> = cases
        .iter()
        .filter(|case| case.is_open())
        .filter_map(|case| case.draft.partner_id)
        .collect();
    if named.is_empty() {
        return Ok(());
    }
    let named: Vec<PartnerId> = named.into_iter().collect();
    let found = partners::partners_by_id(tx, ctx.company_id, &named)?;
    for case in cases.iter_mut().filter(|case| case.is_open()) {
        if let Some(partner_id) = case.draft.partner_id.filter(|id| !found.contains_key(id)) {
            case.end = Some(Err(PaymentError::UnknownPartner { partner_id }));
        }
    }
    Ok(())
}

/// The suppliers that are not paid, because other bank details of theirs wait and the company's policy
/// pays nobody until they are decided on.
fn unpayable(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    cases: &[Case],
) -> Result<BTreeSet<PartnerId>, PaymentError> {
    let pays = |case: &Case| matches!(case.draft.kind, Kind::Pay | Kind::PayDeposit);
    let refused =
        identity::policies(tx, ctx.company_id)?.is("pay_while_bank_details_wait", "refused");
    if !refused || !cases.iter().any(pays) {
        return Ok(BTreeSet::new());
    }
    Ok(partners::bank_details_wait(tx, ctx)?)
}

/// Loads exchange rates: one read for each day on which something foreign was paid.
fn load_rates(tx: &mut Tx<'_>, ctx: &Ctx, cases: &mut [Case]) -> Result<(), PaymentError> {
    let foreign: BTreeSet<(Day, Currency)> = cases
        .iter()
        .filter(|case| case.is_open() && case.draft.currency != ctx.currency)
        .filter(|case| case.draft.bank_amount.is_none())
        .filter(|case| !matches!(case.draft.purse, Purse::Deposit(..)))
        .map(|case| (case.draft.happened_on, case.draft.currency))
        .collect();
    let mut rates = HashMap::new();
    for (day, currency) in foreign {
        match accounting::rate_on(tx, ctx, currency, day) {
            Ok(rate) => rates.insert((day, currency), Ok(rate)),
            Err(accounting::RateError::Store(error)) => return Err(error.into()),
            Err(error) => rates.insert((day, currency), Err(error)),
        };
    }
    for case in cases.iter_mut().filter(|case| case.is_open()) {
        match rates.get(&(case.draft.happened_on, case.draft.currency)) {
            Some(Ok(rate)) => case.rate = *rate,
            Some(Err(error)) => case.end = Some(Err(error.clone().into())),
            None => {}
        }
    }
    Ok(())
}

/// Holds the open lines that are to be settled, and those that the entry will add to: all that the
/// transaction touches is held in one order, so that no two wait for each other in a circle.
/// Nothing is held for payments that settle nothing.
fn hold_standings(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    books: &accounting::Books,
    cases: &[Case],
) -> Result<Standings, PaymentError> {
    let open = || cases.iter().filter(|case| case.is_open()).map(|case| &case.draft);
    let settles = |draft: &Draft| {
        matches!(draft.purse, Purse::Deposit(..))
            || draft.parts.iter().any(|part| part.effect == Effect::Settles)
    };
    if !open().any(settles) {
        return Ok(Standings::new());
    }
    let mut keys: HashSet<(Role, String, i64)> = HashSet::new();
    for draft in open() {
        let parts = draft.parts.iter().map(|part| (part.role, part.key.clone()));
        let purse = (draft.purse.role(), draft.purse.key());
        keys.extend(
            parts
                .chain([purse])
                .filter_map(|(role, key)| key.map(|key| (role, key.kind.into_owned(), key.id))),
        );
    }
    hold(tx, ctx, books, keys)
}

/// Holds open lines as they stand.
pub(crate) fn hold(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    books: &accounting::Books,
    keys: impl IntoIterator<Item = (Role, String, i64)>,
) -> Result<Standings, PaymentError> {
    let keys: Vec<(Role, String, i64)> = keys.into_iter().collect();
    let held = accounting::lock_open_items(tx, ctx, books, &keys)?;
    let standings = held.into_iter().map(|item| {
        let slot = (item.role, item.kind, item.open.source_id, item.open.currency);
        let standing = Standing {
            amount: item.open.amount,
            amount_foreign: item.open.amount_foreign,
            partner_id: item.open.partner_id,
        };
        (slot, standing)
    });
    Ok(standings.collect())
}

/// Writes what was decided: entries, payments, allocations, facts and the audit trail.
fn record(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    books: &accounting::Books,
    cases: &mut [Case],
    made: Vec<(usize, Decided)>,
) -> Result<(), PaymentError> {
    let mut entries = Vec::with_capacity(made.len());
    for (index, decided) in &made {
        let case = &cases[*index];
        entries.push(entry_of(&case.draft, case.payment_id, decided, ctx.currency));
    }
    let entry_ids = accounting::post(tx, ctx, books, entries)?;
    let mut written = Vec::with_capacity(made.len());
    for ((index, decided), entry_id) in made.into_iter().zip(entry_ids) {
        let case = &mut cases[index];
        let posted_on = books.first_open_day(case.draft.happened_on)?;
        let paid = Paid {
            payment_id: case.payment_id,
            number: tx.number(ctx.company_id, "PAY")?,
            entry_id,
            posted_on,
            amount: Money::new(decided.amount, case.draft.currency),
            amount_company: Money::new(decided.amount_company, ctx.currency),
            repeated: false,
        };
        written.push((index, paid, decided));
    }
    let rows: Vec<tables::NewPayment<'_>> = written
        .iter()
        .map(|(index, paid, decided)| tables::NewPayment {
            draft: &cases[*index].draft,
            paid,
            decided,
        })
        .collect();
    tables::insert_payments(tx, ctx, &rows)?;
    for (index, paid, decided) in written {
        let case = &mut cases[index];
        tell(tx, ctx, &case.draft, &paid, &decided);
        case.end = Some(Ok(paid));
    }
    Ok(())
}

/// The fact and the line of the audit trail.
fn tell(tx: &mut Tx<'_>, ctx: &Ctx, draft: &Draft, paid: &Paid, decided: &Decided) {
    let settled: Vec<serde_json::Value> = decided
        .allocations
        .iter()
        .filter_map(|allocation| {
            let key = allocation.key.as_ref()?;
            Some(serde_json::json!({ "role": allocation.role, "kind": key.kind, "id": key.id }))
        })
        .collect();
    let payload = serde_json::json!({
        "number": paid.number,
        "amount": paid.amount,
        "partner_id": decided.partner_id,
        "settled": settled,
    });
    let id = paid.payment_id.raw();
    ctx.fact(tx, PAYMENT, id, 1, draft.kind.fact(), payload);
    let detail = serde_json::json!({ "number": paid.number, "request": draft.told });
    ctx.audit(tx, draft.permission(), PAYMENT, id, detail);
}

/// The entry of a payment: what it is for on the one side, where its money is on the other.
fn entry_of(draft: &Draft, payment_id: PaymentId, decided: &Decided, home: Currency) -> Entry {
    let sign = draft.direction.sign();
    let foreign = |minor| (draft.currency != home).then(|| Money::new(minor, draft.currency));
    let mut lines: Vec<Line> = decided
        .allocations
        .iter()
        .map(|allocation| {
            allocation_line(allocation, sign, foreign(sign * allocation.amount_foreign))
        })
        .collect();
    let mut money = Line::new(draft.purse.role(), -sign * decided.amount_company);
    if let Some(key) = draft.purse.key() {
        money = money.open(open_key(&key, None));
        money.foreign = foreign(-sign * decided.amount);
    }
    lines.push(money);
    Entry {
        kind: draft.kind.as_str(),
        source_kind: PAYMENT,
        source_id: payment_id.raw(),
        happened_on: draft.happened_on,
        memo: draft.memo.clone(),
        lines,
    }
}

fn allocation_line(allocation: &Allocation, sign: i64, foreign: Option<Money>) -> Line {
    let mut line = Line::new(allocation.role, sign * allocation.amount);
    if let Some(key) = &allocation.key {
        line = line.open(open_key(key, allocation.partner_id));
        line.foreign = foreign;
    }
    if let Some((code, net)) = allocation.tax {
        line = line.tax(code, sign * net);
    }
    line
}

fn open_key(key: &Key, partner_id: Option<PartnerId>) -> OpenKey {
    OpenKey { kind: known(key), id: key.id, partner_id }
}
