-- The words by which items are found. search is each of an item's words once, a blank between two.

create table catalog_item_word (
    company_id {i64} not null,
    word {text} not null,
    item_id {i64} not null,
    primary key (company_id, word, item_id)
) {key_table};

-- A word from each of its letters on: what has `lamp` in it has a part that begins with `lamp`.
create table catalog_word_part (
    company_id {i64} not null,
    part {text} not null,
    word {text} not null,
    primary key (company_id, part, word)
) {key_table};

-- Items that were made before: they get their words when the program starts, before anybody looks.
create table catalog_wordless (
    company_id {i64} not null,
    item_id {i64} not null,
    primary key (company_id, item_id)
) {key_table};

insert into catalog_wordless (company_id, item_id) select company_id, id from catalog_item;
