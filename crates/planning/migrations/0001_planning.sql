-- How much of an item there shall be at a place. max is what is filled up to, in the stock unit like
-- all quantities. reorder_point, lead_days and horizon_days are null where the rule leaves them to
-- stock's own day, the supplier's offer and the company. partner_id is the preferred supplier, 0 for
-- none.
create table planning_rule (
    company_id {i64} not null,
    id {i64} not null,
    item_id {i64} not null,
    place_id {i64} not null,
    warehouse_id {i64} not null,
    version {i64} not null,
    min {i64} not null,
    max {i64} not null,
    reorder_point {i64},
    multiple {i64} not null constraint planning_rule_multiple check (multiple >= 0),
    minimum {i64} not null constraint planning_rule_minimum check (minimum >= 0),
    lead_days {i64} constraint planning_rule_lead check (lead_days >= 0),
    horizon_days {i64} constraint planning_rule_horizon check (horizon_days >= 0),
    visibility_days {i64} not null
        constraint planning_rule_visibility check (visibility_days >= 0),
    trigger_by {text} not null
        constraint planning_rule_trigger check (trigger_by in ('manual', 'auto')),
    partner_id {i64} not null,
    snoozed_until {text} not null,
    active {i64} not null constraint planning_rule_active check (active in (0, 1)),
    primary key (company_id, id),
    constraint planning_rule_levels check (max >= min),
    constraint planning_rule_point check (reorder_point < max),
    constraint planning_rule_place_of foreign key (company_id, place_id)
        references stock_place (company_id, id),
    constraint planning_rule_item foreign key (company_id, item_id)
        references catalog_item (company_id, id)
) {key_table};
create unique index planning_rule_place on planning_rule (company_id, item_id, place_id);

-- What a run locks, one row for a warehouse: two runs of it decide one after the other.
create table planning_scope (
    company_id {i64} not null,
    warehouse_id {i64} not null,
    primary key (company_id, warehouse_id),
    constraint planning_scope_warehouse foreign key (company_id, warehouse_id)
        references stock_warehouse (company_id, id)
) {key_table};

-- What is proposed. open and dismissed ones are live, of which an item has one at a place. rule_id 0
-- is an item without a rule, partner_id 0 one that nobody offers. basis_version is the version whose
-- basis led to the figures here. order_quantity is in unit; unit_cost is of a stock unit, in the
-- company's currency. held_back says why an automatic rule did not approve it.
create table planning_proposal (
    company_id {i64} not null,
    id {i64} not null,
    version {i64} not null,
    state {text} not null constraint planning_proposal_state
        check (state in ('open', 'dismissed', 'approved', 'withdrawn')),
    item_id {i64} not null,
    place_id {i64} not null,
    warehouse_id {i64} not null,
    rule_id {i64} not null,
    rule_version {i64} not null,
    algorithm {i64} not null,
    basis_version {i64} not null,
    planned_on {text} not null,
    arrives_on {text} not null,
    forecast {i64} not null,
    need {i64} not null,
    quantity {i64} not null constraint planning_proposal_quantity check (quantity > 0),
    partner_id {i64} not null,
    currency {text} not null,
    chosen {text} not null,
    unit {text} not null,
    order_quantity {i64} not null,
    lead_days {i64} not null,
    unit_cost {i64} not null,
    held_back {text} not null,
    dismissed_until {text} not null,
    reason {text} not null,
    approved_quantity {i64} not null,
    order_id {i64} not null,
    order_line {i64} not null,
    created_at {i64} not null,
    changed_at {i64} not null,
    primary key (company_id, id),
    constraint planning_proposal_approved
        check ((state = 'approved') = (order_id <> 0) and (state = 'approved') = (approved_quantity > 0)),
    constraint planning_proposal_item foreign key (company_id, item_id)
        references catalog_item (company_id, id),
    constraint planning_proposal_place foreign key (company_id, place_id)
        references stock_place (company_id, id)
) {key_table};
create unique index planning_proposal_live on planning_proposal (company_id, item_id, place_id)
    where state in ('open', 'dismissed');
create index planning_proposal_order on planning_proposal (company_id, order_id, order_line);
create index planning_proposal_in_state on planning_proposal (company_id, state, id);

-- Every version of a proposal: what happened, by whom and why, and the basis where it was decided
-- anew.
create table planning_version (
    company_id {i64} not null,
    proposal_id {i64} not null,
    version {i64} not null,
    what {text} not null constraint planning_version_what check (what in
        ('proposed', 'amended', 'dismissed', 'reopened', 'approved', 'withdrawn')),
    quantity {i64} not null,
    reason {text} not null,
    basis {text} not null,
    user_id {i64} not null,
    recorded_at {i64} not null,
    primary key (company_id, proposal_id, version),
    constraint planning_version_proposal foreign key (company_id, proposal_id)
        references planning_proposal (company_id, id)
) {key_table};
