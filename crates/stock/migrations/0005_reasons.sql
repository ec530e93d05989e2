-- A reason's own rules. An absolute value above line_limit or sheet_limit needs another person's yes,
-- above evidence_limit a reference to evidence; null leaves it to the company's policy. What is
-- booked with a reason that must be explained waits for it, by due_days or by policy.
alter table stock_reason add column line_limit {i64};
alter table stock_reason add column sheet_limit {i64};
alter table stock_reason add column evidence_limit {i64};
alter table stock_reason add column must_explain {i64} not null default 0
    constraint stock_reason_must_explain check (must_explain in (0, 1));
alter table stock_reason add column due_days {i64};
alter table stock_reason add column owner_id {i64} not null default 0;
update stock_reason set must_explain = 1 where code = 'unexplained';

-- An adjustment beyond a limit waits and has no posted_on until somebody else agrees. value is the
-- absolute value of its lines. source_kind names the document that it came from, if any.
alter table stock_adjustment add column state {text} not null default 'booked'
    constraint stock_adjustment_state check (state in ('waiting', 'booked', 'refused'));
alter table stock_adjustment add column value {i64} not null default 0;
alter table stock_adjustment add column beyond {i64} not null default 0
    constraint stock_adjustment_beyond check (beyond in (0, 1));
alter table stock_adjustment add column approved_by {i64} not null default 0;
alter table stock_adjustment add column source_kind {text} not null default '';
alter table stock_adjustment add column source_id {i64} not null default 0;

-- The differences of an adjustment. quantity and value have the sign of the change; move_id is 0
-- while the adjustment waits, and value then what it would be at current cost.
create table stock_adjustment_line (
    company_id {i64} not null,
    adjustment_id {i64} not null,
    line {i64} not null,
    item_id {i64} not null,
    place_id {i64} not null,
    lot_id {i64} not null,
    quantity {i64} not null constraint stock_adjustment_line_quantity check (quantity <> 0),
    reason_id {i64} not null,
    evidence {text} not null,
    value {i64} not null,
    move_id {i64} not null,
    primary key (company_id, adjustment_id, line),
    foreign key (company_id, adjustment_id) references stock_adjustment (company_id, id),
    foreign key (company_id, item_id) references catalog_item (company_id, id),
    foreign key (company_id, place_id) references stock_place (company_id, id),
    foreign key (company_id, reason_id) references stock_reason (company_id, id)
) {key_table};

-- Booked differences that somebody has to explain by a day. explained_at 0 is still open.
create table stock_unexplained (
    company_id {i64} not null,
    adjustment_id {i64} not null,
    line {i64} not null,
    owner_id {i64} not null,
    due_on {text} not null,
    explained_at {i64} not null,
    explained_by {i64} not null,
    reason_id {i64} not null,
    note {text} not null,
    entry_id {i64} not null,
    primary key (company_id, adjustment_id, line),
    foreign key (company_id, adjustment_id, line)
        references stock_adjustment_line (company_id, adjustment_id, line)
) {key_table};
create index stock_unexplained_due on stock_unexplained (company_id, explained_at, due_on);
