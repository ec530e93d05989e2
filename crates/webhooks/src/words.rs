//! The fixed words about webhooks.

store::words! {
    /// How a webhook stands.
    WebhookState: "active, paused, retired" {
        /// Facts are delivered to it.
        Active = "active",
        /// What it wants is queued and waits; pings alone are delivered.
        Paused = "paused",
        /// Nothing is queued for it any more.
        Retired = "retired",
    }
    /// How far a delivery is.
    DeliveryState: "waiting, delivered, dead" {
        /// It is tried as soon as it is due and everything earlier of its subject has ended.
        Waiting = "waiting",
        /// The webhook answered 2xx.
        Delivered = "delivered",
        /// It was given up; it can be replayed.
        Dead = "dead",
    }
    /// What became of an attempt.
    AttemptOutcome: "delivered, failed, lost" {
        /// The webhook answered 2xx.
        Delivered = "delivered",
        /// It answered something else, or could not be reached.
        Failed = "failed",
        /// The server that made it stopped before it noted the end: it may have arrived.
        Lost = "lost",
    }
}
