-- Planned goods that go to somebody's line without lying in stock: nothing in stock is kept for it as
-- long as they are planned. How much of them is still to come is told by what is expected.
create table stock_earmark (
    company_id {i64} not null,
    source_kind {text} not null,
    source_id {i64} not null,
    item_id {i64} not null,
    owner_kind {text} not null,
    owner_id {i64} not null,
    line_id {i64} not null,
    quantity {i64} not null constraint stock_earmark_quantity check (quantity > 0),
    primary key (company_id, source_kind, source_id),
    foreign key (company_id, item_id) references catalog_item (company_id, id)
) {key_table};
create index stock_earmark_owner on stock_earmark (company_id, owner_kind, owner_id);
