//! Reports, each with the lines behind it.

use crate::route::{Routes, whole};
use base::Day;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Which month.
#[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
struct TaxMonth {
    /// A day of the month; of this month when absent.
    month: Option<Day>,
}

pub(super) fn add(routes: Routes) -> Routes {
    buying(selling(goods(books(routes))))
}

fn books(routes: Routes) -> Routes {
    let routes = routes.list(
        "/reports/segregation-of-duties",
        identity::READ,
        "Show whose rights join duties of two people, and who did both",
        reconcile::segregation_of_duties,
    );
    routes.list(
        "/reports/tax",
        accounting::VIEW,
        "Show a month's tax by account and code",
        |tx, ctx, filter: TaxMonth| {
            let month = filter.month.unwrap_or(ctx.today);
            accounting::tax_report(tx, ctx, month).map(|report| whole(report.rows))
        },
    )
}

fn goods(routes: Routes) -> Routes {
    routes
        .list(
            "/reports/stock-card",
            stock::READ,
            "Show an item's stock card: opening balance, moves, closing balance",
            reconcile::stock_card,
        )
        .list(
            "/reports/stock-aging",
            stock::READ,
            "Show how old stock is, by item, warehouse and class",
            reconcile::stock_aging,
        )
        .list(
            "/reports/stock-aging/lines",
            stock::READ,
            "List what is on hand by the goods that came together",
            reconcile::aged_rows,
        )
        .list(
            "/reports/stock-ledger",
            accounting::VIEW,
            "Show stock's value beside the balance of its accounts, by account or warehouse",
            reconcile::stock_ledger,
        )
        .list(
            "/reports/stock-ledger/days",
            accounting::VIEW,
            "List the days that changed stock accounts, with value and balance after each",
            reconcile::stock_ledger_days,
        )
        .list(
            "/reports/stock-ledger/lines",
            valuation::READ,
            "List what items were worth at the end of a day, by warehouse and class",
            reconcile::stock_ledger_lines,
        )
        .list(
            "/reports/turnover",
            valuation::READ,
            "Show turnover, days of cover and dead stock, by item or category",
            valuation::turnover,
        )
        .list(
            "/reports/adjustments",
            stock::READ,
            "Show how often stock was adjusted, by item, place, reason or user",
            stock::adjusted,
        )
        .list(
            "/reports/adjustments/lines",
            stock::READ,
            "List booked differences",
            stock::adjusted_lines,
        )
}

fn selling(routes: Routes) -> Routes {
    routes
        .list(
            "/reports/fill-rate",
            sales::READ,
            "Show how much was shipped on the order's day, by channel or month",
            sales::fill_rate,
        )
        .list(
            "/reports/fill-rate/lines",
            sales::READ,
            "List lines with what was shipped on the order's day",
            sales::fill_lines,
        )
        .list(
            "/reports/order-ages",
            sales::READ,
            "Show what customers wait for, by channel and age",
            sales::order_ages,
        )
        .list(
            "/reports/order-ages/lines",
            sales::READ,
            "List what customers wait for, the oldest first",
            sales::open_demands,
        )
        .list(
            "/reports/return-times",
            quality::READ,
            "Show how long returns wait for decision and refund",
            quality::return_times,
        )
        .list(
            "/reports/return-times/lines",
            quality::READ,
            "List returned goods with the days of decision and refund",
            quality::return_time_lines,
        )
}

fn buying(routes: Routes) -> Routes {
    routes
        .list(
            "/reports/open-purchase-lines",
            purchasing::READ,
            "List what is due of orders, with every promise",
            purchasing::open_lines,
        )
        .list(
            "/reports/purchase-cycle",
            purchasing::READ,
            "Show how long orders take from stage to stage",
            reconcile::purchase_cycle,
        )
        .list(
            "/reports/purchase-cycle/lines",
            purchasing::READ,
            "List orders with the day of each stage",
            reconcile::cycle_orders,
        )
        .list(
            "/reports/supplier-performance",
            purchasing::READ,
            "Show how well suppliers deliver",
            quality::supplier_performance,
        )
        .list(
            "/reports/supplier-performance/lines",
            purchasing::READ,
            "List lines of orders with what became of them",
            quality::supplied_lines,
        )
}
