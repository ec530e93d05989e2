//! The SQL of profiles, of the classes that items have by them, and of the rules of places as readers get
//! them.

/// The classes of items as they hold now, with since when, and their filters. A class is held since the
/// first time that it was given after the last time that another was.
macro_rules! classes_now {
    () => {
        "select x.id, x.sku, x.name, x.class, x.since, x.cycle_days, x.value, x.rank,
            x.classified_on, x.profile
        from (select i.id, i.sku, i.name, k.name as class,
                (select min(f.classified_on) from counting_class as f
                 where f.company_id = k.company_id and f.profile = k.profile
                    and f.item_id = k.item_id and f.classified_on > coalesce((
                        select max(h.classified_on) from counting_class as h
                        where h.company_id = k.company_id and h.profile = k.profile
                            and h.item_id = k.item_id and h.name <> k.name), '')) as since,
                l.cycle_days, k.value, k.rank, k.classified_on, k.profile
            from counting_class as k
            join catalog_item as i on i.company_id = k.company_id and i.id = k.item_id
            left join counting_level as l on l.company_id = k.company_id
                and l.profile = k.profile and l.number = k.level
            where k.company_id = $1
                and (cast($2 as {text}) is null or k.profile = cast($2 as {text}))
                and (cast($3 as {text}) is null or k.name = cast($3 as {text}))
                and (cast($4 as {text}) is null or i.sku = cast($4 as {text}))
                and k.classified_on = (select max(g.classified_on) from counting_class as g
                    where g.company_id = k.company_id and g.profile = k.profile
                        and g.item_id = k.item_id)) as x
        where (cast($5 as {text}) is null or x.since >= cast($5 as {text}))"
    };
}

store::statements! {
    /// A profile of classes.
    UPSERT_PROFILE = "insert into counting_profile (company_id, name, window_days, recorded_at)
        values ($1, $2, $3, $4)
        on conflict (company_id, name) do update set window_days = excluded.window_days";

    /// Forgets the levels of a profile.
    DELETE_LEVELS = "delete from counting_level where company_id = $1 and profile = $2";

    /// Writes the levels of a profile.
    INSERT_LEVELS = "insert into counting_level
            (company_id, profile, number, name, share, cycle_days)
        select $1, $2, d.number, d.name, d.share, d.cycle_days
        from {rows:d(number, name text, share, cycle_days)}";

    /// Locks a profile.
    LOCK_PROFILE = "select p.name from counting_profile as p
        where p.company_id = $1 and p.name = $2 {for_update:p}";

    /// Profiles with their levels.
    LIST_PROFILES = "select p.name, p.window_days, l.number, l.name as level, l.share, l.cycle_days
        from counting_profile as p
        join counting_level as l on l.company_id = p.company_id and l.profile = p.name
        where p.company_id = $1 and (cast($2 as {text}) is null or p.name = cast($2 as {text}))
        order by p.name, l.number";

    /// The value of goods that left for customers in a window, less what came back, by item.
    VALUE_LEFT = "select x.item_id as id, cast(sum(x.value) as {i64}) as value from (
            select m.item_id as item_id,
                case when t.kind = 'customer' then m.value else -m.value end as value
            from stock_move as m
            join stock_place as f on f.company_id = m.company_id and f.id = m.from_place_id
            join stock_place as t on t.company_id = m.company_id and t.id = m.to_place_id
            where m.company_id = $1 and m.happened_on > $2 and m.happened_on <= $3
                and ((t.kind = 'customer' and f.kind <> 'customer')
                    or (f.kind = 'customer' and t.kind <> 'customer'))
            union all
            select r.item_id, cast(0 as {i64}) from stock_row as r
            where r.company_id = $1 and r.on_hand <> 0) as x
        group by x.item_id";

    /// Writes the classes of items of a day.
    INSERT_CLASSES = "insert into counting_class
            (company_id, profile, item_id, classified_on, level, name, value, rank)
        select $1, $2, d.item_id, $3, d.level, d.name, d.value, d.rank
        from {rows:d(item_id, level, name text, value, rank)} where true
        on conflict (company_id, profile, item_id, classified_on) do update
            set level = excluded.level, name = excluded.name, value = excluded.value,
                rank = excluded.rank";

    /// Places with a rule of their own. A rule that rules nothing only notes what ran empty before.
    LIST_PLACES = "select p.path, w.code, c.cycle_days, c.zero_confirmation, c.threshold_percent,
            c.since, c.counted_on
        from counting_place as c
        join stock_place as p on p.company_id = c.company_id and p.id = c.place_id
        join stock_warehouse as w on w.company_id = p.company_id and w.id = p.warehouse_id
        where c.company_id = $1
            and (c.cycle_days is not null or c.zero_confirmation = 1
                or c.threshold_percent is not null)
            and (cast($2 as {text}) is null or w.code = cast($2 as {text}))
            and (cast($3 as {text}) is null or p.path = cast($3 as {text})
                or substr(p.path, 1, length(cast($3 as {text})) + 1) = cast($3 as {text}) || '/')
            and p.path > $4
        order by p.path limit cast($5 as {i64})";

    /// When items were last classified by each profile, and how many.
    CLASSIFIED = "select k.profile, k.classified_on, count(*) as items
        from (select g.profile, max(g.classified_on) as classified_on from counting_class as g
            where g.company_id = $1 group by g.profile) as d
        join counting_class as k on k.company_id = $1 and k.profile = d.profile
            and k.classified_on = d.classified_on
        group by k.profile, k.classified_on";

    /// The class that each item has by a profile.
    CLASSES_NOW = "select k.item_id, k.name
        from (select g.item_id, max(g.classified_on) as classified_on from counting_class as g
            where g.company_id = $1 and g.profile = $2 group by g.item_id) as d
        join counting_class as k on k.company_id = $1 and k.profile = $2
            and k.item_id = d.item_id and k.classified_on = d.classified_on";

    /// The classes of items as they hold now, by profile and rank.
    LIST_CLASSES_BY_RANK = concat!(classes_now!(), "
            and (x.profile, x.rank, x.sku)
                > (cast($6 as {text}), cast($7 as {i64}), cast($8 as {text}))
        order by x.profile, x.rank, x.sku limit cast($9 as {i64})");

    /// The classes of items as they hold now, by SKU.
    LIST_CLASSES_BY_SKU = concat!(classes_now!(), "
            and (x.sku, x.rank, x.profile)
                > (cast($6 as {text}), cast($7 as {i64}), cast($8 as {text}))
        order by x.sku, x.rank, x.profile limit cast($9 as {i64})");

    /// Forgets a profile.
    DELETE_PROFILE = "delete from counting_profile where company_id = $1 and name = $2";

    /// Forgets the classes that a profile gave.
    DELETE_CLASSES = "delete from counting_class where company_id = $1 and profile = $2";
}
