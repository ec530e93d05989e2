-- The movements of all items are read newest first, a page at a time.
create index stock_move_time on stock_move (company_id, recorded_at, id);
