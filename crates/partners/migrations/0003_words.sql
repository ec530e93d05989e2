-- The words by which partners are found. search is each of a partner's words once, a blank between two.

create table partners_partner_word (
    company_id {i64} not null,
    word {text} not null,
    partner_id {i64} not null,
    primary key (company_id, word, partner_id)
) {key_table};

-- A word from each of its letters on: what has `corp` in it has a part that begins with `corp`.
create table partners_word_part (
    company_id {i64} not null,
    part {text} not null,
    word {text} not null,
    primary key (company_id, part, word)
) {key_table};

-- Partners that were made before: they get their words when the program starts, before anybody looks.
create table partners_wordless (
    company_id {i64} not null,
    partner_id {i64} not null,
    primary key (company_id, partner_id)
) {key_table};

insert into partners_wordless (company_id, partner_id) select company_id, id from partners_partner;
