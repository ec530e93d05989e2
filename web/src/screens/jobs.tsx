// Work that comes again: when each job is due, what became of it, and running it now.
import { Button, Group } from "@mantine/core";
import type { Row } from "../api/client";
import { columnsOf } from "../house/columns";
import { Dialog } from "../house/Dialog";
import { TextField, useFields } from "../house/fields";
import { ListPage } from "../house/ListPage";
import { useAct } from "../house/useAct";
import { useMay } from "../session";
import { type Say, stateWord, useWords } from "../words";

type Job = Row<"/api/v1/jobs">;
const job = columnsOf<Job>();
const run = columnsOf<Row<"/api/v1/job-runs">>();

const JOBS = [
  "check_books",
  "classify_items",
  "escalate_approvals",
  "forget_request_keys",
  "plan_counts",
  "remind_suppliers",
  "run_replenishment",
] as const satisfies Job["job"][];

function Name({ of }: { of: string }) {
  return stateWord(useWords(), of);
}

function When({ of }: { of: Job }) {
  const say = useWords();
  return of.every_minutes
    ? say("jobs.every", { minutes: of.every_minutes })
    : say("jobs.daily", { time: of.daily_at });
}

/** What is done at once. */
function Now({ of, path }: { of: Job; path: "run" | "pause" | "resume" }) {
  const say = useWords();
  const acts = {
    run: useAct("/api/v1/jobs/run", () => say("jobs.asked")),
    pause: useAct("/api/v1/jobs/pause", () => say("done.saved")),
    resume: useAct("/api/v1/jobs/resume", () => say("done.saved")),
  };
  const words = { run: "act.runNow", pause: "act.pause", resume: "act.resume" } as const;
  return (
    <Button
      variant="default"
      size="compact-xs"
      loading={acts[path].isPending}
      onClick={() => acts[path].mutate({ job: of.job })}
    >
      {say(words[path])}
    </Button>
  );
}

function Reschedule({ of }: { of: Job }) {
  const say = useWords();
  const { form, set, reset } = useFields({ time: "", minutes: "" });
  const save = useAct("/api/v1/jobs/schedule", () => say("done.saved"));
  const time = form.time.trim();
  const minutes = form.minutes.trim();
  return (
    <Dialog
      word="act.schedule"
      inLine
      busy={save.isPending}
      ready={(time === "") !== (minutes === "") && /^\d*$/.test(minutes)}
      onOpen={() =>
        reset({ time: of.daily_at, minutes: of.every_minutes ? String(of.every_minutes) : "" })
      }
      act={() =>
        save.mutateAsync({
          job: of.job,
          daily_at: time || null,
          every_minutes: minutes ? Number(minutes) : null,
        })
      }
      body={
        <>
          <TextField
            word="jobs.dailyAt"
            hint={say("jobs.dailyAtHint")}
            focus
            value={form.time}
            change={set("time")}
          />
          <TextField
            word="jobs.everyMinutes"
            hint={say("jobs.everyMinutesHint")}
            value={form.minutes}
            change={set("minutes")}
          />
        </>
      }
    />
  );
}

export function Jobs() {
  const may = useMay();
  const edits = may("jobs.edit");
  return (
    <ListPage
      path="/api/v1/jobs"
      title="page.jobs"
      rowKey={(row) => row.job}
      open={(row) => `/system/job-runs?job=${row.job}`}
      whole
      filters={[
        { name: "state", word: "f.state", kind: ["active", "paused", "failed"], front: true },
      ]}
      columns={[
        job.node("jobs.job", (row) => <Name of={row.job} />, { lead: true }),
        job.state("f.state", (row) => row.state),
        job.node("jobs.when", (row) => <When of={row} />),
        job.moment("jobs.nextAt", (row) => row.next_at),
        job.yesNo("s.running", (row) => row.running),
        job.moment("jobs.beganAt", (row) => row.began_at),
        job.state("hooks.outcome", (row) => row.outcome),
        job.text("jobs.told", (row) => row.told),
        job.count("hooks.failures", (row) => row.failures),
        job.moment("jobs.askedAt", (row) => row.asked_at, { hidden: true }),
        job.node("f.action", (row) => (
          <Group gap={4} wrap="nowrap">
            {may("jobs.run") && <Now of={row} path="run" />}
            {edits && row.state !== "paused" && <Now of={row} path="pause" />}
            {edits && row.state !== "active" && <Now of={row} path="resume" />}
            {edits && <Reschedule of={row} />}
          </Group>
        )),
      ]}
    />
  );
}

const jobText = (say: Say, name: string) => stateWord(say, name);

export function JobRuns() {
  return (
    <ListPage
      path="/api/v1/job-runs"
      title="page.jobRuns"
      rowKey={(row) => row.run_id}
      filters={[
        { name: "job", word: "jobs.job", kind: JOBS, tell: jobText, front: true },
        {
          name: "outcome",
          word: "hooks.outcome",
          kind: ["running", "done", "failed", "lost"],
          front: true,
        },
      ]}
      columns={[
        run.node("jobs.job", (row) => <Name of={row.job} />),
        run.moment("jobs.beganAt", (row) => row.began_at),
        run.moment("hooks.endedAt", (row) => row.ended_at),
        run.state("hooks.outcome", (row) => row.outcome),
        run.text("jobs.told", (row) => row.told),
        run.yesNo("jobs.byHand", (row) => row.asked),
        run.text("jobs.askedBy", (row) => row.asked_by),
      ]}
    />
  );
}
