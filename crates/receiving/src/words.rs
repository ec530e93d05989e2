//! The fixed words of receiving, the same in the database, in JSON and in messages.

store::words! {
    /// Where a blind receipt stands.
    BlindState: "open, booked, cancelled" {
        /// Goods are scanned.
        Open = "open",
        /// What was counted is received, or waits as unknown goods.
        Booked = "booked",
        /// Given up: nothing of it was booked.
        Cancelled = "cancelled",
    }
}

store::words! {
    /// How counted goods fit what was ordered.
    Fit: "accepted, within_tolerance, confirmed_over, over, not_ordered, held, item_unknown" {
        /// They were due.
        Accepted = "accepted",
        /// More than was due, within the receipt tolerance.
        WithinTolerance = "within_tolerance",
        /// More than the tolerance lets in; somebody confirmed them.
        ConfirmedOver = "confirmed_over",
        /// More than the tolerance lets in.
        Over = "over",
        /// No open order to the supplier brings the item here.
        NotOrdered = "not_ordered",
        /// What is due of the item is held back.
        Held = "held",
        /// Nobody knows what item they are.
        ItemUnknown = "item_unknown",
    }
}

impl Fit {
    /// Why goods of this fit wait as unknown goods; nothing for those that are received.
    #[must_use]
    pub const fn waits(self) -> Option<Why> {
        match self {
            Fit::Accepted | Fit::WithinTolerance | Fit::ConfirmedOver => None,
            Fit::Over => Some(Why::Over),
            Fit::NotOrdered => Some(Why::NotOrdered),
            Fit::Held => Some(Why::Held),
            Fit::ItemUnknown => Some(Why::ItemUnknown),
        }
    }
}

store::words! {
    /// Why goods are unknown goods.
    Why: "item_unknown, not_ordered, over, held, found" {
        /// Nobody knew what item they are.
        ItemUnknown = "item_unknown",
        /// No open order brought the item.
        NotOrdered = "not_ordered",
        /// More came than the tolerance lets in.
        Over = "over",
        /// What was due of the item was held back.
        Held = "held",
        /// Somebody found them at the dock, without papers.
        Found = "found",
    }
}

store::words! {
    /// Whether something of unknown goods still waits.
    UnknownState: "waiting, ended" {
        /// Somebody has to say what becomes of them.
        Waiting = "waiting",
        /// All of them ended.
        Ended = "ended",
    }
}

store::words! {
    /// How unknown goods end.
    End: "received, kept, returned, disposed" {
        /// Received for a line of an order, at its price.
        Received = "received",
        /// Taken into stock without an order, as goods found.
        Kept = "kept",
        /// Given back to whoever brought them.
        Returned = "returned",
        /// Thrown away, given away or handed to an authority.
        Disposed = "disposed",
    }
}

store::words! {
    /// How unknown goods leave without ever being ours.
    Leaving: "returned, disposed" {
        /// Given back to whoever brought them.
        Returned = "returned",
        /// Thrown away, given away or handed to an authority.
        Disposed = "disposed",
    }
}

impl Leaving {
    /// The end that it is.
    pub(crate) const fn end(self) -> End {
        match self {
            Leaving::Returned => End::Returned,
            Leaving::Disposed => End::Disposed,
        }
    }
}
