-- Demands of which something is still to leave, which are few however many there have been.
create index stock_demand_open on stock_demand (company_id, item_id, warehouse_id)
    where quantity > shipped + cancelled;
