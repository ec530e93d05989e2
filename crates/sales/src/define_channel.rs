//! `define_channel`: where orders come from, and on which terms.

use crate::model::ChannelId;
use crate::words::{Prices, ReserveAt, RevenueAt, WhenShort};
use crate::{CONFIGURE, READ, tables};
use base::{Id, Problem, ProblemKind, Rule, TextError, WarehouseId, check_code, check_text};
use identity::{Ctx, Denied, ListError};
use serde::{Deserialize, Serialize};
use store::{StoreError, Tx};
use utoipa::ToSchema;

/// A request to define a channel, or to change one. Orders accepted before keep their terms.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DefineChannel {
    /// Its code, unique in the company: `WEB`.
    pub code: String,
    /// Its name.
    pub name: String,
    /// The code of the warehouse that it sells from.
    pub warehouse: String,
    /// What becomes of an order for more than is there; the company's policy when absent.
    pub when_short: Option<WhenShort>,
    /// When goods are reserved; the company's policy when absent.
    pub reserve_at: Option<ReserveAt>,
    /// Whether customers pay before the shipment.
    pub prepaid: bool,
    /// Whether its prices are without or with tax.
    pub prices: Prices,
    /// When a sale is income. Without prepayment it is at the invoice, as only that can be owed.
    pub revenue_at: RevenueAt,
    /// How many days after its date an invoice is due.
    pub terms_days: i64,
    /// The tax code of lines that name none and whose item has none.
    pub tax_code: Option<String>,
    /// Whether it takes orders; yes when absent.
    pub active: Option<bool>,
    /// The revision of the channel that was looked at, 0 when there was none of this code: it is
    /// refused when somebody else has defined or changed it since. Not looked at when absent.
    pub revision: Option<i64>,
}

/// A channel.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Channel {
    /// Its id.
    pub channel_id: String,
    /// Its code.
    pub code: String,
    /// Its name.
    pub name: String,
    /// The warehouse that it sells from.
    pub warehouse_id: WarehouseId,
    /// The warehouse's code.
    pub warehouse: String,
    /// What becomes of an order for more than is there.
    pub when_short: WhenShort,
    /// When goods are reserved.
    pub reserve_at: ReserveAt,
    /// Whether customers pay before the shipment.
    pub prepaid: bool,
    /// Whether its prices are without or with tax.
    pub prices: Prices,
    /// When a sale is income.
    pub revenue_at: RevenueAt,
    /// How many days after its date an invoice is due.
    pub terms_days: i64,
    /// The tax code of lines that name none and whose item has none; empty for none.
    pub tax_code: String,
    /// Whether it takes orders.
    pub active: bool,
    /// Raised with every change.
    pub revision: i64,
}

/// Why a channel was not defined, in order of precedence.
#[derive(thiserror::Error, Debug, PartialEq)]
pub enum ChannelError {
    /// No permission.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// A code or name that cannot be used.
    #[error(transparent)]
    Text(#[from] TextError),
    /// A term below zero.
    #[error("an invoice cannot be due {days} days after its date; give 0 to 3650 days")]
    TermsOutOfRange {
        /// What was asked.
        days: i64,
    },
    /// Without prepayment, income at the shipment would be owed on no document.
    #[error(
        "a channel without prepayment takes its revenue at the invoice, as nothing else can be \
         owed; set revenue_at to invoice"
    )]
    TermsNeedInvoice,
    /// No such warehouse.
    #[error("there is no warehouse {code:?}; create it first")]
    UnknownWarehouse {
        /// What was asked.
        code: String,
    },
    /// Somebody else changed it.
    #[error(
        "channel {code:?} is at revision {is}, not at {asked}; look at it again, or choose another \
         code"
    )]
    Changed {
        /// The channel's code.
        code: String,
        /// The revision that was looked at.
        asked: i64,
        /// The one that it has; 0 when there is none.
        is: i64,
    },
    /// No such tax code.
    #[error(transparent)]
    Tax(#[from] accounting::TaxError),
    /// The store's own error.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Rule for ChannelError {
    fn problem(&self) -> Problem {
        let detail = self.to_string();
        match self {
            ChannelError::Denied(error) => error.problem(),
            ChannelError::Text(error) => error.problem(),
            ChannelError::TermsOutOfRange { .. } => {
                Problem::invalid("terms_out_of_range", detail).with_field("terms_days")
            }
            ChannelError::TermsNeedInvoice => {
                Problem::refused("terms_need_invoice", detail).with_field("revenue_at")
            }
            ChannelError::UnknownWarehouse { .. } => {
                Problem::refused("unknown_warehouse", detail).with_field("warehouse")
            }
            ChannelError::Changed { .. } => {
                Problem::new(ProblemKind::Conflict, "channel_changed", detail)
                    .with_field("revision")
            }
            ChannelError::Tax(error) => error.problem(),
            ChannelError::Store(error) => error.problem(),
        }
    }
}

/// Defines a channel or changes the one of this code.
///
/// # Errors
/// The first broken rule in the order of [`ChannelError`].
pub fn define_channel(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    request: DefineChannel,
) -> Result<Channel, ChannelError> {
    ctx.require(CONFIGURE)?;
    check_code("code", &request.code)?;
    check_text("name", &request.name, 200)?;
    let tax_code = request.tax_code.unwrap_or_default();
    if !(0..=3650).contains(&request.terms_days) {
        return Err(ChannelError::TermsOutOfRange { days: request.terms_days });
    }
    if !request.prepaid && request.revenue_at == RevenueAt::Shipment {
        return Err(ChannelError::TermsNeedInvoice);
    }
    let Some(warehouse) = stock::warehouse_by_code(tx, ctx.company_id, &request.warehouse)? else {
        return Err(ChannelError::UnknownWarehouse { code: request.warehouse });
    };
    let found = tables::channel_by_code(tx, ctx.company_id, &request.code)?;
    let is = found.map_or(0, |(_, revision)| revision);
    if let Some(asked) = request.revision.filter(|asked| *asked != is) {
        return Err(ChannelError::Changed { code: request.code, asked, is });
    }
    if !tax_code.is_empty() {
        let codes = [tax_code.as_str()];
        accounting::find_tax_codes_by_code(tx, ctx.company_id, &codes, ctx.today)?;
    }
    let policies = identity::policies(tx, ctx.company_id)?;
    let (short, reserve) = (policies.text("when_short"), policies.text("reserve_at"));
    let short = short.parse().unwrap_or(WhenShort::Refuse);
    let reserve = reserve.parse().unwrap_or(ReserveAt::Accept);
    let id = match found {
        Some((id, _)) => id,
        None => tx.id::<ChannelId>()?,
    };
    let channel = Channel {
        channel_id: id.raw().to_string(),
        code: request.code,
        name: request.name,
        warehouse_id: warehouse.warehouse_id,
        warehouse: warehouse.code,
        when_short: request.when_short.unwrap_or(short),
        reserve_at: request.reserve_at.unwrap_or(reserve),
        prepaid: request.prepaid,
        prices: request.prices,
        revenue_at: request.revenue_at,
        terms_days: request.terms_days,
        tax_code,
        active: request.active.unwrap_or(true),
        revision: is + 1,
    };
    tables::write_channel(tx, ctx.company_id, id, &channel, found.is_some())?;
    ctx.audit(tx, CONFIGURE, "sales_channel", id.raw(), serde_json::json!(channel));
    Ok(channel)
}

/// Every channel by code.
///
/// # Errors
/// Without [`READ`], or the store's own.
pub fn channels(tx: &mut Tx<'_>, ctx: &Ctx) -> Result<Vec<Channel>, ListError> {
    ctx.require(READ)?;
    Ok(tables::all_channels(tx, ctx.company_id)?)
}
