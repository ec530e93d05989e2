-- In how many steps a warehouse receives: at 1 straight into stock, at 2 into its input place, from
-- where goods are put away.
alter table stock_warehouse add column receipt_steps {i64} not null default 1
    constraint stock_warehouse_receipt_steps check (receipt_steps in (1, 2));

-- Where goods of an item shall lie, in order of priority, and how much of them there is room for.
create table stock_putaway_rule (
    company_id {i64} not null,
    item_id {i64} not null,
    place_id {i64} not null,
    priority {i64} not null constraint stock_putaway_rule_priority check (priority >= 1),
    capacity {i64} not null constraint stock_putaway_rule_capacity check (capacity > 0),
    primary key (company_id, item_id, place_id),
    foreign key (company_id, item_id) references catalog_item (company_id, id),
    foreign key (company_id, place_id) references stock_place (company_id, id)
) {key_table};

-- Goods of a warehouse that were put away together, perhaps of one document that brought them.
create table stock_putaway (
    company_id {i64} not null,
    id {i64} not null,
    number {text} not null,
    warehouse_id {i64} not null,
    of_kind {text} not null,
    of_id {i64} not null,
    happened_on {text} not null,
    posted_on {text} not null,
    client_ref {text} not null,
    user_id {i64} not null,
    recorded_at {i64} not null,
    primary key (company_id, id),
    foreign key (company_id, warehouse_id) references stock_warehouse (company_id, id)
) {key_table};
create index stock_putaway_of on stock_putaway (company_id, of_kind, of_id);
create index stock_putaway_ref on stock_putaway (company_id, client_ref);
