-- How a sheet that waits for somebody's yes is to be applied: its reasons, as JSON.
create table counting_asked (
    company_id {i64} not null,
    count_id {i64} not null,
    revision {i64} not null,
    request {text} not null,
    primary key (company_id, count_id),
    constraint counting_asked_count foreign key (company_id, count_id)
        references counting_count (company_id, id)
) {key_table};
