-- The warehouse that supplies a place instead of suppliers; 0 for suppliers. A supplier is preferred
-- only where suppliers deliver.
alter table planning_rule add column source_warehouse_id {i64} not null default 0
    constraint planning_rule_one_source check (source_warehouse_id = 0 or partner_id = 0);
create index planning_rule_supplied on planning_rule (company_id, item_id, source_warehouse_id)
    where source_warehouse_id <> 0;

-- What an approved proposal became: a line of a purchase order or, where a warehouse supplies, of a
-- transfer.
alter table planning_proposal rename column order_id to became_id;
alter table planning_proposal rename column order_line to became_line;

-- The warehouse that supplies, 0 for suppliers; the day on which the goods are needed, empty for a
-- purchase, which is for all days that its arrival can change; and what the source can give of the
-- quantity. An item has one live proposal at a place for each day on which a transfer is needed.
alter table planning_proposal add column source_warehouse_id {i64} not null default 0;
alter table planning_proposal add column needed_on {text} not null default ''
    constraint planning_proposal_needed check ((source_warehouse_id = 0) = (needed_on = ''));
alter table planning_proposal add column available {i64} not null default 0;
drop index planning_proposal_live;
create unique index planning_proposal_live
    on planning_proposal (company_id, item_id, place_id, needed_on)
    where state in ('open', 'dismissed');
create index planning_proposal_drawn on planning_proposal (company_id, item_id, source_warehouse_id)
    where state = 'open' and source_warehouse_id <> 0;
