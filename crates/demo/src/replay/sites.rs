//! The warehouses: the one that the company begins with, and from April a second one, with a shelf of
//! its own that differs from the books.

use base::{Day, ItemId, WarehouseId};
use fulfilment::RankWarehouses;
use stock::{CreateWarehouse, DefineReason, TransferLeadTime, Warehouse};
use store::Tx;

use crate::hidden::Hidden;
use crate::read::ItemIndex;
use crate::seed::Draw;

use super::found::{SHELF, WAREHOUSE, WEB, WHOLESALE, web_shop};
use super::{DemoError, Replay, clock, refused};

/// The second warehouse.
pub(super) const NORTH: &str = "NORTH";
/// The place where its goods lie.
const NORTH_SHELF: &str = "NORTH/Stock";
/// The reason of goods that left one warehouse and were never seen at the other.
pub(super) const LOST: &str = "lost_in_transit";
/// Days from one warehouse to the other.
pub(super) const WAY_DAYS: i64 = 2;
/// How many warehouses there are in the end.
pub(super) const SITES: usize = 2;

/// A warehouse by its position: in the order in which they were opened.
pub(super) type SiteIndex = usize;
/// Where the company begins.
pub(super) const FIRST: SiteIndex = 0;
/// The second one.
pub(super) const SECOND: SiteIndex = 1;

/// A warehouse as its people name it.
#[derive(Debug, Clone)]
pub(super) struct House {
    pub code: &'static str,
    /// The path of its stock.
    pub shelf: &'static str,
    pub warehouse: Warehouse,
}

impl House {
    pub fn id(&self) -> WarehouseId {
        self.warehouse.warehouse_id
    }
}

/// A warehouse, and what really lies in it.
#[derive(Debug)]
pub(super) struct Site {
    pub house: House,
    pub hidden: Hidden,
}

impl Site {
    /// The warehouse that the company begins with.
    pub fn first(warehouse: &Warehouse, hidden: Hidden) -> Site {
        let warehouse = warehouse.clone();
        Site { house: House { code: WAREHOUSE, shelf: SHELF, warehouse }, hidden }
    }
}

impl Replay<'_> {
    /// The warehouses there are by now.
    pub(super) fn houses(&self) -> Vec<House> {
        self.sites.iter().map(|site| site.house.clone()).collect()
    }

    /// The second warehouse opens, empty. Wholesale orders leave one warehouse whole; an order of the
    /// web shop may come in parcels of both.
    pub(super) fn open_north(&mut self, day: Day) -> Result<(), DemoError> {
        let lee = self.at(&self.frame.lee, day, clock(4, 0))?;
        let warehouse = self.write(move |tx| {
            let request =
                CreateWarehouse { code: NORTH.to_owned(), name: "North warehouse".to_owned() };
            let north = stock::create_warehouse(tx, &lee, request).map_err(refused("warehouse"))?;
            for (from, to) in [(WAREHOUSE, NORTH), (NORTH, WAREHOUSE)] {
                let (from, to) = (from.to_owned(), to.to_owned());
                let request = TransferLeadTime { from, to, days: WAY_DAYS };
                stock::set_lead_time(tx, &lee, request).map_err(refused("lead time"))?;
            }
            let reason = DefineReason {
                code: LOST.to_owned(),
                name: "Lost between warehouses".to_owned(),
                role: accounting::Role::Scrap,
                active: true,
                line_limit: None,
                sheet_limit: None,
                evidence_limit: None,
                must_explain: false,
                due_days: None,
                owner: None,
            };
            stock::define_reason(tx, &lee, reason).map_err(refused("reason"))?;
            rank(tx, &lee, WHOLESALE, [WAREHOUSE, NORTH], false)?;
            rank(tx, &lee, WEB, [NORTH, WAREHOUSE], true)?;
            Ok(north)
        })?;
        let goods: Vec<(ItemIndex, &str)> = self
            .world
            .offers
            .iter()
            .map(|offer| (offer.item, self.world.item(offer.item).code.as_str()))
            .collect();
        let seed = Draw::of(self.world.seed, &["shelf", NORTH]).bits();
        let house = House { code: NORTH, shelf: NORTH_SHELF, warehouse };
        self.sites.push(Site { house, hidden: Hidden::empty(seed, &goods) });
        Ok(())
    }

    /// The web shop sells from the second warehouse once goods lie there.
    pub(super) fn sell_from_north(&mut self, day: Day) -> Result<(), DemoError> {
        let lee = self.at(&self.frame.lee, day, clock(5, 46))?;
        self.write(move |tx| {
            sales::define_channel(tx, &lee, web_shop(NORTH)).map_err(refused("channel"))?;
            Ok(())
        })?;
        self.selling.web_home = SECOND;
        Ok(())
    }

    /// The items at positions of the data.
    pub(super) fn item_ids(&self, items: &[ItemIndex]) -> Vec<ItemId> {
        items.iter().map(|item| self.frame.items[item.0]).collect()
    }
}

fn rank(
    tx: &mut Tx<'_>,
    lee: &identity::Ctx,
    channel: &str,
    warehouses: [&str; SITES],
    split: bool,
) -> Result<(), DemoError> {
    let warehouses = warehouses.map(str::to_owned).to_vec();
    let request = RankWarehouses { channel: channel.to_owned(), warehouses, split };
    fulfilment::rank_warehouses(tx, lee, request).map_err(refused("rank warehouses"))?;
    Ok(())
}
