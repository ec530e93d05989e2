//! The fixed words about mails.

store::words! {
    /// What a mail is for.
    Purpose: "order, reminder" {
        /// It carries an order.
        Order = "order",
        /// It reminds of one that was not acknowledged.
        Reminder = "reminder",
    }
    /// How far a mail is.
    MailState: "queued, sent, failed" {
        /// It waits to be delivered, perhaps again.
        Queued = "queued",
        /// The relay took it.
        Sent = "sent",
        /// It was given up; somebody looks why, and has it tried again.
        Failed = "failed",
    }
}
