-- What stock is worth: settings, standings, the ledger of value, and what is left of it.

-- The costing method that new items of a category get.
create table valuation_category (
    company_id {i64} not null,
    category_id {i64} not null,
    method {text} not null constraint valuation_category_method
        check (method in ('standard', 'average', 'fifo', 'lifo')),
    primary key (company_id, category_id),
    constraint valuation_category_category foreign key (company_id, category_id)
        references catalog_category (company_id, id)
) {key_table};

-- An item's method, fixed when it is first valued, and the price that new standings start from.
create table valuation_item (
    company_id {i64} not null,
    item_id {i64} not null,
    method {text} not null constraint valuation_item_method
        check (method in ('standard', 'average', 'fifo', 'lifo')),
    standard {i64} not null constraint valuation_item_standard check (standard >= 0),
    primary key (company_id, item_id),
    constraint valuation_item_item foreign key (company_id, item_id)
        references catalog_item (company_id, id)
) {key_table};

-- What an item is worth in one pool and class. seq is that of its last layer. A row just made has no
-- method until its first layer, in the same transaction, takes over the item's.
create table valuation_standing (
    company_id {i64} not null,
    item_id {i64} not null,
    pool_id {i64} not null,
    class {text} not null constraint valuation_standing_class
        check (class in ('normal', 'quarantine', 'transit', 'consigned')),
    method {text} not null constraint valuation_standing_method
        check (method in ('', 'standard', 'average', 'fifo', 'lifo')),
    quantity {i64} not null,
    value {i64} not null,
    standard {i64} not null,
    last_cost {i64} not null,
    seq {i64} not null,
    primary key (company_id, item_id, pool_id, class),
    constraint valuation_standing_item foreign key (company_id, item_id)
        references valuation_item (company_id, item_id),
    constraint valuation_standing_zero check (quantity <> 0 or value = 0),
    constraint valuation_standing_value check (quantity <= 0 or value >= 0)
) {key_table};

-- The ledger of value. corrects_id is the earlier layer that this one corrects, of_move_id the move at
-- whose cost goods came back or went back, expensed what of the cost went to an expense account.
create table valuation_layer (
    company_id {i64} not null,
    id {i64} not null,
    item_id {i64} not null,
    pool_id {i64} not null,
    class {text} not null,
    seq {i64} not null,
    kind {text} not null,
    quantity {i64} not null,
    value {i64} not null,
    expensed {i64} not null,
    corrects_id {i64} not null,
    move_id {i64} not null,
    of_move_id {i64} not null,
    source_kind {text} not null,
    source_id {i64} not null,
    happened_on {text} not null,
    posted_on {text} not null,
    recorded_at {i64} not null,
    primary key (company_id, id),
    constraint valuation_layer_seq unique (company_id, item_id, pool_id, class, seq),
    constraint valuation_layer_days check (posted_on >= happened_on),
    constraint valuation_layer_standing foreign key (company_id, item_id, pool_id, class)
        references valuation_standing (company_id, item_id, pool_id, class)
) {key_table};

create index valuation_layer_move on valuation_layer (company_id, move_id) where move_id <> 0;
create index valuation_layer_of_move on valuation_layer (company_id, of_move_id)
    where of_move_id <> 0;
create index valuation_layer_corrects on valuation_layer (company_id, corrects_id)
    where corrects_id <> 0;

-- Which layer an issue used.
create table valuation_use (
    company_id {i64} not null,
    layer_id {i64} not null,
    issue_id {i64} not null,
    quantity {i64} not null constraint valuation_use_quantity check (quantity > 0),
    value {i64} not null,
    primary key (company_id, layer_id, issue_id),
    constraint valuation_use_layer foreign key (company_id, layer_id)
        references valuation_layer (company_id, id),
    constraint valuation_use_issue foreign key (company_id, issue_id)
        references valuation_layer (company_id, id)
) {key_table};

-- What is left of the layers of a queue method.
create table valuation_open_layer (
    company_id {i64} not null,
    item_id {i64} not null,
    pool_id {i64} not null,
    class {text} not null,
    seq {i64} not null,
    layer_id {i64} not null,
    quantity {i64} not null constraint valuation_open_layer_quantity check (quantity > 0),
    value {i64} not null constraint valuation_open_layer_value check (value >= 0),
    primary key (company_id, item_id, pool_id, class, seq),
    constraint valuation_open_layer_layer foreign key (company_id, layer_id)
        references valuation_layer (company_id, id)
) {key_table};

-- What went out below zero and is not covered yet.
create table valuation_shortage (
    company_id {i64} not null,
    item_id {i64} not null,
    pool_id {i64} not null,
    class {text} not null,
    seq {i64} not null,
    issue_id {i64} not null,
    quantity {i64} not null constraint valuation_shortage_quantity check (quantity > 0),
    value {i64} not null,
    primary key (company_id, item_id, pool_id, class, seq),
    constraint valuation_shortage_issue foreign key (company_id, issue_id)
        references valuation_layer (company_id, id)
) {key_table};
