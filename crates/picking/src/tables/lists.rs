//! What readers are told of lists and packages.

use super::*;

/// The warehouses whose lists and packages somebody may see.
pub(crate) struct Scope {
    /// Whether it is all of them.
    pub all: bool,
    /// Else which.
    pub rows: Rows,
}

impl Scope {
    pub(crate) fn new(warehouses: Option<Vec<WarehouseId>>) -> Scope {
        let all = warehouses.is_none();
        Scope { all, rows: Rows::column(warehouses.unwrap_or_default()) }
    }
}

/// A page of lists `page` told with what their lines come to.
macro_rules! list_rows {
    () => {
        "select h.id, h.number, h.kind, h.title, h.state, w.code as warehouse, h.due_on,
            h.picker_id, coalesce(u.display_name, '') as picker, s.orders, s.stops, s.lines,
            s.to_pick, s.missed, s.to_pack, s.to_put_back, h.planned_at, h.revision
        from page as h
        join stock_warehouse as w on w.company_id = h.company_id and w.id = h.warehouse_id
        left join identity_user as u on u.id = h.picker_id
        join sums as s on s.list_id = h.id"
    };
}

macro_rules! list_sums {
    () => {
        concat!(
            ", sums as (select l.list_id, count(distinct l.order_id) as orders,
                count(distinct l.stop) as stops, count(*) as lines,
                sum(case when ",
            to_pick!(),
            " > 0 then 1 else 0 end) as to_pick,
                sum(case when l.missed > 0 then 1 else 0 end) as missed,
                sum(case when l.picked > l.packed + l.put_back then 1 else 0 end) as to_pack,
                sum(",
            "case when ",
            to_put_back!(),
            " > 0 then 1 else 0 end) as to_put_back
            from page as h
            join picking_line as l on l.company_id = h.company_id and l.list_id = h.id",
            reservation!(),
            " group by l.list_id) "
        )
    };
}

/// A package told with what it belongs to, from `picking_package as k`.
macro_rules! package_rows {
    () => {
        "select k.id, k.number, k.state, k.order_id, o.number as order_number, o.external_ref,
            c.code as channel, coalesce(a.code, '') as partner,
            coalesce(a.name, '') as partner_name, o.country, w.code as warehouse, k.carrier,
            k.service, k.tracking, k.weight_grams, k.length_mm, k.width_mm, k.height_mm,
            (select count(*) from picking_package_line as g
                where g.company_id = k.company_id and g.package_id = k.id) as lines,
            k.shipment_id, coalesce(s.number, '') as shipment_number, k.packed_at,
            coalesce(u.display_name, '') as packed_by, k.revision
        from picking_package as k
        join sales_order as o on o.company_id = k.company_id and o.id = k.order_id
        join sales_channel as c on c.company_id = o.company_id and c.id = o.channel_id
        join stock_warehouse as w on w.company_id = k.company_id and w.id = k.warehouse_id
        left join partners_partner as a on a.company_id = o.company_id and a.id = o.partner_id
        left join sales_shipment as s on s.company_id = k.company_id and s.id = k.shipment_id
        left join identity_user as u on u.id = k.user_id"
    };
}

store::statements! {
    /// A page of lists, newest first.
    LIST_PICK_LISTS = concat!("with page as (select h.* from picking_list as h
            join stock_warehouse as w on w.company_id = h.company_id and w.id = h.warehouse_id
            where h.company_id = $1
                and (cast($2 as {i64}) = 1
                    or h.warehouse_id in (select d.id from {rows:d(id)}))
                and (cast($3 as {text}) is null or h.state = cast($3 as {text}))
                and (cast($4 as {i64}) = 0 or h.state in ('open', 'picking', 'picked'))
                and (cast($5 as {text}) is null or h.kind = cast($5 as {text}))
                and (cast($6 as {text}) is null or w.code = cast($6 as {text}))
                and (cast($7 as {i64}) is null or h.picker_id = cast($7 as {i64}))
                and (cast($8 as {i64}) = 0 or h.picker_id = 0)
                and (cast($9 as {i64}) is null or exists (select 1 from picking_line as l
                    where l.company_id = h.company_id and l.list_id = h.id
                        and l.order_id = cast($9 as {i64})))
                and (cast($10 as {text}) is null or h.number = cast($10 as {text}))
                and (cast($11 as {text}) is null or h.due_on <= cast($11 as {text}))
                and (h.planned_at < cast($12 as {i64}) or (h.planned_at = cast($12 as {i64})
                    and h.id < cast($13 as {i64})))
            order by h.planned_at desc, h.id desc limit cast($14 as {i64}))",
        list_sums!(), list_rows!(), " order by h.planned_at desc, h.id desc");

    /// One list.
    ONE_PICK_LIST = concat!("with page as (select h.* from picking_list as h
            where h.company_id = $1
                and (cast($2 as {i64}) = 1
                    or h.warehouse_id in (select d.id from {rows:d(id)}))
                and h.id = $3)", list_sums!(), list_rows!());

    /// A page of lines, in the order in which they are walked.
    LIST_PICK_LINES = concat!("select l.id, l.list_id, h.number, l.stop, l.line, p.path as place,
            l.item_id, i.sku, i.name, n.code as unit, coalesce(t.code, '') as lot,
            coalesce(t.expires_on, '') as expires_on, l.order_id, o.number as order_number,
            l.order_line, l.wanted, ", to_pick!(), " as to_pick, l.picked, l.missed, l.voided,
            l.packed, l.shipped, l.put_back, ", to_put_back!(), " as to_put_back
        from picking_line as l
        join picking_list as h on h.company_id = l.company_id and h.id = l.list_id
        join stock_place as p on p.company_id = l.company_id and p.id = l.place_id
        join catalog_item as i on i.company_id = l.company_id and i.id = l.item_id
        join catalog_unit as n on n.company_id = i.company_id and n.id = i.stock_unit_id
        left join stock_lot as t on t.company_id = l.company_id and t.id = l.lot_id
        join sales_order as o on o.company_id = l.company_id and o.id = l.order_id",
        reservation!(), " where l.company_id = $1
            and (cast($2 as {i64}) = 1 or h.warehouse_id in (select d.id from {rows:d(id)}))
            and (cast($3 as {i64}) is null or l.list_id = cast($3 as {i64}))
            and (cast($4 as {i64}) is null or l.order_id = cast($4 as {i64}))
            and (cast($5 as {text}) is null or i.sku = cast($5 as {text}))
            and (cast($6 as {text}) is null or p.path = cast($6 as {text}))
            and (cast($7 as {i64}) = 0 or ", to_pick!(), " > 0)
            and (cast($8 as {i64}) = 0 or ", to_put_back!(), " > 0)
            and (cast($9 as {i64}) = 0 or l.missed > 0)
            and (l.list_id < cast($10 as {i64}) or (l.list_id = cast($10 as {i64})
                and (l.stop > cast($11 as {i64}) or (l.stop = cast($11 as {i64})
                    and l.line > cast($12 as {i64})))))
        order by l.list_id desc, l.stop, l.line limit cast($13 as {i64})");

    /// A page of packages, newest first.
    LIST_PACKAGES = concat!(package_rows!(), " where k.company_id = $1
            and (cast($2 as {i64}) = 1 or k.warehouse_id in (select d.id from {rows:d(id)}))
            and (cast($3 as {text}) is null or k.state = cast($3 as {text}))
            and (cast($4 as {text}) is null or k.carrier = cast($4 as {text}))
            and (cast($5 as {text}) is null or w.code = cast($5 as {text}))
            and (cast($6 as {i64}) is null or k.order_id = cast($6 as {i64}))
            and (cast($7 as {i64}) is null or k.shipment_id = cast($7 as {i64}))
            and (cast($8 as {text}) is null or k.number = cast($8 as {text}))
            and (cast($9 as {text}) is null or k.tracking = cast($9 as {text}))
            and (cast($10 as {i64}) = 0
                or (k.tracking = '' and k.state in ('ready', 'shipped')))
            and (k.packed_at < cast($11 as {i64}) or (k.packed_at = cast($11 as {i64})
                and k.id < cast($12 as {i64})))
        order by k.packed_at desc, k.id desc limit cast($13 as {i64})");

    /// One package.
    ONE_PACKAGE = concat!(package_rows!(), " where k.company_id = $1
            and (cast($2 as {i64}) = 1 or k.warehouse_id in (select d.id from {rows:d(id)}))
            and k.id = $3");

    /// What is in a package.
    PACKAGE_LINES = "select g.line, l.order_line, i.sku, i.name, n.code as unit,
            coalesce(t.code, '') as lot, g.quantity, h.number as list_number, p.path as place
        from picking_package_line as g
        join picking_line as l on l.company_id = g.company_id and l.id = g.pick_line_id
        join picking_list as h on h.company_id = l.company_id and h.id = l.list_id
        join catalog_item as i on i.company_id = l.company_id and i.id = l.item_id
        join catalog_unit as n on n.company_id = i.company_id and n.id = i.stock_unit_id
        join stock_place as p on p.company_id = l.company_id and p.id = l.place_id
        left join stock_lot as t on t.company_id = l.company_id and t.id = l.lot_id
        where g.company_id = $1 and g.package_id = $2 order by g.line";

    /// Closed packages with where they go, by number.
    CARRIER_FILE = "select k.number, o.number as order_number, o.external_ref,
            coalesce(nullif(e.name, ''), a.name, '') as name, coalesce(e.street, '') as street,
            coalesce(e.city, '') as city, coalesce(e.region, '') as region,
            coalesce(e.postcode, '') as postcode, coalesce(e.country, o.country) as country,
            coalesce(a.email, '') as email, k.carrier, k.service, k.tracking, k.weight_grams,
            k.length_mm, k.width_mm, k.height_mm
        from picking_package as k
        join sales_order as o on o.company_id = k.company_id and o.id = k.order_id
        join stock_warehouse as w on w.company_id = k.company_id and w.id = k.warehouse_id
        left join partners_partner as a on a.company_id = o.company_id and a.id = o.partner_id
        left join partners_address as e on e.company_id = a.company_id and e.partner_id = a.id
            and e.number = (select min(x.number) from partners_address as x
                where x.company_id = a.company_id and x.partner_id = a.id
                    and x.kind = 'delivery')
        where k.company_id = $1 and k.state = 'ready'
            and (cast($2 as {i64}) = 1 or k.warehouse_id in (select d.id from {rows:d(id)}))
            and (cast($3 as {text}) is null or k.carrier = cast($3 as {text}))
            and (cast($4 as {text}) is null or w.code = cast($4 as {text}))
            and (cast($5 as {i64}) = 1 or k.tracking = '')
            and k.number > cast($6 as {text})
        order by k.number limit cast($7 as {i64})";
}
