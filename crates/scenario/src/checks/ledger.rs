//! What the books say.

use super::{Compare, Seen};
use crate::case::{Args, Expect};
use crate::support::Check;
use crate::world::{Stop, World};
use accounting::{EntryLineRow, LedgerFilter, OpenItemFilter, Role};
use base::{AccountId, Money, format_scaled, parse_scaled};

pub(super) const CHECKS: &[Check] = &[
    Check {
        name: "account",
        args: &["account", "debit", "credit"],
        about: "the running debit and credit of an account",
        run: account,
    },
    Check {
        name: "account_delta",
        args: &["account", "balance"],
        about: "debit less credit of what a step posted to an account",
        run: account_delta,
    },
    Check {
        name: "entry",
        args: &[
            "lines",
            "lines.account",
            "lines.debit",
            "lines.credit",
            "lines.currency",
            "lines.amount_currency",
            "lines.item",
        ],
        about: "all lines of what a step posted, in any order",
        run: entry,
    },
    Check {
        name: "line",
        args: &["account", "debit", "credit", "currency", "amount_currency"],
        about: "one line of what a step posted",
        run: line,
    },
    Check {
        name: "line_count",
        args: &["account", "count"],
        about: "how many lines an account has",
        run: line_count,
    },
    Check {
        name: "balanced",
        args: &[],
        about: "what a step posted has as much debit as credit",
        run: balanced,
    },
    Check {
        name: "reconciled",
        args: &["account"],
        about: "nothing is open on an account",
        run: reconciled,
    },
];

fn role(args: &Args) -> Result<Role, Stop> {
    let word = args.text("account")?;
    Role::parse(word).ok_or_else(|| Stop::failed(format!("there is no account {word}")))
}

fn account_id(world: &World, role: Role) -> Result<AccountId, Stop> {
    let found = world.roles.iter().find(|(_, own)| **own == role).map(|(id, _)| *id);
    found.ok_or_else(|| Stop::failed(format!("no account has the role {role}")))
}

fn account(world: &World, expect: &Expect) -> Result<Seen, Stop> {
    let role = role(&expect.args)?;
    let balance = world.read(|tx, ctx| accounting::trial_balance(tx, ctx, None))?;
    let line = balance.lines.iter().find(|line| line.role == Some(role));
    let (debit, credit) = line.map_or((0, 0), |line| (line.debit.minor, line.credit.minor));
    let mut compare = Compare::default();
    compare.amount(world, &expect.args, "debit", debit)?;
    compare.amount(world, &expect.args, "credit", credit)?;
    compare.done()
}

/// All lines that a step posted.
fn lines(world: &World, expect: &Expect) -> Result<Vec<EntryLineRow>, Stop> {
    let mut lines = Vec::new();
    for entry in &world.record(expect.step)?.entries {
        lines.extend(world.entry(*entry)?.lines);
    }
    Ok(lines)
}

fn account_delta(world: &World, expect: &Expect) -> Result<Seen, Stop> {
    let role = role(&expect.args)?;
    let lines = lines(world, expect)?;
    let own = lines.iter().filter(|line| world.role_of(line.account_id) == Some(role));
    let got = own.map(|line| line.debit.minor - line.credit.minor).sum();
    let mut compare = Compare::default();
    compare.amount(world, &expect.args, "balance", got)?;
    compare.done()
}

/// A posted line in the words of the expected one: only what that names of currency and item.
fn told(world: &World, line: &EntryLineRow, wanted: &Args) -> String {
    let role = world.role_of(line.account_id);
    let account = role.map_or_else(|| line.code.clone(), |role| role.to_string());
    let mut words = vec![account];
    let amount = |money: &Money| format_scaled(money.minor, money.currency.decimals(), 0);
    if line.debit.minor != 0 {
        words.push(format!("debit {}", amount(&line.debit)));
    }
    if line.credit.minor != 0 {
        words.push(format!("credit {}", amount(&line.credit)));
    }
    if let Some(foreign) = line.foreign.filter(|_| wanted.has("currency")) {
        words.push(format!("{} {}", foreign.currency.code(), amount(&foreign)));
    }
    if let Some(item) = line.item_id.filter(|_| wanted.has("item")) {
        let known = world.items.values().find(|known| known.item.id == item);
        words.push(known.map_or_else(String::new, |known| known.item.sku.clone()));
    }
    words.join(" ")
}

/// An expected line in the same words.
fn wanted_words(world: &World, wanted: &Args) -> Result<String, Stop> {
    let home = world.ctx.currency.decimals();
    let mut words = vec![role(wanted)?.to_string()];
    for side in ["debit", "credit"] {
        if let Some(text) = wanted.text_opt(side)? {
            let minor = parse_scaled(text, home)?;
            if minor != 0 {
                words.push(format!("{side} {}", format_scaled(minor, home, 0)));
            }
        }
    }
    if let Some(code) = wanted.text_opt("currency")? {
        let currency = base::Currency::parse(code).map_err(|e| Stop::failed(e.to_string()))?;
        let minor = wanted.scaled_opt("amount_currency", currency.decimals())?.unwrap_or(0);
        words.push(format!("{code} {}", format_scaled(minor, currency.decimals(), 0)));
    }
    words.extend(wanted.text_opt("item")?.map(str::to_owned));
    Ok(words.join(" "))
}

fn entry(world: &World, expect: &Expect) -> Result<Seen, Stop> {
    let expected = expect.args.list("lines");
    let none = Args::new(
        crate::Node { line: expect.args.line(), data: crate::Data::Map(Vec::new()) },
        world.ctx.today,
    );
    let mut wanted = Vec::new();
    for line in &expected {
        wanted.push(wanted_words(world, line)?);
    }
    let mut got = Vec::new();
    for line in lines(world, expect)? {
        // Which details are asked of a line: those of the expected line of its account.
        let role = world.role_of(line.account_id).map(|role| role.to_string());
        let like = expected.iter().find(|args| args.text("account").ok() == role.as_deref());
        got.push(told(world, &line, like.unwrap_or(&none)));
    }
    let mut compare = Compare::default();
    compare.multiset("lines", wanted, got);
    compare.done()
}

fn line(world: &World, expect: &Expect) -> Result<Seen, Stop> {
    let wanted = wanted_words(world, &expect.args)?;
    let role = role(&expect.args)?;
    let lines = lines(world, expect)?;
    let own = lines.iter().filter(|line| world.role_of(line.account_id) == Some(role));
    let got: Vec<String> = own.map(|line| told(world, line, &expect.args)).collect();
    let mut compare = Compare::default();
    if !got.contains(&wanted) {
        compare.text("line", &wanted, &got.join("; "));
    }
    compare.done()
}

fn line_count(world: &World, expect: &Expect) -> Result<Seen, Stop> {
    let filter = LedgerFilter {
        account_id: account_id(world, role(&expect.args)?)?,
        from: None,
        through: None,
        cursor: None,
        limit: Some(200),
    };
    let ledger = world.read(move |tx, ctx| accounting::account_ledger(tx, ctx, filter.clone()))?;
    let count = i64::try_from(ledger.lines.len()).unwrap_or(i64::MAX);
    let mut compare = Compare::default();
    compare.scaled(&expect.args, "count", count, 0)?;
    compare.done()
}

fn balanced(world: &World, expect: &Expect) -> Result<Seen, Stop> {
    let lines = lines(world, expect)?;
    let (debit, credit) = lines.iter().fold((0, 0), |(debit, credit), line| {
        (debit + line.debit.minor, credit + line.credit.minor)
    });
    let told = |minor| format_scaled(minor, world.ctx.currency.decimals(), 0);
    let mut compare = Compare::default();
    if lines.is_empty() {
        compare.text("lines", "an entry", "none");
    }
    compare.text("credit", &told(debit), &told(credit));
    compare.done()
}

fn reconciled(world: &World, expect: &Expect) -> Result<Seen, Stop> {
    let filter = OpenItemFilter { role: Some(role(&expect.args)?), ..OpenItemFilter::default() };
    let open = world.read(move |tx, ctx| accounting::open_items(tx, ctx, filter.clone()))?;
    let left: Vec<String> = open.lines.iter().map(|item| item.amount.amount_text()).collect();
    let mut compare = Compare::default();
    compare.text("open", "", &left.join(", "));
    compare.done()
}
