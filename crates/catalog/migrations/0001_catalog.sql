-- What the company trades in: units, categories, items, packagings, barcodes, kits.

-- A unit is numerator/denominator of its family's base unit; a base unit is 1/1 of itself.
create table catalog_unit (
    company_id {i64} not null,
    id {i64} not null,
    code {text} not null,
    name {text} not null,
    whole {i64} not null constraint catalog_unit_whole check (whole in (0, 1)),
    base_unit_id {i64} not null,
    numerator {i64} not null,
    denominator {i64} not null,
    primary key (company_id, id),
    constraint catalog_unit_code unique (company_id, code),
    constraint catalog_unit_ratio check (numerator > 0 and denominator > 0),
    constraint catalog_unit_base foreign key (company_id, base_unit_id)
        references catalog_unit (company_id, id),
    constraint catalog_unit_company foreign key (company_id)
        references identity_company (company_id)
) {key_table};

create table catalog_category (
    company_id {i64} not null,
    id {i64} not null,
    code {text} not null,
    name {text} not null,
    parent_id {i64},
    revision {i64} not null,
    primary key (company_id, id),
    constraint catalog_category_code unique (company_id, code),
    constraint catalog_category_parent foreign key (company_id, parent_id)
        references catalog_category (company_id, id),
    constraint catalog_category_company foreign key (company_id)
        references identity_company (company_id)
) {key_table};

-- purchase_numerator/purchase_denominator is how many stock units make one purchase unit where the
-- two are of different families, and 0/0 where their family says it. search is the lower-case text
-- in which the list looks.
create table catalog_item (
    company_id {i64} not null,
    id {i64} not null,
    sku {text} not null,
    name {text} not null,
    kind {text} not null constraint catalog_item_kind check (kind in ('goods', 'service', 'kit')),
    category_id {i64},
    stock_unit_id {i64} not null,
    purchase_unit_id {i64} not null,
    purchase_numerator {i64} not null,
    purchase_denominator {i64} not null,
    list_price {i64} not null constraint catalog_item_list_price check (list_price >= 0),
    weight_grams {i64} not null constraint catalog_item_weight check (weight_grams >= 0),
    volume_litres {i64} not null constraint catalog_item_volume check (volume_litres >= 0),
    tracking {text} not null
        constraint catalog_item_tracking check (tracking in ('none', 'lot', 'serial')),
    expiry_days {i64} not null constraint catalog_item_expiry check (expiry_days >= 0),
    tax_code {text} not null,
    active {i64} not null constraint catalog_item_active check (active in (0, 1)),
    revision {i64} not null,
    search {text} not null,
    created_at {i64} not null,
    changed_at {i64} not null,
    primary key (company_id, id),
    constraint catalog_item_sku unique (company_id, sku),
    constraint catalog_item_ratio check (
        (purchase_numerator > 0 and purchase_denominator > 0)
        or (purchase_numerator = 0 and purchase_denominator = 0)),
    constraint catalog_item_goods check (kind = 'goods' or (tracking = 'none' and expiry_days = 0)),
    constraint catalog_item_category foreign key (company_id, category_id)
        references catalog_category (company_id, id),
    constraint catalog_item_stock_unit foreign key (company_id, stock_unit_id)
        references catalog_unit (company_id, id),
    constraint catalog_item_purchase_unit foreign key (company_id, purchase_unit_id)
        references catalog_unit (company_id, id),
    constraint catalog_item_company foreign key (company_id)
        references identity_company (company_id)
) {key_table};

create index catalog_item_by_name on catalog_item (company_id, name, id);

create table catalog_packaging (
    company_id {i64} not null,
    id {i64} not null,
    item_id {i64} not null,
    name {text} not null,
    quantity {i64} not null constraint catalog_packaging_quantity check (quantity > 0),
    primary key (company_id, id),
    constraint catalog_packaging_name unique (company_id, item_id, name),
    constraint catalog_packaging_item foreign key (company_id, item_id)
        references catalog_item (company_id, id)
) {key_table};

-- scan is what a scan is looked up by: a GTIN filled with zeros to 14 digits, as scanners differ in
-- the leading zeros they send; any other code as it is.
create table catalog_barcode (
    company_id {i64} not null,
    id {i64} not null,
    scan {text} not null,
    code {text} not null,
    kind {text} not null constraint catalog_barcode_kind
        check (kind in ('gtin8', 'gtin12', 'gtin13', 'gtin14', 'internal')),
    item_id {i64} not null,
    packaging_id {i64},
    primary key (company_id, id),
    constraint catalog_barcode_scan unique (company_id, scan),
    constraint catalog_barcode_item foreign key (company_id, item_id)
        references catalog_item (company_id, id),
    constraint catalog_barcode_packaging foreign key (company_id, packaging_id)
        references catalog_packaging (company_id, id)
) {key_table};

create index catalog_barcode_of_item on catalog_barcode (company_id, item_id);

create table catalog_kit_component (
    company_id {i64} not null,
    kit_id {i64} not null,
    component_id {i64} not null,
    quantity {i64} not null constraint catalog_kit_component_quantity check (quantity > 0),
    primary key (company_id, kit_id, component_id),
    constraint catalog_kit_component_self check (kit_id <> component_id),
    constraint catalog_kit_component_kit foreign key (company_id, kit_id)
        references catalog_item (company_id, id),
    constraint catalog_kit_component_item foreign key (company_id, component_id)
        references catalog_item (company_id, id)
) {key_table};

create index catalog_kit_component_in on catalog_kit_component (company_id, component_id);
