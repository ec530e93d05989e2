-- What a client calls an inspection is the name of one: all its lines carry it, each once.
drop index quality_inspection_ref;
create unique index quality_inspection_client_ref on quality_inspection (company_id, client_ref, line)
    where client_ref <> '';
