-- The open sheets of a warehouse, of which there are few among all that were ever counted.
create index counting_count_open on counting_count (company_id, warehouse_id, id)
    where state = 'open';
