//! The fixed words about partners, the same in the database, in JSON and in files.

store::words! {
    /// What a customer is in the eyes of tax and of consumer law.
    CustomerKind: "consumer, business" {
        /// A person who buys for themselves.
        Consumer = "consumer",
        /// A company.
        Business = "business",
    }
}

store::words! {
    /// What an address is for.
    AddressKind: "billing, delivery, returns" {
        /// Invoices go there.
        Billing = "billing",
        /// Goods go there.
        Delivery = "delivery",
        /// Goods that come back go there.
        Returns = "returns",
    }
}

store::words! {
    /// What became of other bank details.
    BankChangeState: "waiting, in_force, refused, replaced" {
        /// A second person has to confirm them; the old ones hold.
        Waiting = "waiting",
        /// They hold.
        InForce = "in_force",
        /// They were not confirmed, or withdrawn.
        Refused = "refused",
        /// Others were asked for before anybody decided.
        Replaced = "replaced",
    }
}
