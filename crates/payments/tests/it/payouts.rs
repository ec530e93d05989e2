use super::world::{World, gbp};
use accounting::{DefineTaxCode, RateFrom, Role, TaxKind};
use base::{Money, Rate, Rule};
use payments::{BookFee, Capture, Fee, FeeAccount, Paid, PaymentError, Payout, SCHEMA, Through};
use store::Database;
use store::testing::on_both_engines;

fn with_clearing(database: &Database, minor: i64) -> World {
    let world = World::new(database);
    world
        .run(database, move |tx, ctx| {
            payments::capture(tx, ctx, Capture::new(1, "sales_order", 7, gbp(minor)))
        })
        .expect("captured");
    for (code, kind) in [("STD", TaxKind::Standard), ("RC", TaxKind::ReverseCharge)] {
        let request = DefineTaxCode {
            code: code.to_owned(),
            name: code.to_owned(),
            kind,
            recoverable: Rate::ONE,
            rates: vec![RateFrom {
                from: super::world::day("2020-01-01"),
                rate: Rate::parse("0.2").expect("a rate"),
            }],
        };
        world
            .run(database, move |tx, ctx| accounting::define_tax_code(tx, ctx, request.clone()))
            .expect("a tax code");
    }
    world
}

fn payout(
    world: &World,
    database: &Database,
    minor: i64,
    fees: Vec<Fee>,
) -> Result<Paid, PaymentError> {
    world.run(database, move |tx, ctx| {
        let request = Payout {
            channel_id: 1,
            amount: gbp(minor),
            fees: fees.clone(),
            bank_amount: None,
            happened_on: None,
            reference: "PO-77".to_owned(),
            client_ref: String::new(),
            memo: String::new(),
        };
        payments::payout(tx, ctx, request)
    })
}

fn fee(net: Money, tax_code: Option<&str>) -> Fee {
    let tax_code = tax_code.map(str::to_owned);
    Fee { account: FeeAccount::ChannelFees, net, tax_code, tax: None }
}

#[test]
fn a_payout_with_its_fees_is_at_most_what_the_channel_holds() {
    on_both_engines(&SCHEMA, |database| {
        let world = with_clearing(database, 10_000);
        let fees = || vec![fee(gbp(1_000), Some("STD")), fee(gbp(50), None)];
        let refused = payout(&world, database, 8_751, fees()).expect_err("one penny too much");
        assert_eq!(refused.problem().code, "exceeds_open");
        payout(&world, database, 8_000, fees()).expect("8,000 and fees of 1,250");
        assert_eq!(world.left(database, Role::ChannelClearing, "channel", 1), 750);
        assert_eq!(world.balance(database, Role::Bank), 8_000);
        assert_eq!(world.balance(database, Role::ChannelFees), 1_050);
        assert_eq!(world.balance(database, Role::InputTax), 200);
        payout(&world, database, 750, Vec::new()).expect("the rest");
        let refused = payout(&world, database, 1, Vec::new()).expect_err("nothing left");
        assert_eq!(refused.problem().code, "exceeds_open");
        world.sound(database);
    });
}

#[test]
fn fees_lessen_what_a_channel_holds_and_credits_raise_it() {
    on_both_engines(&SCHEMA, |database| {
        let world = with_clearing(database, 1_000);
        let book = |through: Through, fee: Fee| {
            world
                .run(database, move |tx, ctx| {
                    let request = BookFee {
                        through,
                        fee: fee.clone(),
                        happened_on: None,
                        reference: String::new(),
                        client_ref: String::new(),
                        memo: String::new(),
                    };
                    payments::book_fee(tx, ctx, request)
                })
                .map(|paid| paid.amount)
        };
        assert_eq!(book(Through::Channel(1), fee(gbp(1_500), None)), Ok(gbp(1_500)));
        assert_eq!(world.left(database, Role::ChannelClearing, "channel", 1), -500);
        assert_eq!(book(Through::Channel(1), fee(gbp(-200), None)), Ok(gbp(200)));
        assert_eq!(world.left(database, Role::ChannelClearing, "channel", 1), -300);
        let refused = payout(&world, database, 1, Vec::new()).expect_err("it is overdrawn");
        assert_eq!(refused.problem().code, "exceeds_open");
        let charge = Fee { account: FeeAccount::BankFees, ..fee(gbp(30), Some("RC")) };
        assert_eq!(book(Through::Bank, charge), Ok(gbp(30)));
        assert_eq!(world.balance(database, Role::BankFees), 30);
        assert_eq!(world.balance(database, Role::InputTax), 6);
        assert_eq!(world.balance(database, Role::OutputTax), -6);
        assert_eq!(world.balance(database, Role::Bank), -30);
        assert!(book(Through::Bank, fee(gbp(0), None)).is_err());
        world.sound(database);
    });
}
