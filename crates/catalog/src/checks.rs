//! What must hold in the catalogue, told apart from the code that keeps it so.

store::checks! {
    BARCODE_OF_ITS_ITEM = "catalog: a packaging's barcode is of the packaging's item",
        "select b.code, b.item_id, p.item_id as packaging_item_id
         from catalog_barcode as b
         join catalog_packaging as p on p.company_id = b.company_id and p.id = b.packaging_id
         where b.company_id = $1 and b.item_id <> p.item_id";

    ONE_ITEM_FOR_A_BARCODE = "catalog: a barcode means one item",
        "select b.scan, count(*) as meanings from catalog_barcode as b
         left join catalog_item as i on i.company_id = b.company_id and i.id = b.item_id
         where b.company_id = $1
         group by b.scan having count(*) <> 1 or count(i.id) <> 1";

    KIT_OF_GOODS = "catalog: a kit's components are goods, never kits or services",
        "select k.kit_id, k.component_id, kit.kind as kit_kind, part.kind as component_kind
         from catalog_kit_component as k
         join catalog_item as kit on kit.company_id = k.company_id and kit.id = k.kit_id
         join catalog_item as part on part.company_id = k.company_id and part.id = k.component_id
         where k.company_id = $1 and (kit.kind <> 'kit' or part.kind <> 'goods')";

    UNITS_CONVERT = "catalog: an item's units are of one family or have a ratio of its own",
        "select i.sku, s.code as stock_unit, p.code as purchase_unit
         from catalog_item as i
         join catalog_unit as s on s.company_id = i.company_id and s.id = i.stock_unit_id
         join catalog_unit as p on p.company_id = i.company_id and p.id = i.purchase_unit_id
         where i.company_id = $1
            and (s.base_unit_id = p.base_unit_id) <> (i.purchase_numerator = 0)";

    BASE_UNIT_OF_ITSELF = "catalog: a family's base unit is one of itself",
        "select u.code, b.code as base from catalog_unit as u
         join catalog_unit as b on b.company_id = u.company_id and b.id = u.base_unit_id
         where u.company_id = $1
            and (b.base_unit_id <> b.id or b.numerator <> 1 or b.denominator <> 1)";

    SERIALS_ARE_WHOLE = "catalog: goods with serial numbers are kept in a whole unit",
        "select i.sku, s.code as stock_unit from catalog_item as i
         join catalog_unit as s on s.company_id = i.company_id and s.id = i.stock_unit_id
         where i.company_id = $1 and i.tracking = 'serial' and s.whole = 0";

    WORDS_OF_ITEMS = "catalog: an item has each of its words once, and no other",
        "select coalesce(i.sku, '') as sku, w.word from catalog_item_word as w
         left join catalog_item as i on i.company_id = w.company_id and i.id = w.item_id
         where w.company_id = $1
            and (i.id is null or replace(' ' || i.search || ' ', ' ' || w.word || ' ', '')
                = ' ' || i.search || ' ')
         union all
         select i.sku, i.search as word from catalog_item as i
         left join (select v.item_id, count(*) as words from catalog_item_word as v
                where v.company_id = $1 group by v.item_id) as w on w.item_id = i.id
         where i.company_id = $1 and coalesce(w.words, 0) <> case when i.search = '' then 0
            else length(i.search) - length(replace(i.search, ' ', '')) + 1 end";

    PARTS_OF_WORDS = "catalog: a word is known from each of its letters on, down to the last two",
        "with kept as (
             select p.word, count(*) as parts,
                cast(sum(case when p.part = substr(p.word, length(p.word) - length(p.part) + 1)
                    then 1 else 0 end) as {i64}) as ends
             from catalog_word_part as p where p.company_id = $1 group by p.word)
         select w.word, coalesce(k.parts, 0) as parts
         from (select distinct v.word from catalog_item_word as v where v.company_id = $1) as w
         left join kept as k on k.word = w.word
         where length(w.word) > 1
            and (coalesce(k.parts, 0) <> length(w.word) - 1 or k.ends <> k.parts)";

    CATEGORIES_END = "catalog: the categories above a category end at one without a parent",
        "with recursive reached(id) as (
             select c.id from catalog_category as c
             where c.company_id = $1 and c.parent_id is null
             union
             select c.id from catalog_category as c join reached as r on c.parent_id = r.id
             where c.company_id = $1)
         select c.code from catalog_category as c
         where c.company_id = $1 and c.id not in (select r.id from reached as r)";

    IMPORTS_ARE_ROWS = "catalog: an import has a row for each item that it made or changed",
        "select m.id, m.created, m.changed, coalesce(r.made, 0) as made, coalesce(r.other, 0) as other
         from catalog_import as m
         left join (select v.import_id,
                cast(sum(case when v.before = '' then 1 else 0 end) as {i64}) as made,
                cast(sum(case when v.before = '' then 0 else 1 end) as {i64}) as other
            from catalog_import_row as v where v.company_id = $1 group by v.import_id) as r
            on r.import_id = m.id
         where m.company_id = $1
            and (m.created <> coalesce(r.made, 0) or m.changed <> coalesce(r.other, 0))";

    UNDONE_IS_RETIRED = "catalog: what an import made that was taken back is retired, or was changed since",
        "select m.id, t.sku, t.revision from catalog_import as m
         join catalog_import_row as r on r.company_id = m.company_id and r.import_id = m.id
         join catalog_item as t on t.company_id = r.company_id and t.id = r.item_id
         where m.company_id = $1 and m.undone_at <> 0 and r.before = '' and t.active = 1
            and t.revision <= r.revision";
}
