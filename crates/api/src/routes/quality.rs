//! Returns of customers, refunds and claims on suppliers.

use crate::route::Routes;
use quality::{
    APPROVE, AUTHORIZE, CLAIM_PERMISSION, DISPOSE, INSPECT, PASS, READ, RECEIVE, REFUND, SET_POINT,
    SETTLE_CLAIM,
};
use sales::READ as READ_SALES;

pub(super) fn add(routes: Routes) -> Routes {
    routes
        .verb("/returns", AUTHORIZE, "Let a customer send goods back", quality::authorize_return)
        .list("/returns", READ, "List returns", quality::list_returns)
        .detail("/returns/{id}", READ, "Show a return", quality::customer_return)
        .verb("/returns/receive", RECEIVE, "Take returned goods in", quality::receive_return)
        .verb("/returns/close", RECEIVE, "Expect nothing more", quality::close_return)
        .list("/returned-goods", READ, "List goods that came back", quality::list_returned_goods)
        .verb("/dispositions", DISPOSE, "Decide on returned goods", quality::dispose)
        .list(
            "/dispositions",
            READ,
            "List what became of returned goods, with how long it took",
            quality::list_dispositions,
        )
        .verb("/refund-decisions", REFUND, "Refund returned goods", quality::decide_refund)
        .list("/refund-decisions", READ, "List refunds", quality::list_refunds)
        .verb("/refund-decisions/allow", REFUND, "Refund without goods", quality::allow_refund)
        .verb("/refund-decisions/approve", APPROVE, "Decide on a refund", quality::approve_refund)
        .list("/credit-notes", READ_SALES, "List credit notes", sales::list_credit_notes)
        .verb("/inspections", INSPECT, "Decide on goods in quarantine", quality::inspect)
        .list("/inspections", READ, "List inspections, newest first", quality::list_inspections)
        .list(
            "/goods-to-inspect",
            READ,
            "List goods that wait for an inspection, oldest first",
            quality::list_waiting,
        )
        .verb("/inspection-points", SET_POINT, "Set what is measured", quality::set_point)
        .list("/inspection-points", READ, "List what is measured", quality::list_points)
        .verb(
            "/inspections-ahead",
            INSPECT,
            "Judge goods before they are received",
            quality::inspect_ahead,
        )
        .list(
            "/inspections-ahead",
            READ,
            "List inspections before the receipt, newest first",
            quality::list_ahead,
        )
        .verb(
            "/inspections-ahead/pass",
            PASS,
            "Let goods in whose inspection failed",
            quality::pass_ahead,
        )
        .rehearsed_verb(
            ("/claims", "/claims/rehearse"),
            CLAIM_PERMISSION,
            ("Claim goods from a supplier", "Tell what a claim would do"),
            quality::open_claim,
            quality::rehearse_claim,
        )
        .list("/claims", READ, "List claims on suppliers", quality::list_claims)
        .verb("/claims/settle", SETTLE_CLAIM, "End a claim", quality::settle_claim)
}
