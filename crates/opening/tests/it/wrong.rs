//! Files that do not agree, and files with faults: everything is named, nothing is written.

use super::world::{World, going};
use accounting::Role;
use opening::{Files, Open, OpenError, OpenedFrom};
use store::testing::on_both_engines;

#[test]
fn a_stock_list_that_differs_by_a_cent_is_named() {
    on_both_engines(&reconcile::SCHEMA, |database| {
        let world = World::new(database);
        let before = world.digest();
        let mut off = going();
        off.files.stock = off.files.stock.replace("5,30.00", "5,29.99");
        let opened = world.open(&off).unwrap();
        assert!(!opened.applied && opened.errors.is_empty());
        assert_eq!(opened.differences.len(), 1);
        let one = &opened.differences[0];
        assert_eq!((one.account.as_str(), one.opened_from), ("1000", OpenedFrom::Stock));
        assert_eq!((one.trial_balance.minor, one.opened.minor, one.off.minor), (9_900, 9_899, 1));
        assert_eq!(opened.difference.minor, 1);
        assert_eq!(world.digest(), before);
    });
}

#[test]
fn a_difference_is_booked_by_name_and_permission() {
    on_both_engines(&reconcile::SCHEMA, |database| {
        let mut world = World::new(database);
        let mut off = going();
        off.files.bills = off.files.bills.replace("120.00", "121.00");
        off.book_difference = Some(base::Money::new(100, base::Currency::GBP));
        let all = world.ctx.clone();
        world.ctx =
            identity::testing::holding(&all, all.user_id, &["*", "-opening.book_difference"], None);
        assert!(world.open(&off).is_err());
        world.ctx = all;
        let opened = world.open(&off).unwrap();
        assert!(opened.applied);
        assert_eq!(opened.differences[0].account, "2000");
        assert_eq!(opened.difference.minor, 100);
        assert_eq!(world.balance(Role::OpeningDifference), 100);
        world.assert_sound();
    });
}

#[test]
fn no_other_difference_is_booked_than_the_one_that_was_seen() {
    on_both_engines(&reconcile::SCHEMA, |database| {
        let world = World::new(database);
        let before = world.digest();
        let mut off = going();
        off.files.bills = off.files.bills.replace("120.00", "121.00");
        let mut tried = off.clone();
        tried.dry_run = true;
        let seen = world.open(&tried).unwrap().difference;
        // One file was mended, or became worse, after the trial run.
        for (from, to, is) in [("121.00", "119.00", -100), ("121.00", "120.00", 0)] {
            let mut other = off.clone();
            other.files.bills = other.files.bills.replace(from, to);
            other.book_difference = Some(seen);
            let is = base::Money::new(is, seen.currency);
            assert_eq!(world.open(&other), Err(OpenError::AnotherDifference { seen, is }));
        }
        assert_eq!(world.digest(), before);
        off.book_difference = Some(seen);
        assert!(world.open(&off).unwrap().applied);
        world.assert_sound();
    });
}

#[test]
fn each_list_that_is_missing_is_named_by_its_account() {
    on_both_engines(&reconcile::SCHEMA, |database| {
        let world = World::new(database);
        let Open { files, .. } = going();
        let alone = Files { trial_balance: files.trial_balance, ..Files::default() };
        let opened = world.open(&Open { files: alone, ..going() }).unwrap();
        let told: Vec<_> =
            opened.differences.iter().map(|d| (d.account.as_str(), d.opened_from.word())).collect();
        assert_eq!(
            told,
            [
                ("1000", "stock"),
                ("1020", "stock"),
                ("1040", "purchase_orders"),
                ("1100", "invoices"),
                ("1120", "deposits"),
                ("1200", "channel_clearing"),
                ("2000", "bills"),
                ("2010", "purchase_orders"),
                ("2100", "deposits"),
            ]
        );
    });
}

/// The errors of an opening whose files were changed.
#[track_caller]
fn errors(world: &World<'_>, change: impl Fn(&mut Files)) -> Vec<String> {
    let mut wrong = going();
    change(&mut wrong.files);
    let opened = world.open(&wrong).unwrap();
    assert!(!opened.applied);
    opened.errors.iter().map(ToString::to_string).collect()
}

#[test]
fn every_bad_cell_of_every_file_is_named_at_once() {
    on_both_engines(&reconcile::SCHEMA, |database| {
        let world = World::new(database);
        let before = world.digest();
        let found = errors(&world, |files| {
            files.trial_balance = files.trial_balance.replace("99.00", "99.001");
            files.stock = files.stock.replace("10,50.00", "-1,50.00");
            files.bills = files.bills.replace("2025-12-10", "yesterday");
            files.deposits = files.deposits.replace("supplier,ACME", "bank,ACME");
        });
        let start = |error: &String| error.split(':').next().unwrap_or_default().to_owned();
        assert_eq!(
            found.iter().map(start).collect::<Vec<_>>(),
            [
                "trial_balance.csv, row 2, column debit",
                "stock.csv, row 2, column quantity",
                "bills.csv, row 2, column billed_on",
                "deposits.csv, row 3, column side",
            ]
        );
        assert_eq!(world.digest(), before);
    });
}

#[test]
fn every_unknown_name_of_every_file_is_named_at_once() {
    on_both_engines(&reconcile::SCHEMA, |database| {
        let world = World::new(database);
        let before = world.digest();
        let found = errors(&world, |files| {
            files.trial_balance = files.trial_balance.replace("6900", "9999");
            files.stock =
                files.stock.replace("P2,,", "P9,,").replace("LOT,WH/Stock,L1", "LOT,WH/Stock,");
            files.purchase_orders = files.purchase_orders.replace("4712,BERLIN", "4712,PARIS");
            files.bills = files.bills.replace("ACME,B-1", "KUNDE,B-1");
            files.invoices = files.invoices.replace("2025-12-20", "2026-01-02");
            files.channel_clearing = "channel,amount\nSHOP,75.50\n".into();
        });
        assert_eq!(
            found,
            [
                "trial_balance.csv, row 16, column account: there is no account \"9999\"; define it first",
                "stock.csv, row 4, column sku: there is no item \"P9\"",
                "stock.csv, row 5, column lot: LOT is tracked by lot; give its number",
                "purchase_orders.csv, row 4: there is no supplier \"PARIS\" in use",
                "bills.csv, row 2, column supplier: there is no supplier \"KUNDE\"",
                "invoices.csv, row 2, column invoiced_on: invoice R-1 is of 2026-01-02, not before the books open; ship and invoice it",
                "deposits.csv, row 2, column order: sales_orders.csv has no order \"W-1\" of channel \"WEB\"",
                "channel_clearing.csv, row 2, column channel: there is no channel \"SHOP\"",
            ]
        );
        assert_eq!(world.digest(), before);
    });
}

#[test]
fn goods_that_are_promised_and_not_there_are_named() {
    on_both_engines(&reconcile::SCHEMA, |database| {
        let world = World::new(database);
        let found = errors(&world, |files| {
            files.sales_orders = files.sales_orders.replace("P1,2,", "P1,99,");
        });
        assert_eq!(found.len(), 2, "{found:?}");
        assert!(found[0].starts_with("sales_orders.csv, row 2"), "{found:?}");
    });
}

#[test]
fn what_waits_on_a_line_cannot_be_nonsense() {
    on_both_engines(&reconcile::SCHEMA, |database| {
        let world = World::new(database);
        let found = errors(&world, |files| {
            files.purchase_orders = files
                .purchase_orders
                .replace("12,8,", "12,12,5.00")
                .replace(",,2,6,", ",,2.5,6,")
                .replace(",5,,16.80", ",-5,,16.80");
        });
        assert_eq!(
            found,
            [
                "purchase_orders.csv, row 2: line 1: as much was billed as came, so nothing of it waits; leave the value out",
                "purchase_orders.csv, row 4: line 1: -5 cannot have been received",
            ]
        );
    });
}

#[test]
fn a_trial_balance_that_does_not_add_up_is_refused() {
    on_both_engines(&reconcile::SCHEMA, |database| {
        let world = World::new(database);
        let found = errors(&world, |files| {
            files.trial_balance = files.trial_balance.replace("1000.00", "1000.01");
        });
        assert_eq!(
            found,
            [
                "trial_balance.csv, row 1, column debit: debits less credits come to 0.01 GBP, not to zero"
            ]
        );
        assert_eq!(errors(&world, |files| files.trial_balance.clear()).len(), 1);
    });
}

#[test]
fn a_broken_row_in_a_hundred_thousand_is_named() {
    on_both_engines(&reconcile::SCHEMA, |database| {
        let world = World::new(database);
        let found = errors(&world, |files| {
            let mut stock = String::from("sku,quantity,value\n");
            for row in 0..100_000 {
                stock.push_str(if row == 77_777 { "P1,one,1.00\n" } else { "P1,1,1.00\n" });
            }
            files.stock = stock;
        });
        assert_eq!(found.len(), 1);
        assert!(
            found[0].starts_with("stock.csv, row 77779, column quantity: \"one\""),
            "{found:?}"
        );
    });
}
