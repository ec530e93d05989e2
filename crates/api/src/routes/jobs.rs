//! Work that comes again.

use crate::route::Routes;
use jobs::{EDIT, READ, RUN};

pub(super) fn add(routes: Routes) -> Routes {
    routes
        .list("/jobs", READ, "List jobs with their latest run", jobs::list_jobs)
        .list("/job-runs", READ, "List runs of jobs, the latest first", jobs::list_runs)
        .verb("/jobs/run", RUN, "Run a job now", jobs::run_job)
        .verb("/jobs/pause", EDIT, "Pause a job", jobs::pause_job)
        .verb("/jobs/resume", EDIT, "Resume a job", jobs::resume_job)
        .verb("/jobs/schedule", EDIT, "Set when a job runs", jobs::schedule_job)
}
