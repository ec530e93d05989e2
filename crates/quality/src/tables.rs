//! All SQL of returns, refunds and claims, and in a file of their own of inspections; what reads and
//! writes refunds and claims is in files of its own.

mod ahead;
mod claims;
mod inspections;
mod refunds;
mod reports;

pub(crate) use ahead::*;
pub(crate) use claims::*;
pub(crate) use inspections::*;
pub(crate) use refunds::*;
pub(crate) use reports::{DISPOSED, SUPPLIED_LINES};

use crate::authorize_return::{AuthorizeReturn, NewReturn};
use crate::claim::{Claim, ClaimOpened, NewClaim};
use crate::decide_refund::{NewRefund, RefundDecided, Waiting};
use crate::dispose::{Disposed, NewDisposition};
use crate::model::{Gone, Goods, GoodsId, LINE, Left, Line, Return};
use crate::receive_return::{NewGoods, ReturnReceived};
use crate::words::{ClaimOutcome, RefundState};
use base::{
    ClaimId, CustomerReturnId, Day, DispositionId, Id, ItemId, Money, PlaceId, Quantity,
    ReceiptLineId, RefundId, SalesOrderId,
};
use identity::Ctx;
use std::collections::BTreeMap;
use store::{Row, Rows, StoreError, Tx, params, row};

/// A refund as it is answered, from `quality_refund`.
macro_rules! refund_answer {
    ($where:literal) => {
        concat!(
            "select id, number, state, credit_note, net, tax, gross, receivable
            from quality_refund where company_id = $1 and ",
            $where
        )
    };
}

/// Every statement of quality.
pub(crate) static ALL: [&store::Statement;
    COUNT + ahead::COUNT + inspections::COUNT + reports::COUNT] = store::statement::joined(&[
    STATEMENTS,
    ahead::STATEMENTS,
    inspections::STATEMENTS,
    reports::STATEMENTS,
]);

store::statements! {
    /// A return by the client's key.
    RETURN_BY_REF = "select id, number from quality_return
        where company_id = $1 and client_ref = $2 and client_ref <> ''";

    /// By which moves goods of an order left, and what of each has not come back: those of its
    /// shipments, and those that went to the customer once more.
    LEFT = "select x.order_line, x.move_id, x.item_id, x.lot_id, coalesce(b.code, '') as lot,
            x.quantity, x.again, x.happened_on,
            (select cast(coalesce(sum(g.quantity), 0) as {i64}) from quality_goods as g
                where g.company_id = $1 and g.of_move_id = x.move_id and g.of_move_id <> 0) as back
        from (
            select k.line as order_line, m.id as move_id, m.item_id as item_id,
                m.lot_id as lot_id, m.quantity as quantity, 0 as again,
                m.happened_on as happened_on, m.recorded_at as recorded_at
            from sales_shipment_line as k
            join stock_move as m on m.company_id = k.company_id and m.source_kind = 'shipment'
                and m.source_id = k.shipment_id and m.line_id = k.id and m.reverses_id = 0
            where k.company_id = $1 and k.order_id = $2
            union all
            select l.order_line as order_line, p.move_id as move_id, g.item_id as item_id,
                g.lot_id as lot_id, p.quantity as quantity, 1 as again,
                p.decided_on as happened_on, p.recorded_at as recorded_at
            from quality_return as r
            join quality_return_line as l on l.company_id = r.company_id and l.return_id = r.id
            join quality_goods as g on g.company_id = l.company_id and g.return_id = r.id
                and g.line_id = l.id
            join quality_disposition as p on p.company_id = g.company_id and p.goods_id = g.id
                and p.outcome = 'back_to_customer'
            where r.company_id = $1 and r.order_id = $2
        ) as x
        left join stock_lot as b on b.company_id = $1 and b.id = x.lot_id
        order by x.order_line, x.again, x.recorded_at, x.move_id";

    /// What is expected back of an order, by its lines.
    EXPECTED_OF = "select l.order_line, cast(sum(l.quantity - l.received - l.closed) as {i64}) as expected
        from quality_return as r
        join quality_return_line as l on l.company_id = r.company_id and l.return_id = r.id
        where r.company_id = $1 and r.order_id = $2 group by l.order_line";

    /// Writes a return.
    INSERT_RETURN = "insert into quality_return
        (company_id, id, number, client_ref, order_id, partner_id, warehouse_id, reason, note,
         prices, authorized_on, revision, recorded_at, user_id)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 1, $12, $13)";

    /// Writes the lines of a return.
    INSERT_RETURN_LINES = "insert into quality_return_line
        (company_id, return_id, line, id, order_line, item_id, quantity, price, tax_code_id,
         tax_rate, received, closed, refunded)
        select $1, $2, d.line, d.id, d.order_line, d.item_id, d.quantity,
            case when d.priced = 1 then d.price end, d.tax_code_id, d.tax_rate, 0, 0, 0
        from {rows:d(line, id, order_line, item_id, quantity, priced, price, tax_code_id,
            tax_rate)}";

    /// A return, held while it is changed.
    LOCK_RETURN = "select number, order_id, partner_id, warehouse_id, prices, revision
        from quality_return where company_id = $1 and id = $2 {for_update}";

    /// The lines of a return.
    LINES_OF = "select id, line, order_line, item_id, quantity, price, tax_code_id, tax_rate,
            received, closed, refunded
        from quality_return_line where company_id = $1 and return_id = $2 order by line";

    /// What came back of a return.
    GOODS_OF = "select id, line_id, item_id, lot_id, place_id, quantity, decided, back
        from quality_goods where company_id = $1 and return_id = $2 order by recorded_at, id";

    /// Raises a return's revision, if nobody was there in between.
    RAISE_RETURN = "update quality_return set revision = revision + 1
        where company_id = $1 and id = $2 and revision = $3";

    /// Adds to what came, will not come, or was refunded of lines.
    ADD_TO_LINES = "update quality_return_line set
            received = quality_return_line.received + d.received,
            closed = quality_return_line.closed + d.closed,
            refunded = quality_return_line.refunded + d.refunded
        from {rows:d(line, received, closed, refunded)}
        where quality_return_line.company_id = $1 and quality_return_line.return_id = $2
            and quality_return_line.line = d.line";

    /// What an arrival was answered, by the client's key.
    ARRIVAL_BY_REF = "select max(posted_on) as posted_on, cast(sum(value) as {i64}) as value
        from quality_goods
        where company_id = $1 and return_id = $2 and client_ref = $3 having count(*) > 0";

    /// What stock expects of lines, also what it expects no more.
    EXPECTATIONS_OF = "select e.source_id, e.item_id, e.due_on from {rows:d(id)}
        join stock_expectation as e on e.company_id = $1
            and e.source_kind = 'customer_return_line' and e.source_id = d.id and e.incoming = 1";

    /// Writes goods that came back.
    INSERT_GOODS = "insert into quality_goods
        (company_id, id, return_id, line_id, item_id, lot_id, place_id, quantity, value, decided,
         back, of_move_id, move_id, received_on, posted_on, client_ref, recorded_at, user_id)
        select $1, d.id, $2, d.line_id, d.item_id, d.lot_id, $3, d.quantity, d.value, 0, 0,
            d.of_move_id, d.move_id, $4, $5, $6, $7, $8
        from {rows:d(id, line_id, item_id, lot_id, quantity, value, of_move_id, move_id)}";

    /// Adds to what is decided on of goods.
    ADD_TO_GOODS = "update quality_goods set decided = quality_goods.decided + d.decided,
            back = quality_goods.back + d.back
        from {rows:d(id, decided, back)}
        where quality_goods.company_id = $1 and quality_goods.id = d.id";

    /// What a decision was answered, by the client's key.
    DISPOSITION_BY_REF = "select id, number, max(posted_on) as posted_on,
            cast(sum(value) as {i64}) as value
        from quality_disposition where company_id = $1 and return_id = $2 and client_ref = $3
        group by id, number";

    /// The claims that a decision made.
    CLAIMS_OF_DISPOSITION = "select distinct claim_id from quality_disposition
        where company_id = $1 and return_id = $2 and id = $3 and claim_id <> 0 order by claim_id";

    /// Writes what became of goods.
    INSERT_DISPOSITIONS = "insert into quality_disposition
        (company_id, id, number, line, client_ref, return_id, goods_id, outcome, quantity, value,
         grade_item_id, grade_value, place_id, reason, note, claim_id, move_id, decided_on,
         posted_on, recorded_at, user_id)
        select $1, $2, $3, d.line, $4, $5, d.goods_id, d.outcome, d.quantity, d.value,
            d.grade_item_id, d.grade_value, d.place_id, d.reason, d.note, d.claim_id, d.move_id,
            $6, $7, $8, $9
        from {rows:d(line, goods_id, outcome text, quantity, value, grade_item_id, grade_value,
            place_id, reason text, note text, claim_id, move_id)}";

    /// A refund by the client's key.
    REFUND_BY_REF = refund_answer!("client_ref = $2 and client_ref <> ''");

    /// A refund as it is answered.
    REFUND = refund_answer!("id = $2");

    /// A refund, held while it is decided.
    LOCK_REFUND = "select number, return_id, order_id, state, revision, reason, decided_on
        from quality_refund where company_id = $1 and id = $2 {for_update}";

    /// What a refund asks for.
    REFUND_LINES = "select line, quantity, amount from quality_refund_line
        where company_id = $1 and refund_id = $2 order by line";

    /// Writes a refund.
    INSERT_REFUND = "insert into quality_refund
        (company_id, id, number, client_ref, return_id, order_id, partner_id, state, net, tax,
         gross, receivable, reason, decided_on, credit_note_id, credit_note, revision,
         recorded_at, user_id)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, 1, $17,
            $18)";

    /// Writes what a refund asks for.
    INSERT_REFUND_LINES = "insert into quality_refund_line
        (company_id, refund_id, line, quantity, amount)
        select $1, $2, d.line, d.quantity, case when d.given = 1 then d.amount end
        from {rows:d(line, quantity, given, amount)}";

    /// Ends the waiting of a refund.
    DECIDE_REFUND = "update quality_refund set state = $3, net = coalesce($4, net),
            tax = coalesce($5, tax), gross = coalesce($6, gross), receivable = $7,
            decided_on = coalesce($8, decided_on), credit_note_id = $9, credit_note = $10,
            revision = revision + 1
        where company_id = $1 and id = $2 and state = 'to_approve'";

    /// How much of receipts' lines is claimed, and how much inspections scrapped or found gone.
    CLAIMED_OF = "select d.receipt_line_id,
            (select cast(coalesce(sum(c.quantity), 0) as {i64}) from quality_claim as c
                where c.company_id = $1 and c.receipt_line_id = d.receipt_line_id
                    and c.receipt_line_id <> 0) as claimed,
            (select cast(coalesce(sum(q.quantity), 0) as {i64}) from quality_inspection as q
                where q.company_id = $1 and q.receipt_line_id = d.receipt_line_id
                    and (q.disposition = 'scrap' or q.result = 'gone')) as lost
        from {rows:d(receipt_line_id)}";

    /// A claim by the client's key.
    CLAIM_BY_REF = "select id, number, amount from quality_claim
        where company_id = $1 and client_ref = $2 and client_ref <> ''";

    /// Writes claims.
    INSERT_CLAIMS = "insert into quality_claim
        (company_id, id, number, client_ref, partner_id, receipt_line_id, item_id, quantity,
         amount, cause, evidence, state, outcome, reference, opened_on, settled_on, recorded_at,
         user_id)
        select $1, d.id, d.number, d.client_ref, d.partner_id, d.receipt_line_id, d.item_id,
            d.quantity, d.amount, d.cause, d.evidence, 'open', '', '', d.opened_on, null, $2, $3
        from {rows:d(id, number text, client_ref text, partner_id, receipt_line_id, item_id,
            quantity, amount, cause text, evidence text, opened_on text)}";

    /// A claim, held while it ends.
    LOCK_CLAIM = "select number, partner_id, item_id, quantity, amount, state from quality_claim
        where company_id = $1 and id = $2 {for_update}";

    /// Ends a claim.
    SETTLE_CLAIM = "update quality_claim set state = 'settled', outcome = $3, reference = $4,
            settled_on = $5
        where company_id = $1 and id = $2 and state = 'open'";

    /// A page of returns, newest first.
    LIST_RETURNS = "select r.id, r.number, r.client_ref, r.order_id,
            coalesce(o.number, '') as order_number, coalesce(p.code, '') as partner,
            w.code as warehouse, r.reason, r.note, r.authorized_on,
            (select cast(coalesce(sum(l.quantity), 0) as {i64}) from quality_return_line as l
                where l.company_id = r.company_id and l.return_id = r.id) as quantity,
            (select cast(coalesce(sum(l.received), 0) as {i64}) from quality_return_line as l
                where l.company_id = r.company_id and l.return_id = r.id) as received,
            (select cast(coalesce(sum(l.quantity - l.received - l.closed), 0) as {i64})
                from quality_return_line as l
                where l.company_id = r.company_id and l.return_id = r.id) as expected,
            (select cast(coalesce(sum(g.quantity - g.decided), 0) as {i64})
                from quality_goods as g
                where g.company_id = r.company_id and g.return_id = r.id) as undecided,
            (select cast(coalesce(sum(l.refunded), 0) as {i64}) from quality_return_line as l
                where l.company_id = r.company_id and l.return_id = r.id) as refunded
        from quality_return as r
        join stock_warehouse as w on w.company_id = r.company_id and w.id = r.warehouse_id
        left join sales_order as o on o.company_id = r.company_id and o.id = r.order_id
        left join partners_partner as p on p.company_id = r.company_id and p.id = r.partner_id
        where r.company_id = $1
            and (cast($2 as {text}) is null or p.code = cast($2 as {text}))
            and (cast($3 as {i64}) is null or r.order_id = cast($3 as {i64}))
            and (cast($4 as {text}) is null or r.reason = cast($4 as {text}))
            and (cast($5 as {i64}) = 0 or exists (select 1 from quality_return_line as l
                where l.company_id = r.company_id and l.return_id = r.id
                    and l.received + l.closed < l.quantity))
            and (cast($6 as {i64}) = 0 or exists (select 1 from quality_goods as g
                where g.company_id = r.company_id and g.return_id = r.id
                    and g.decided < g.quantity))
            and (cast($7 as {text}) is null or r.client_ref = cast($7 as {text}))
            and (r.authorized_on < cast($8 as {text}) or (r.authorized_on = cast($8 as {text})
                and r.id < cast($9 as {i64})))
            and (cast($11 as {i64}) is null or r.id = cast($11 as {i64}))
        order by r.authorized_on desc, r.id desc limit cast($10 as {i64})";

    /// The lines of a return for readers.
    RETURN_LINES = "select l.line, l.order_line, i.sku, l.quantity, l.price, l.received, l.closed,
            l.refunded
        from quality_return_line as l
        join catalog_item as i on i.company_id = l.company_id and i.id = l.item_id
        where l.company_id = $1 and l.return_id = $2 order by l.line";

    /// A page of goods that came back, newest first.
    LIST_GOODS = "select g.id, g.return_id, r.number, l.line, i.sku, coalesce(b.code, '') as lot,
            p.path, g.quantity, g.quantity - g.decided as undecided, g.value, g.of_move_id,
            g.received_on, g.recorded_at
        from quality_goods as g
        join quality_return as r on r.company_id = g.company_id and r.id = g.return_id
        join quality_return_line as l on l.company_id = g.company_id and l.id = g.line_id
        join catalog_item as i on i.company_id = g.company_id and i.id = g.item_id
        join stock_place as p on p.company_id = g.company_id and p.id = g.place_id
        left join stock_lot as b on b.company_id = g.company_id and b.id = g.lot_id
        where g.company_id = $1
            and (cast($2 as {i64}) is null or g.return_id = cast($2 as {i64}))
            and (cast($3 as {text}) is null or i.sku = cast($3 as {text}))
            and (cast($4 as {i64}) = 0 or g.decided < g.quantity)
            and (g.received_on < cast($5 as {text}) or (g.received_on = cast($5 as {text})
                and g.id < cast($6 as {i64})))
        order by g.received_on desc, g.id desc limit cast($7 as {i64})";

    /// A page of decisions, newest first.
    LIST_DISPOSITIONS = "select d.id, d.line, d.number, d.return_id, r.number, i.sku, d.outcome,
            d.quantity, d.value, coalesce(k.sku, '') as grade, d.grade_value, p.path, d.reason,
            d.note, d.claim_id, g.received_on, g.recorded_at, d.decided_on, d.recorded_at,
            coalesce(u.login, '') as decided_by
        from quality_disposition as d
        join quality_goods as g on g.company_id = d.company_id and g.id = d.goods_id
        join quality_return as r on r.company_id = d.company_id and r.id = d.return_id
        join catalog_item as i on i.company_id = d.company_id and i.id = g.item_id
        join stock_place as p on p.company_id = d.company_id and p.id = d.place_id
        left join catalog_item as k on k.company_id = d.company_id and k.id = d.grade_item_id
        left join identity_user as u on u.company_id = d.company_id and u.id = d.user_id
        where d.company_id = $1
            and (cast($2 as {i64}) is null or d.return_id = cast($2 as {i64}))
            and (cast($3 as {text}) is null or d.outcome = cast($3 as {text}))
            and (cast($4 as {text}) is null or d.decided_on >= cast($4 as {text}))
            and (cast($5 as {text}) is null or d.decided_on <= cast($5 as {text}))
            and (d.decided_on < cast($6 as {text}) or (d.decided_on = cast($6 as {text})
                and (d.id < cast($7 as {i64}) or (d.id = cast($7 as {i64})
                    and d.line < cast($8 as {i64})))))
        order by d.decided_on desc, d.id desc, d.line desc limit cast($9 as {i64})";

    /// A page of refunds, newest first.
    LIST_REFUNDS = "select f.id, f.number, f.client_ref, f.return_id,
            coalesce(r.number, '') as return_number, f.order_id,
            coalesce(o.number, '') as order_number, coalesce(p.code, '') as partner, f.state,
            f.net, f.tax, f.gross, f.receivable, coalesce(-t.amount, 0) as open, f.reason,
            f.decided_on, f.credit_note
        from quality_refund as f
        left join quality_return as r on r.company_id = f.company_id and r.id = f.return_id
        left join sales_order as o on o.company_id = f.company_id and o.id = f.order_id
        left join partners_partner as p on p.company_id = f.company_id and p.id = f.partner_id
        left join accounting_account as a on a.company_id = f.company_id
            and a.role = 'refunds_payable'
        left join accounting_open_item as t on t.company_id = f.company_id
            and t.account_id = a.id and t.kind = 'refund' and t.source_id = f.id
        where f.company_id = $1
            and (cast($2 as {text}) is null or f.state = cast($2 as {text}))
            and (cast($3 as {i64}) is null or f.return_id = cast($3 as {i64}))
            and (cast($4 as {i64}) is null or f.order_id = cast($4 as {i64}))
            and (cast($5 as {i64}) = 0 or coalesce(t.amount, 0) <> 0)
            and (f.decided_on < cast($6 as {text}) or (f.decided_on = cast($6 as {text})
                and f.id < cast($7 as {i64})))
        order by f.decided_on desc, f.id desc limit cast($8 as {i64})";

    /// A page of claims, newest first.
    LIST_CLAIMS = "select c.id, c.number, c.client_ref, p.code, c.receipt_line_id, i.sku,
            c.quantity, c.amount, c.cause, c.evidence, c.state, c.outcome, c.reference,
            c.opened_on, c.settled_on
        from quality_claim as c
        join partners_partner as p on p.company_id = c.company_id and p.id = c.partner_id
        join catalog_item as i on i.company_id = c.company_id and i.id = c.item_id
        where c.company_id = $1
            and (cast($2 as {text}) is null or c.state = cast($2 as {text}))
            and (cast($3 as {text}) is null or p.code = cast($3 as {text}))
            and (c.opened_on < cast($4 as {text}) or (c.opened_on = cast($4 as {text})
                and c.id < cast($5 as {i64})))
        order by c.opened_on desc, c.id desc limit cast($6 as {i64})";
}

/// An id that is 0 for none.
pub(crate) fn some<I: Id>(row: &Row, column: usize) -> Result<Option<I>, StoreError> {
    let raw: i64 = row.get(column)?;
    Ok((raw != 0).then(|| I::from_raw(raw)))
}

fn zero<I: Id>(id: Option<I>) -> i64 {
    id.map_or(0, Id::raw)
}

/// The return that has a reference of the client, if it has one and it was used.
pub(crate) fn return_by_ref(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    client_ref: &str,
) -> Result<Option<(CustomerReturnId, String)>, StoreError> {
    if client_ref.is_empty() {
        return Ok(None);
    }
    let found = tx.query_opt(&RETURN_BY_REF, params![ctx.company_id, client_ref])?;
    found.map(|row| Ok((row.get(0)?, row.get(1)?))).transpose()
}

/// By which moves goods of an order left, oldest first for each line.
pub(crate) fn left(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    order: SalesOrderId,
) -> Result<Vec<Left>, StoreError> {
    let read = |row: &Row| {
        let (quantity, back): (Quantity, Quantity) = (row.get(5)?, row.get(8)?);
        let again: i64 = row.get(6)?;
        let off = |_| StoreError::Unusable("more came back by a move than left".to_owned());
        Ok(Left {
            order_line: row.get(0)?,
            move_id: row.get(1)?,
            item_id: row.get(2)?,
            lot_id: some(row, 3)?,
            lot: row.get(4)?,
            quantity,
            open: quantity.checked_sub(back).map_err(off)?,
            again: again != 0,
            happened_on: row.get(7)?,
        })
    };
    tx.query(&LEFT, params![ctx.company_id, order])?.iter().map(read).collect()
}

/// What is expected back of an order, by its lines.
pub(crate) fn expected_of(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    order: SalesOrderId,
) -> Result<BTreeMap<i64, Quantity>, StoreError> {
    let rows = tx.query(&EXPECTED_OF, params![ctx.company_id, order])?;
    rows.iter().map(|row| Ok((row.get(0)?, row.get(1)?))).collect()
}

/// Writes a return with its lines.
pub(crate) fn insert_return(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    new: &NewReturn,
    request: &AuthorizeReturn,
) -> Result<(), StoreError> {
    tx.write(
        &INSERT_RETURN,
        params![
            ctx.company_id,
            new.id,
            new.number,
            request.client_ref,
            new.order_id,
            new.partner_id,
            new.warehouse.warehouse_id,
            request.reason,
            request.note,
            new.prices,
            ctx.today,
            ctx.at,
            ctx.user_id
        ],
    )?;
    let mut set = Rows::new(9);
    for (number, line) in (1_i64..).zip(&new.lines) {
        set.push(row![
            number,
            line.id,
            line.order_line.unwrap_or(0),
            line.item_id,
            line.quantity,
            i64::from(line.price.is_some()),
            line.price.map_or(0, base::Price::micro),
            zero(line.tax_code_id),
            line.tax_rate
        ]);
    }
    tx.write(&INSERT_RETURN_LINES, params![ctx.company_id, new.id; set])
}

/// A return with its lines and what came back, held until the transaction ends.
pub(crate) fn lock_return(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    id: CustomerReturnId,
) -> Result<Option<Return>, StoreError> {
    let key = || params![ctx.company_id, id];
    let Some(head) = tx.query_opt(&LOCK_RETURN, key())? else { return Ok(None) };
    let lines = tx.query(&LINES_OF, key())?;
    let goods = tx.query(&GOODS_OF, key())?;
    let line = |row: &Row| {
        let order_line: i64 = row.get(2)?;
        Ok(Line {
            id: row.get(0)?,
            line: row.get(1)?,
            order_line: (order_line != 0).then_some(order_line),
            item_id: row.get(3)?,
            quantity: row.get(4)?,
            price: row.get(5)?,
            tax_code_id: some(row, 6)?,
            tax_rate: row.get(7)?,
            received: row.get(8)?,
            closed: row.get(9)?,
            refunded: row.get(10)?,
        })
    };
    let came = |row: &Row| {
        Ok(Goods {
            id: row.get(0)?,
            line_id: row.get(1)?,
            item_id: row.get(2)?,
            lot_id: some(row, 3)?,
            place: row.get(4)?,
            quantity: row.get(5)?,
            decided: row.get(6)?,
            back: row.get(7)?,
        })
    };
    Ok(Some(Return {
        id,
        number: head.get(0)?,
        order_id: head.get(1)?,
        partner_id: head.get(2)?,
        warehouse_id: head.get(3)?,
        prices: head.get(4)?,
        revision: head.get(5)?,
        lines: lines.iter().map(line).collect::<Result<_, StoreError>>()?,
        goods: goods.iter().map(came).collect::<Result<_, StoreError>>()?,
    }))
}

/// Raises a held return's revision.
pub(crate) fn raise_return(tx: &mut Tx<'_>, ctx: &Ctx, held: &Return) -> Result<(), StoreError> {
    tx.write_exactly(1, &RAISE_RETURN, params![ctx.company_id, held.id, held.revision])
}

/// Adds to lines of a return: the line, what came, what will not come, what was refunded.
pub(crate) fn add_to_lines(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    id: CustomerReturnId,
    lines: &[(i64, Quantity, Quantity, Quantity)],
) -> Result<(), StoreError> {
    let mut set = Rows::new(4);
    for (line, received, closed, refunded) in lines {
        set.push(row![line, received, closed, refunded]);
    }
    tx.write_exactly(lines.len(), &ADD_TO_LINES, params![ctx.company_id, id; set])
}

/// What an arrival was answered, if the client's key was used for one.
pub(crate) fn arrival_by_ref(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    held: &Return,
    client_ref: &str,
) -> Result<Option<ReturnReceived>, StoreError> {
    if client_ref.is_empty() {
        return Ok(None);
    }
    let found = tx.query_opt(&ARRIVAL_BY_REF, params![ctx.company_id, held.id, client_ref])?;
    found
        .map(|row| {
            Ok(ReturnReceived {
                return_id: held.id,
                number: held.number.clone(),
                posted_on: row.get(0)?,
                value: Money::new(row.get(1)?, ctx.currency),
                repeated: true,
            })
        })
        .transpose()
}

/// What stock was told to expect of lines: line, item and day.
pub(crate) fn expectations_of(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    lines: &[i64],
) -> Result<Vec<(i64, ItemId, Day)>, StoreError> {
    debug_assert_eq!(LINE, "customer_return_line", "the statement names it");
    let set = Rows::column(lines.iter().copied());
    let rows = tx.query(&EXPECTATIONS_OF, params![ctx.company_id; set])?;
    rows.iter().map(|row| Ok((row.get(0)?, row.get(1)?, row.get(2)?))).collect()
}

/// Writes goods that came back to a place; the days are when they came and the books' day.
pub(crate) fn insert_goods(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    id: CustomerReturnId,
    place: PlaceId,
    (received_on, posted_on): (Day, Day),
    client_ref: &str,
    goods: &[NewGoods],
) -> Result<(), StoreError> {
    let mut set = Rows::new(8);
    for came in goods {
        set.push(row![
            came.id,
            came.line_id,
            came.item_id,
            zero(came.lot_id),
            came.quantity,
            came.value,
            zero(came.of),
            came.move_id
        ]);
    }
    tx.write(
        &INSERT_GOODS,
        params![
            ctx.company_id,
            id,
            place,
            received_on,
            posted_on,
            client_ref,
            ctx.at,
            ctx.user_id;
            set
        ],
    )
}

/// Adds to what is decided on of goods, and to what of it goes to the customer again.
pub(crate) fn add_to_goods(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    decided: &[(GoodsId, Quantity, Quantity)],
) -> Result<(), StoreError> {
    let mut set = Rows::new(3);
    for (id, decided, back) in decided {
        set.push(row![id, decided, back]);
    }
    tx.write_exactly(decided.len(), &ADD_TO_GOODS, params![ctx.company_id; set])
}

/// What a decision was answered, if the client's key was used for one.
pub(crate) fn disposition_by_ref(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    held: &Return,
    client_ref: &str,
) -> Result<Option<Disposed>, StoreError> {
    if client_ref.is_empty() {
        return Ok(None);
    }
    let key = params![ctx.company_id, held.id, client_ref];
    let Some(row) = tx.query_opt(&DISPOSITION_BY_REF, key)? else { return Ok(None) };
    let disposition_id: DispositionId = row.get(0)?;
    let claims =
        tx.query(&CLAIMS_OF_DISPOSITION, params![ctx.company_id, held.id, disposition_id])?;
    Ok(Some(Disposed {
        disposition_id,
        number: row.get(1)?,
        posted_on: row.get(2)?,
        value: Money::new(row.get(3)?, ctx.currency),
        claims: claims.iter().map(|row| row.get(0)).collect::<Result<_, _>>()?,
        repeated: true,
    }))
}

/// Writes what became of goods: the decision's id, number and client's key, its day and the books'.
pub(crate) fn insert_dispositions(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    return_id: CustomerReturnId,
    (id, number, client_ref): (DispositionId, &str, &str),
    (decided_on, posted_on): (Day, Day),
    rows: &[NewDisposition],
) -> Result<(), StoreError> {
    let mut set = Rows::new(12);
    for (line, one) in (1_i64..).zip(rows) {
        set.push(row![
            line,
            one.goods_id,
            one.outcome,
            one.quantity,
            one.value,
            zero(one.grade_item),
            one.grade_value,
            one.place,
            one.reason,
            one.note,
            zero(one.claim),
            one.move_id
        ]);
    }
    tx.write(
        &INSERT_DISPOSITIONS,
        params![
            ctx.company_id,
            id,
            number,
            client_ref,
            return_id,
            decided_on,
            posted_on,
            ctx.at,
            ctx.user_id;
            set
        ],
    )
}
