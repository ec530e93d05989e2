-- Where the goods of a line go inside the warehouse when nobody says otherwise at the dock; 0 is the
-- warehouse's stock.
alter table purchasing_line add column place_id {i64} not null default 0;
