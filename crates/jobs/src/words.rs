//! The fixed words about jobs.

store::words! {
    /// A job that every company has.
    Job: "check_books, classify_items, escalate_approvals, forget_request_keys, plan_counts, remind_suppliers, run_replenishment" {
        /// The books are asked whether they are sound.
        CheckBooks = "check_books",
        /// Items are classified by the value that left.
        ClassifyItems = "classify_items",
        /// Approvals that waited too long go up.
        EscalateApprovals = "escalate_approvals",
        /// Old keys of requests are forgotten, with the answers that were kept for a repeat.
        ForgetRequestKeys = "forget_request_keys",
        /// What is due to be counted is put on sheets.
        PlanCounts = "plan_counts",
        /// Suppliers are reminded of orders that they did not acknowledge.
        RemindSuppliers = "remind_suppliers",
        /// What is short is proposed to be ordered.
        RunReplenishment = "run_replenishment",
    }
    /// How a job stands.
    JobState: "active, paused, failed" {
        /// It runs when it is due.
        Active = "active",
        /// It runs only when somebody asks.
        Paused = "paused",
        /// It failed several times in a row. It goes on by its schedule, and is active again once a run
        /// is done.
        Failed = "failed",
    }
    /// When a job is due.
    Schedule: "daily, every" {
        /// At a time of the company's day.
        Daily = "daily",
        /// Every so many minutes.
        Every = "every",
    }
    /// What became of a run.
    RunOutcome: "running, done, failed, lost" {
        /// It has not ended.
        Running = "running",
        /// It did what it had to.
        Done = "done",
        /// It did not, and says why.
        Failed = "failed",
        /// The server that ran it stopped, or it took too long.
        Lost = "lost",
    }
}

impl Job {
    /// Every job.
    pub const ALL: [Job; 7] = [
        Job::CheckBooks,
        Job::ClassifyItems,
        Job::EscalateApprovals,
        Job::ForgetRequestKeys,
        Job::PlanCounts,
        Job::RemindSuppliers,
        Job::RunReplenishment,
    ];
}
