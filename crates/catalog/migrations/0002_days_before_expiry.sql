-- How many days before it expires a lot is best, is last picked, and is looked at; 0 is the day itself.
alter table catalog_item add column best_before_days {i64} not null default 0
    constraint catalog_item_best_before check (best_before_days >= 0);
alter table catalog_item add column removal_days_before {i64} not null default 0
    constraint catalog_item_removal check (removal_days_before >= 0);
alter table catalog_item add column alert_days_before {i64} not null default 0
    constraint catalog_item_alert check (alert_days_before >= 0);
