-- Lists of goods to be taken from their places. picker_id is 0 until somebody has the list; title says
-- whom or what it is for; due_on is the earliest day promised. The state follows from the lines.
create table picking_list (
    company_id {i64} not null,
    id {i64} not null,
    number {text} not null,
    kind {text} not null constraint picking_list_kind check (kind in ('order', 'batch', 'wave')),
    title {text} not null,
    warehouse_id {i64} not null,
    due_on {text} not null,
    state {text} not null constraint picking_list_state
        check (state in ('open', 'picking', 'picked', 'closed', 'cancelled')),
    picker_id {i64} not null,
    planned_at {i64} not null,
    user_id {i64} not null,
    revision {i64} not null,
    primary key (company_id, id),
    constraint picking_list_number unique (company_id, number),
    constraint picking_list_warehouse foreign key (company_id, warehouse_id)
        references stock_warehouse (company_id, id)
) {key_table};
create index picking_list_day on picking_list (company_id, planned_at, id);

-- Goods of one order's line to be taken from one place and lot: what is kept there for a demand. Lines
-- of one item, lot and place share a stop. missed was not found, voided was no longer kept, put_back
-- went back to its place; packed counts what was shipped, too. A line is open until nothing of it is to
-- be taken, packed, shipped or put back; until then no other line has the same goods.
create table picking_line (
    company_id {i64} not null,
    id {i64} not null,
    list_id {i64} not null,
    stop {i64} not null,
    line {i64} not null,
    demand_id {i64} not null,
    order_id {i64} not null,
    order_line {i64} not null,
    order_line_id {i64} not null,
    item_id {i64} not null,
    place_id {i64} not null,
    lot_id {i64} not null,
    wanted {i64} not null constraint picking_line_wanted check (wanted > 0),
    picked {i64} not null constraint picking_line_picked check (picked >= 0),
    missed {i64} not null constraint picking_line_missed check (missed >= 0),
    voided {i64} not null constraint picking_line_voided check (voided >= 0),
    packed {i64} not null constraint picking_line_packed check (packed >= 0),
    shipped {i64} not null constraint picking_line_shipped check (shipped >= 0),
    put_back {i64} not null constraint picking_line_put_back check (put_back >= 0),
    open {i64} not null constraint picking_line_open check (open in (0, 1)),
    primary key (company_id, id),
    constraint picking_line_within check (picked + missed + voided <= wanted),
    constraint picking_line_in_hand check (packed + put_back <= picked),
    constraint picking_line_left check (shipped <= packed),
    constraint picking_line_number unique (company_id, list_id, line),
    constraint picking_line_list foreign key (company_id, list_id)
        references picking_list (company_id, id),
    constraint picking_line_order foreign key (company_id, order_id)
        references sales_order (company_id, id),
    constraint picking_line_item foreign key (company_id, item_id)
        references catalog_item (company_id, id),
    constraint picking_line_place foreign key (company_id, place_id)
        references stock_place (company_id, id)
) {key_table};
create unique index picking_line_once on picking_line (company_id, demand_id, place_id, lot_id)
    where open = 1;
create index picking_line_at on picking_line (company_id, item_id, place_id) where open = 1;
create index picking_line_of_order on picking_line (company_id, order_id, id);

-- What somebody took, or did not find, and when.
create table picking_scan (
    company_id {i64} not null,
    id {i64} not null,
    list_id {i64} not null,
    line_id {i64} not null,
    picked {i64} not null constraint picking_scan_picked check (picked >= 0),
    missed {i64} not null constraint picking_scan_missed check (missed >= 0),
    reason {text} not null,
    client_ref {text} not null,
    recorded_at {i64} not null,
    user_id {i64} not null,
    primary key (company_id, id),
    constraint picking_scan_line foreign key (company_id, line_id)
        references picking_line (company_id, id)
) {key_table};
create index picking_scan_of_line on picking_scan (company_id, line_id, id);
create index picking_scan_ref on picking_scan (company_id, list_id, client_ref);

-- Packages of one order. shipment_id is 0 until the package has left; weight and sizes are 0 when not
-- known.
create table picking_package (
    company_id {i64} not null,
    id {i64} not null,
    number {text} not null,
    order_id {i64} not null,
    warehouse_id {i64} not null,
    state {text} not null constraint picking_package_state
        check (state in ('open', 'ready', 'shipped', 'unpacked')),
    carrier {text} not null,
    service {text} not null,
    tracking {text} not null,
    weight_grams {i64} not null constraint picking_package_weight check (weight_grams >= 0),
    length_mm {i64} not null constraint picking_package_length check (length_mm >= 0),
    width_mm {i64} not null constraint picking_package_width check (width_mm >= 0),
    height_mm {i64} not null constraint picking_package_height check (height_mm >= 0),
    shipment_id {i64} not null,
    client_ref {text} not null,
    packed_at {i64} not null,
    user_id {i64} not null,
    revision {i64} not null,
    primary key (company_id, id),
    constraint picking_package_number unique (company_id, number),
    constraint picking_package_shipped check ((shipment_id <> 0) = (state = 'shipped')),
    constraint picking_package_order foreign key (company_id, order_id)
        references sales_order (company_id, id),
    constraint picking_package_warehouse foreign key (company_id, warehouse_id)
        references stock_warehouse (company_id, id)
) {key_table};
create unique index picking_package_ref on picking_package (company_id, client_ref)
    where client_ref <> '';
create index picking_package_day on picking_package (company_id, packed_at, id);
create index picking_package_of_order on picking_package (company_id, order_id);
create index picking_package_of_shipment on picking_package (company_id, shipment_id);

-- What of which line of a pick list is in a package.
create table picking_package_line (
    company_id {i64} not null,
    package_id {i64} not null,
    line {i64} not null,
    pick_line_id {i64} not null,
    quantity {i64} not null constraint picking_package_line_quantity check (quantity > 0),
    primary key (company_id, package_id, line),
    constraint picking_package_line_package foreign key (company_id, package_id)
        references picking_package (company_id, id),
    constraint picking_package_line_of foreign key (company_id, pick_line_id)
        references picking_line (company_id, id)
) {key_table};
create index picking_package_line_pick on picking_package_line (company_id, pick_line_id);
