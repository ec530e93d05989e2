use super::world::{company, day, invoice, lock, post_in, posted_on, sound};
use accounting::{
    Area, Entry, Line, OpenItemFilter, OpenKey, Role, SCHEMA, open_items, trial_balance,
};
use proptest::prelude::*;
use std::collections::BTreeMap;
use store::Engine;
use store::testing::Fresh;

const OPEN: [Role; 3] = [Role::Receivable, Role::Payable, Role::Grni];
const PLAIN: [Role; 3] = [Role::Bank, Role::Revenue, Role::Expense];

/// What one step of a story does.
#[derive(Debug, Clone)]
enum Step {
    Post { area: Area, day: u8, lines: Vec<(usize, i64, i64)> },
    Lock { area: Area, day: u8 },
}

fn step() -> impl Strategy<Value = Step> {
    let area = prop_oneof![Just(Area::Sales), Just(Area::Purchasing)];
    let lines = prop::collection::vec((0_usize..6, 1_i64..4, -500_i64..500), 1..6);
    let locked = prop_oneof![Just(Area::Sales), Just(Area::Purchasing), Just(Area::All)];
    prop_oneof![
        6 => (area, 1_u8..29, lines).prop_map(|(area, day, lines)| Step::Post { area, day, lines }),
        1 => (locked, 1_u8..29).prop_map(|(area, day)| Step::Lock { area, day }),
    ]
}

fn entry_of(number: u8, lines: &[(usize, i64, i64)]) -> Entry {
    let mut entry = invoice(1, &format!("2026-01-{number:02}"), 0);
    entry.lines = lines
        .iter()
        .map(|(account, source, amount)| match OPEN.get(*account) {
            Some(role) => Line::new(*role, *amount).open(OpenKey::new("document", *source)),
            None => Line::new(PLAIN[*account - OPEN.len()], *amount),
        })
        .collect();
    let rest: i64 = lines.iter().map(|(_, _, amount)| amount).sum();
    entry.lines.push(Line::new(Role::Capital, -rest));
    entry
}

/// Random postings and locks against a model of plain sums.
fn run(engine: Engine, steps: &[Step]) {
    let fresh = Fresh::new(engine, &SCHEMA);
    let database = &fresh.database;
    let ctx = company(database);
    let mut open: BTreeMap<(Role, i64), i64> = BTreeMap::new();
    let mut balances: BTreeMap<Role, i64> = BTreeMap::new();
    let mut locks: BTreeMap<Area, u8> = BTreeMap::new();
    for step in steps {
        match step {
            Step::Lock { area, day } => {
                let done = lock(database, &ctx, *area, &format!("2026-01-{day:02}"), true);
                let before = locks.get(area).copied().unwrap_or(0);
                assert_eq!(done.is_ok(), *day > before, "{done:?}");
                locks.insert(*area, before.max(*day));
            }
            Step::Post { area, day: number, lines } => {
                let entry = entry_of(*number, lines);
                for line in &entry.lines {
                    let accounting::Account::Role(role) = line.account else { continue };
                    *balances.entry(role).or_default() += line.amount;
                    if let Some(key) = line.open {
                        *open.entry((role, key.id)).or_default() += line.amount;
                    }
                }
                let ids = post_in(database, &ctx, *area, vec![entry]).expect("a posting");
                if ids[0] != accounting::no_entry() {
                    let through =
                        [*area, Area::All].iter().filter_map(|a| locks.get(a)).max().copied();
                    let due = (*number).max(through.map_or(1, |locked| locked + 1));
                    assert_eq!(posted_on(database, &ctx, ids[0]), format!("2026-01-{due:02}"));
                }
            }
        }
    }
    let reader = ctx.clone();
    let (balance, items) = database
        .read(move |tx| {
            let balance = trial_balance(tx, &reader, Some(day("2026-01-31")))?;
            let items = open_items(tx, &reader, OpenItemFilter::default())?.lines;
            Ok::<_, accounting::ListError>((balance, items))
        })
        .expect("the books");
    assert_eq!(balance.debit, balance.credit);
    let found: BTreeMap<Role, i64> =
        balance.lines.iter().filter_map(|l| Some((l.role?, l.balance.minor))).collect();
    balances.retain(|_, sum| *sum != 0);
    assert_eq!(
        found.into_iter().filter(|(_, sum)| *sum != 0).collect::<BTreeMap<_, _>>(),
        balances
    );
    let found: BTreeMap<(Role, i64), i64> = items
        .iter()
        .filter_map(|item| Some(((item.role?, item.source_id), item.amount.minor)))
        .collect();
    open.retain(|_, sum| *sum != 0);
    assert_eq!(found, open);
    sound(database, &ctx);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn random_postings_sum_to_zero_and_open_items_equal_their_accounts(
        steps in prop::collection::vec(step(), 1..30),
    ) {
        run(Engine::Sqlite, &steps);
        run(Engine::Postgres, &steps);
    }
}
