-- The days of a lot are counted back from the day it expires: until when it is best, the last day on
-- which it is picked, and when somebody should look at it; empty as long as nobody knows. stated tells
-- a day that somebody read off the goods from one that follows from how long the item keeps.
alter table stock_lot add column best_before {text} not null default '';
alter table stock_lot add column remove_by {text} not null default '';
alter table stock_lot add column alert_on {text} not null default '';
alter table stock_lot add column stated {i64} not null default 0
    constraint stock_lot_stated check (stated in (0, 1));
update stock_lot set best_before = expires_on, remove_by = expires_on, alert_on = expires_on;
create index stock_lot_alert on stock_lot (company_id, alert_on, id) where alert_on <> '';
