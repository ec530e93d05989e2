-- Demands that still lack something: fewer than the open ones, most of which are kept whole. Whoever
-- brings goods asks which demands they are for.
create index stock_demand_lacking on stock_demand (company_id, item_id, warehouse_id)
    where quantity > reserved + shipped + cancelled;
