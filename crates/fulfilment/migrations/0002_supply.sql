-- What was ordered from a supplier for a line of a sales order. direct goods go straight to the
-- customer; others come to the warehouse. How far it has come is told by the purchase order's line.
create table fulfilment_supply (
    company_id {i64} not null,
    id {i64} not null,
    order_id {i64} not null,
    line {i64} not null,
    item_id {i64} not null,
    quantity {i64} not null constraint fulfilment_supply_quantity check (quantity > 0),
    direct {i64} not null constraint fulfilment_supply_direct check (direct in (0, 1)),
    purchase_order_id {i64} not null,
    purchase_line {i64} not null,
    recorded_at {i64} not null,
    user_id {i64} not null,
    primary key (company_id, id),
    constraint fulfilment_supply_once unique (company_id, purchase_order_id, purchase_line),
    constraint fulfilment_supply_order foreign key (company_id, order_id)
        references sales_order (company_id, id),
    constraint fulfilment_supply_item foreign key (company_id, item_id)
        references catalog_item (company_id, id),
    constraint fulfilment_supply_purchase foreign key (company_id, purchase_order_id)
        references purchasing_order (company_id, id)
) {key_table};
create index fulfilment_supply_of_order on fulfilment_supply (company_id, order_id, line);
