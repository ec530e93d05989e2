-- Returns are listed by day, each with its lines.
create index purchasing_return_of_day on purchasing_return (company_id, returned_on, id);
create index purchasing_return_line_of_return on purchasing_return_line (company_id, return_id, line);
