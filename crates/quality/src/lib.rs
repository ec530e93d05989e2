//! Returns: goods that customers send back, what becomes of them, and the money that follows; and
//! what suppliers owe for what was wrong with theirs; and what is found of received goods before they
//! are stock.
//!
//! [`authorize_return`](authorize_return()) lets goods come back, [`receive_return`] takes them into
//! quarantine at the cost they left with, [`dispose`](dispose()) decides what becomes of them, and
//! [`decide_refund`](decide_refund()) gives the price back when the policy `refund_on` allows it.
//!
//! Reading order: the words and nouns, the pure decisions, one file per verb, then what readers get.

mod model;
mod rules;
mod words;

mod error;

mod authorize_return;
mod claim;
mod decide_refund;
mod dispose;
mod inspect;
mod inspect_ahead;
mod put_away;
mod receive_return;
mod set_point;

mod ahead;
mod checks;
mod inspections;
mod return_times;
mod supplier_performance;
mod tables;
mod views;

use identity::Permission;

pub use ahead::{AheadFilter, AheadRow, ReadingRow, list_ahead};
pub use authorize_return::{AuthorizeLine, AuthorizeReturn, ReturnAuthorized, authorize_return};
pub use claim::{
    ClaimError, ClaimOpened, ClaimRehearsed, ClaimSettled, OpenClaim, SettleClaim, open_claim,
    rehearse_claim, settle_claim,
};
pub use decide_refund::{
    AllowRefund, AllowanceLine, ApproveRefund, DecideRefund, REFUNDS, RefundDecided, RefundLine,
    allow_refund, approve_refund, decide_refund,
};
pub use dispose::{Dispose, DisposeLine, Disposed, dispose};
pub use error::{RefundError, ReturnError};
pub use inspect::{Inspect, InspectError, InspectLine, Inspected, inspect};
pub use inspect_ahead::{
    AheadError, InspectAhead, InspectedAhead, PassAhead, Reading, inspect_ahead, pass_ahead,
};
pub use inspections::{
    InspectionFilter, InspectionRow, WaitingFilter, WaitingRow, list_inspections, list_waiting,
};
pub use model::GoodsId;
pub use put_away::{PutAwayError, put_away};
pub use receive_return::{
    CloseReturn, ReceiveReturn, ReceiveReturnLine, ReturnClosed, ReturnReceived, close_return,
    receive_return,
};
pub use return_times::{
    ReturnTimeFilter, ReturnTimeLine, ReturnTimeLineFilter, ReturnTimeRow, ReturnTimesBy,
    return_time_lines, return_times,
};
pub use rules::JudgeError;
pub use set_point::{PointError, PointFilter, PointRow, SetPoint, list_points, set_point};
pub use supplier_performance::{
    PerformanceFilter, SuppliedLine, SuppliedLineFilter, SupplierPerformance, supplied_lines,
    supplier_performance,
};
pub use views::{
    ClaimFilter, ClaimRow, DispositionFilter, DispositionRow, ListError, RefundFilter, RefundRow,
    ReturnDetail, ReturnFilter, ReturnLineRow, ReturnRow, ReturnedGoodsFilter, ReturnedGoodsRow,
    customer_return, list_claims, list_dispositions, list_refunds, list_returned_goods,
    list_returns,
};
pub use words::{
    AheadState, ClaimOutcome, ClaimState, Disposition, InspectionResult, RefundState, ReturnReason,
};

/// The kind of the open line of a refund; its id is the refund's.
pub const OPEN_REFUND: &str = model::REFUND;

/// May see returns, refunds and claims.
pub const READ: Permission = Permission("quality.read");
/// May let customers send goods back.
pub const AUTHORIZE: Permission = Permission("quality.authorize");
/// May take returned goods in, and close returns, in a warehouse.
pub const RECEIVE: Permission = Permission("quality.receive");
/// May decide what becomes of returned goods, in a warehouse.
pub const DISPOSE: Permission = Permission("quality.dispose");
/// May decide on received goods that wait in quarantine, in a warehouse.
pub const INSPECT: Permission = Permission("quality.inspect");
/// May let goods in whose inspection failed before they were received, in a warehouse.
pub const PASS: Permission = Permission("quality.pass");
/// May set what is measured, and its limits.
pub const SET_POINT: Permission = Permission("quality.set_point");
/// May give money back, up to an amount.
pub const REFUND: Permission = Permission("quality.refund");
/// May agree to refunds that wait, up to an amount.
pub const APPROVE: Permission = Permission("quality.approve");
/// May claim goods from suppliers.
pub const CLAIM_PERMISSION: Permission = Permission("quality.claim");
/// May end claims.
pub const SETTLE_CLAIM: Permission = Permission("quality.settle_claim");

/// What this crate brings to the database.
pub static SCHEMA: store::Schema = store::Schema {
    name: "quality",
    migrations: store::migrations!(
        "0001_returns.sql",
        "0002_claims.sql",
        "0003_inspections.sql",
        "0004_inspection_ref.sql",
        "0005_points.sql"
    ),
    statements: &tables::ALL,
    checks: checks::CHECKS,
    append_only: &[
        "quality_disposition",
        "quality_refund_line",
        "quality_inspection",
        "quality_reading",
    ],
    below: &[
        &store::SCHEMA,
        &identity::SCHEMA,
        &catalog::SCHEMA,
        &partners::SCHEMA,
        &accounting::SCHEMA,
        &valuation::SCHEMA,
        &stock::SCHEMA,
        &purchasing::SCHEMA,
        &sales::SCHEMA,
    ],
};
