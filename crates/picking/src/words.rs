//! The fixed words of picking, the same in the database, in JSON and in files.

store::words! {
    /// For what a pick list is walked.
    PickKind: "order, batch, wave" {
        /// For one order.
        Order = "order",
        /// For several orders, as many as fit on a trolley.
        Batch = "batch",
        /// For all orders of a channel that are promised for one day.
        Wave = "wave",
    }

    /// How far a pick list has come.
    PickState: "open, picking, picked, closed, cancelled" {
        /// Nothing was taken yet.
        Open = "open",
        /// Something was taken, or looked for, and something is still to be taken.
        Picking = "picking",
        /// Nothing is to be taken any more; what was taken is to be packed, shipped or put back.
        Picked = "picked",
        /// What was taken has left.
        Closed = "closed",
        /// It ended without anything of it having left.
        Cancelled = "cancelled",
    }

    /// Where a package stands.
    PackageState: "open, ready, shipped, unpacked" {
        /// More may go into it.
        Open = "open",
        /// It is closed and waits for its carrier.
        Ready = "ready",
        /// It has left.
        Shipped = "shipped",
        /// It was opened again; its goods are to be packed anew or put back.
        Unpacked = "unpacked",
    }

    /// What becomes of goods that were not found.
    IfMissing: "relocate, back_order" {
        /// They are kept elsewhere in the warehouse, as far as there are free ones, and taken there; the
        /// rest is a back-order.
        Relocate = "relocate",
        /// The order lacks them from now on.
        BackOrder = "back_order",
    }
}
