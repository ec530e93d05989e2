//! `purser blind`: what came of a supplier, scanned without seeing what was ordered.

use super::count::{act, bytes_of};
use crate::args::{BlindCommand, BlindScanArgs, DatabaseArgs};
use crate::failure::Failure;
use base::Quantity;
use receiving::{
    BlindMatch, BlindScan, BookBlindReceipt, CancelBlindReceipt, MatchedGoods, OpenBlindReceipt,
    ScanGoods, ShortGoods,
};
use std::path::Path;
use std::process::ExitCode;
use tabular::Column;

const CODE: Column = Column::text("code", "a barcode, a GS1 code or an SKU").required();
const QUANTITY: Column = Column::plain("quantity", "a quantity such as 12");
const PACK_HOLDS: Column = Column::plain("pack_holds", "how many the pack says it holds");
const LOT: Column = Column::text("lot", "a lot's or piece's number");
const EXPIRES_ON: Column = Column::plain("expires_on", "a day such as 2026-12-31");
const DAMAGED: Column = Column::plain("damaged", "yes or no");
const DESCRIPTION: Column = Column::text("description", "what the goods look like");

/// Goes through the door of a command of `blind`.
pub(crate) fn run(args: &DatabaseArgs, asked: BlindCommand) -> Result<ExitCode, Failure> {
    match asked {
        BlindCommand::Open(asked) => {
            let request = OpenBlindReceipt {
                supplier: asked.supplier,
                warehouse: asked.warehouse,
                delivery_note: asked.delivery_note,
                client_ref: String::new(),
            };
            act(args, &asked.list, request, receiving::open_blind_receipt, |opened| {
                format!("{} ({}) is open", opened.number, opened.blind_receipt_id)
            })?;
        }
        BlindCommand::Scan(asked) => scan(args, &asked)?,
        BlindCommand::Match(asked) => {
            act(args, &asked.list, asked.blind_receipt_id, receiving::blind_match, |found| {
                let BlindMatch { number, seq, fingerprint, .. } = &found;
                let head = format!("{number} as it is at --seq {seq} --fingerprint {fingerprint}");
                told(head, &found.lines, &found.short)
            })?;
        }
        BlindCommand::Book(asked) => {
            let request = BookBlindReceipt {
                blind_receipt_id: asked.blind_receipt_id,
                seq: asked.seq,
                fingerprint: asked.fingerprint,
                received_on: None,
                confirm_over: asked.confirm_over,
            };
            act(args, &asked.list, request, receiving::book_blind_receipt, |booked| {
                let mut made: Vec<&str> =
                    booked.receipts.iter().map(|receipt| receipt.number.as_str()).collect();
                made.extend(booked.unknown.iter().map(|unknown| unknown.number.as_str()));
                let head = format!("{} is booked: {}", booked.number, made.join(", "));
                told(head, &booked.lines, &booked.short)
            })?;
        }
        BlindCommand::Cancel(asked) => {
            let (blind_receipt_id, reason) = (asked.blind_receipt_id, asked.reason);
            let request = CancelBlindReceipt { blind_receipt_id, reason };
            act(args, &asked.list, request, receiving::cancel_blind_receipt, |_| {
                "cancelled; nothing of it was booked".to_owned()
            })?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn told(head: String, lines: &[MatchedGoods], short: &[ShortGoods]) -> String {
    let goods = |line: &MatchedGoods| {
        let what = if line.sku.is_empty() { &line.name } else { &line.sku };
        let order = if line.order.is_empty() {
            String::new()
        } else {
            format!(" for {} line {}", line.order, line.line)
        };
        format!("{} {what}: {}{order}", line.quantity, line.fit)
    };
    let short = short.iter().map(|line| {
        format!("{} {}: short on {} line {}", line.quantity, line.sku, line.order, line.line)
    });
    let told = std::iter::once(head).chain(lines.iter().map(goods)).chain(short);
    told.collect::<Vec<_>>().join("\n")
}

fn scan(args: &DatabaseArgs, asked: &BlindScanArgs) -> Result<(), Failure> {
    let scans = scans(&asked.file, &asked.client_ref)?;
    let request = ScanGoods { blind_receipt_id: asked.blind_receipt_id, scans };
    act(args, &asked.list, request, receiving::scan_goods, |done| {
        format!("{} scans taken down; the blind receipt is at --seq {}", done.lines.len(), done.seq)
    })?;
    Ok(())
}

/// The scans of a file; all that is wrong with it is told at once.
fn scans(file: &Path, client_ref: &str) -> Result<Vec<BlindScan>, Failure> {
    let bytes = bytes_of(file)?;
    let columns = [CODE, QUANTITY, PACK_HOLDS, LOT, EXPIRES_ON, DAMAGED, DESCRIPTION];
    let read = tabular::read(&bytes, &columns).and_then(|table| {
        table.map(|cells| BlindScan {
            code: cells.text(CODE).to_owned(),
            quantity: cells.value::<Quantity>(QUANTITY),
            pack_holds: cells.value(PACK_HOLDS),
            lot: cells.given(LOT).filter(|lot| !lot.is_empty()).map(str::to_owned),
            expires_on: cells.value(EXPIRES_ON),
            damaged: cells.flag_or(DAMAGED, false),
            description: cells.text(DESCRIPTION).to_owned(),
            ..BlindScan::default()
        })
    });
    let mut scans = read.map_err(|errors| {
        Failure(errors.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))
    })?;
    if !client_ref.is_empty() {
        for (row, scan) in (1..).zip(&mut scans) {
            scan.client_ref = format!("{client_ref} {row}");
        }
    }
    Ok(scans)
}
