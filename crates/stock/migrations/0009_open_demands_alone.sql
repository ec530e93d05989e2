-- Whoever looks for an item's demands looks for the open ones. Beside their index, one over all that
-- an item ever had is only in the way: it is no shorter, and where it was taken by mistake each
-- look-up read years of demands that want nothing any more.
drop index stock_demand_item;
