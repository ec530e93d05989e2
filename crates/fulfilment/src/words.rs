//! The fixed words of fulfilment, the same in the database, in JSON and in files.

store::words! {
    /// From where an order is filled.
    RouteChoice: "reserved, here, elsewhere, split, waits" {
        /// Everything that it wants is kept for it; nothing changes.
        Reserved = "reserved",
        /// What it lacks is free where it is wanted.
        Here = "here",
        /// One other warehouse fills all of it.
        Elsewhere = "elsewhere",
        /// Several warehouses fill it, each a part.
        Split = "split",
        /// It waits where it is.
        Waits = "waits",
    }

    /// Why something of an order waits.
    WaitReason: "not_ranked, split_not_allowed, short" {
        /// Its channel has no ranked warehouses.
        NotRanked = "not_ranked",
        /// Several warehouses could fill it, but its channel does not split orders.
        SplitNotAllowed = "split_not_allowed",
        /// All ranked warehouses together have too little.
        Short = "short",
    }
}
