use super::world::{balances, day, invoice, of_lines, partner, post_in, post_one, story};
use accounting::{
    Account, Area, Line, OpenItemFilter, OpenKey, PostError, Role, no_entry, open_books,
    open_items, open_of,
};
use base::{AccountId, Currency, Id, ItemId, Money, TaxCodeId};

#[test]
fn a_balanced_entry_moves_its_accounts_and_opens_its_item() {
    story(|database, ctx| {
        post_one(database, ctx, invoice(4, "2026-03-10", 1200)).expect("an invoice");
        let held = balances(database, ctx);
        assert_eq!((held[&Role::Receivable], held[&Role::Revenue]), (1200, -1200));
        let reader = ctx.clone();
        let open = database
            .read(move |tx| open_items(tx, &reader, OpenItemFilter::default()))
            .expect("open items")
            .lines;
        assert_eq!(open.len(), 1);
        assert_eq!((open[0].kind.as_str(), open[0].source_id), ("invoice", 4));
        assert_eq!((open[0].amount.minor, open[0].partner_id), (1200, Some(partner())));
        assert_eq!(open[0].opened_on, day("2026-03-10"));
    });
}

#[test]
fn a_payment_settles_the_item_and_leaves_its_row() {
    story(|database, ctx| {
        post_one(database, ctx, invoice(4, "2026-03-10", 1200)).expect("an invoice");
        let key = OpenKey::new("invoice", 4);
        let paid = of_lines(vec![
            Line::debit(Role::Bank, 1200),
            Line::credit(Role::Receivable, 1200).open(key),
        ]);
        post_one(database, ctx, paid).expect("a payment");
        let reader = ctx.clone();
        let (open, settled) = database
            .read(move |tx| {
                let open = open_items(tx, &reader, OpenItemFilter::default())?.lines;
                let all = OpenItemFilter { settled: true, ..OpenItemFilter::default() };
                Ok::<_, accounting::ListError>((open, open_items(tx, &reader, all)?.lines))
            })
            .expect("open items");
        assert_eq!((open.len(), settled.len()), (0, 1));
        // The payment named no partner: the invoice's stays.
        assert_eq!((settled[0].amount.minor, settled[0].partner_id), (0, Some(partner())));
    });
}

#[test]
fn an_entry_that_does_not_balance_is_refused_with_its_sums() {
    story(|database, ctx| {
        let lines = vec![Line::debit(Role::Bank, 100), Line::credit(Role::Capital, 99)];
        let refused = post_one(database, ctx, of_lines(lines));
        assert_eq!(refused, Err(PostError::Unbalanced { entry: 1, debit: 100, credit: 99 }));
        let good = invoice(1, "2026-03-10", 5);
        let bad = of_lines(vec![Line::debit(Role::Bank, 7)]);
        let refused = post_in(database, ctx, Area::Sales, vec![good, bad]);
        assert_eq!(refused, Err(PostError::Unbalanced { entry: 2, debit: 7, credit: 0 }));
        assert!(balances(database, ctx).is_empty());
    });
}

#[test]
fn a_control_account_wants_to_know_the_open_line() {
    story(|database, ctx| {
        let lines = vec![Line::debit(Role::Grni, 100), Line::credit(Role::Bank, 100)];
        let refused = post_one(database, ctx, of_lines(lines));
        let expected = PostError::OpenKeyMissing { entry: 1, line: 1, code: "2010".to_owned() };
        assert_eq!(refused, Err(expected));
        // Stock is a control account whose list valuation keeps.
        let lines = vec![Line::debit(Role::StockValuation, 100), Line::credit(Role::Bank, 100)];
        post_one(database, ctx, of_lines(lines)).expect("stock needs no open line");
    });
}

#[test]
fn an_account_that_is_not_there_is_named() {
    story(|database, ctx| {
        let ghost = Account::Id(AccountId::from_raw(999_999_999));
        let lines =
            vec![Line::debit(Role::Bank, 1), Line::credit(AccountId::from_raw(999_999_999), 1)];
        let refused = post_one(database, ctx, of_lines(lines));
        assert_eq!(refused, Err(PostError::NoAccount { entry: 1, line: 2, account: ghost }));
    });
}

#[test]
fn lines_alike_become_one_and_what_cancels_out_is_not_written() {
    story(|database, ctx| {
        let item = ItemId::from_raw(5);
        let lines = vec![
            Line::debit(Role::Bank, 60),
            Line::debit(Role::Bank, 40),
            Line::credit(Role::Revenue, 100).item(item),
            Line::debit(Role::Discounts, 9),
            Line::credit(Role::Discounts, 9),
            Line::debit(Role::Scrap, 0),
        ];
        let id = post_one(database, ctx, of_lines(lines)).expect("an entry");
        let reader = ctx.clone();
        let found = database.read(move |tx| accounting::entry(tx, &reader, id)).expect("a read");
        let lines = found.expect("the entry").lines;
        assert_eq!(lines.len(), 2);
        assert_eq!((lines[0].debit.minor, lines[1].credit.minor), (100, 100));
        assert_eq!(lines[1].item_id, Some(item));
        let nothing = of_lines(vec![Line::debit(Role::Bank, 9), Line::credit(Role::Bank, 9)]);
        assert_eq!(post_one(database, ctx, nothing), Ok(no_entry()));
        assert_eq!(post_one(database, ctx, of_lines(vec![])), Ok(no_entry()));
    });
}

#[test]
fn foreign_amounts_are_open_in_their_currency() {
    story(|database, ctx| {
        let bill = OpenKey::new("bill", 8);
        let dollars = |minor| Money::new(minor, Currency::USD);
        let billed = of_lines(vec![
            Line::debit(Role::Expense, 800),
            Line::credit(Role::Payable, 800).open(bill).foreign(dollars(-1000)),
        ]);
        let paid = of_lines(vec![
            Line::debit(Role::Payable, 790).open(bill).foreign(dollars(1000)),
            Line::credit(Role::Bank, 790),
        ]);
        let difference = of_lines(vec![
            Line::debit(Role::Payable, 10).open(bill).foreign(dollars(0)),
            Line::credit(Role::ExchangeDifference, 10),
        ]);
        post_one(database, ctx, billed).expect("a bill");
        let state = |expected: (i64, i64)| {
            let company_id = ctx.company_id;
            let ctx = ctx.clone();
            let open = database
                .write(move |tx| {
                    let books = open_books(tx, &ctx, Area::Purchasing, ctx.today).expect("books");
                    let payable = books.account_of(Role::Payable).expect("payable");
                    open_of(tx, company_id, payable, "bill", &[8, 9, 8])
                })
                .expect("what is open");
            assert_eq!(open.len(), 1);
            assert_eq!((open[0].amount, open[0].amount_foreign), expected);
            assert_eq!(open[0].currency, Currency::USD);
        };
        state((-800, -1000));
        post_one(database, ctx, paid).expect("a payment");
        state((-10, 0));
        post_one(database, ctx, difference).expect("the exchange difference");
        state((0, 0));
    });
}

#[test]
fn amounts_that_contradict_their_foreign_amount_are_refused() {
    story(|database, ctx| {
        let with = |foreign| {
            of_lines(vec![
                Line::debit(Role::Bank, 5).foreign(foreign),
                Line::credit(Role::Capital, 5),
            ])
        };
        let mismatch =
            |foreign| Err(PostError::ForeignMismatch { entry: 1, line: 1, amount: 5, foreign });
        let usd = Money::new(-5, Currency::USD);
        assert_eq!(post_one(database, ctx, with(usd)), mismatch(-5));
        let own = Money::new(6, Currency::GBP);
        assert_eq!(post_one(database, ctx, with(own)), mismatch(6));
    });
}

#[test]
fn sums_beyond_range_are_refused() {
    story(|database, ctx| {
        let most = i64::MAX;
        let lines = vec![Line::debit(Role::Bank, most), Line::debit(Role::Bank, most)];
        let refused = post_one(database, ctx, of_lines(lines));
        assert_eq!(refused, Err(PostError::OutOfRange { entry: 1 }));
        let lines = vec![
            Line::debit(Role::Bank, most),
            Line::debit(Role::Scrap, most),
            Line::credit(Role::Capital, most),
            Line::credit(Role::Revenue, most),
        ];
        let refused = post_one(database, ctx, of_lines(lines));
        assert_eq!(refused, Err(PostError::OutOfRange { entry: 1 }));
    });
}

#[test]
fn tax_stands_on_tax_accounts_with_its_base() {
    story(|database, ctx| {
        let code = TaxCodeId::from_raw(3);
        let refuse = |line: Line| {
            let amount = line.amount;
            let entry = of_lines(vec![line, Line::new(Role::Bank, -amount)]);
            post_one(database, ctx, entry).expect_err("a refusal")
        };
        let bare = refuse(Line::credit(Role::OutputTax, 20));
        assert_eq!(bare, PostError::TaxCodeMissing { entry: 1, line: 1, code: "2200".to_owned() });
        let elsewhere = refuse(Line::credit(Role::Revenue, 100).tax(code, -100));
        assert_eq!(
            elsewhere,
            PostError::TaxElsewhere { entry: 1, line: 1, code: "4000".to_owned() }
        );
        let sign = refuse(Line::credit(Role::OutputTax, 20).tax(code, 100));
        assert_eq!(sign, PostError::TaxSign { entry: 1, line: 1, amount: -20, base: 100 });
    });
}

#[test]
fn statements_do_not_depend_on_the_number_of_lines() {
    story(|database, ctx| {
        let count = |lines: i64| {
            let ctx = ctx.clone();
            database
                .write(move |tx| {
                    let mut entry = invoice(1, "2026-03-10", 0);
                    entry.lines = (0..lines)
                        .flat_map(|i| {
                            let key = OpenKey::new("purchase_line", 100 + i);
                            [
                                Line::debit(Role::StockValuation, 7).item(ItemId::from_raw(i + 1)),
                                Line::credit(Role::Grni, 7).open(key),
                            ]
                        })
                        .collect();
                    let books = open_books(tx, &ctx, Area::Purchasing, day("2026-03-10"))?;
                    accounting::post(tx, &ctx, &books, vec![entry])?;
                    Ok::<_, PostError>(tx.statements())
                })
                .expect("an entry")
        };
        assert_eq!((count(1), count(1000)), (5, 5));
        assert_eq!(balances(database, ctx)[&Role::Grni], -7007);
    });
}
