-- A move of a document's line is found by both: of a document with 300 lines, without looking at the
-- other 299.
drop index stock_move_source;
create index stock_move_source on stock_move (company_id, source_kind, source_id, line_id);

-- What is expected of an item is what is still open; what has come is of no interest to anybody here.
drop index stock_expectation_item;
create index stock_expectation_item on stock_expectation (company_id, item_id, due_on)
    where open_quantity > 0;
