-- Files that were taken over, and what each of them made and changed, so that one can be taken back.
-- undone_at 0 is that it stands.
create table catalog_import (
    company_id {i64} not null,
    id {i64} not null,
    rows {i64} not null,
    created {i64} not null,
    changed {i64} not null,
    user_id {i64} not null,
    recorded_at {i64} not null,
    undone_by {i64} not null,
    undone_at {i64} not null,
    reason {text} not null,
    primary key (company_id, id)
) {key_table};
create index catalog_import_time on catalog_import (company_id, recorded_at, id);

-- revision is that which the import left. before is what it changed, each field as it was and as it
-- became, and '' when it made the item.
create table catalog_import_row (
    company_id {i64} not null,
    import_id {i64} not null,
    item_id {i64} not null,
    revision {i64} not null,
    before {text} not null,
    primary key (company_id, import_id, item_id),
    constraint catalog_import_row_import foreign key (company_id, import_id)
        references catalog_import (company_id, id),
    constraint catalog_import_row_item foreign key (company_id, item_id)
        references catalog_item (company_id, id)
) {key_table};
create index catalog_import_row_item on catalog_import_row (company_id, item_id);

-- How many items a category has is asked of a page of categories.
create index catalog_item_by_category on catalog_item (company_id, category_id, id);
