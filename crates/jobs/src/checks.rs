//! What must hold about jobs, told apart from the code that keeps it so.

store::checks! {
    A_LEASE_IS_A_RUN = "jobs: a job is leased while its latest run is under way, and no other run is",
        "select j.name, j.token, j.leased_until from jobs_job as j
         where j.company_id = $1
             and (select count(*) from jobs_run as r
                 where r.company_id = j.company_id and r.name = j.name and r.outcome = 'running'
                     and r.token = j.token) <> case when j.leased_until > 0 then 1 else 0 end
         union all
         select r.name, r.token, r.ended_at from jobs_run as r
         join jobs_job as j on j.company_id = r.company_id and j.name = r.name
         where r.company_id = $1
             and (r.token > j.token or (r.token < j.token and r.outcome = 'running')
                 or (r.outcome = 'running') <> (r.ended_at = 0))";

    FAILED_ONES_FAILED = "jobs: a job that failed has failed runs in a row, and one without is none",
        "select j.name, j.failures from jobs_job as j
         where j.company_id = $1 and j.state = 'failed' and j.failures < 5";
}
