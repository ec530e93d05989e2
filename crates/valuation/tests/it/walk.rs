//! Random operations through the doors: whatever happens, layers, standings and ledger agree.

use super::world::{World, change, transfer};
use base::{Id, MoveId};
use store::testing::on_both_engines;
use valuation::{Change, Class, Cost, Kind, SCHEMA};

/// A generator that gives the same walk each time.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, below: u64) -> i64 {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 33) % below) as i64
    }
}

#[test]
fn every_check_holds_after_any_walk() {
    for (method, settlement, negative) in [
        ("average", "revalue_past_issue", "allowed"),
        ("average", "keep_issue_rate", "allowed"),
        ("average", "revalue_past_issue", "refused"),
        ("fifo", "revalue_past_issue", "allowed"),
        ("fifo", "last_receipt_price", "allowed"),
        ("fifo", "revalue_past_issue", "refused"),
        ("standard", "revalue_past_issue", "allowed"),
    ] {
        on_both_engines(&SCHEMA, |db| {
            let world = World::new(db, 1);
            world.policy("costing_method", method);
            world.policy("shortage_settlement", settlement);
            world.policy("negative_stock", negative);
            let mut dice = Dice(7);
            let mut received = Vec::new();
            for move_id in 1..70 {
                step(&world, &mut dice, move_id, &mut received);
            }
            world.assert_sound();
        });
    }
}

fn step(world: &World<'_>, dice: &mut Dice, move_id: i64, received: &mut Vec<i64>) {
    let item = world.item();
    let quantity = 1 + dice.roll(9);
    let changes: Vec<Change> = match dice.roll(8) {
        0..=2 => {
            received.push(move_id);
            vec![change(item, quantity, Cost::Given(dice.roll(3_000)), move_id)]
        }
        3 | 4 => vec![
            change(item, -quantity, Cost::Method, move_id),
            change(item, 1, Cost::Method, move_id),
        ],
        5 => transfer(item, quantity, Class::Normal, Class::Quarantine, move_id).into(),
        6 => transfer(item, quantity, Class::Quarantine, Class::Normal, move_id).into(),
        _ => {
            let Some(&of) = received.last() else { return };
            if dice.roll(2) == 0 {
                world.correct(of, dice.roll(600) - 300);
                return;
            }
            let back = change(item, -1, Cost::FromMove(MoveId::from_raw(of)), move_id);
            vec![Change { kind: Kind::SupplierReturn, ..back }]
        }
    };
    // Where stock must not fall below zero, some steps are refused; nothing is written then.
    let refused = world.try_post(changes).err();
    if refused.is_some() && received.last() == Some(&move_id) {
        received.pop();
    }
}
