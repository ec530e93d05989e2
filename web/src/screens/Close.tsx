// The month's end: what stands before it, how far each area is locked, and the locks.
import { Alert, Box, Button, Group, Switch, Text, TextInput, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useState } from "react";
import { list, type Row, type Schemas } from "../api/client";
import { lastOfMonthBefore } from "../format";
import { State } from "../house/cells";
import { columnsOf } from "../house/columns";
import { Dialog } from "../house/Dialog";
import { DayField, ReasonField } from "../house/fields";
import { LineTable } from "../house/LineTable";
import { Problem, told } from "../house/Problem";
import { useAct } from "../house/useAct";
import { useChecks } from "../house/useChecks";
import { type Counted, useHowMany } from "../house/useHowMany";
import { Way } from "../house/Way";
import { useMay, useSession } from "../session";
import { useFormats, useWords, type Word } from "../words";

type Lock = Row<"/api/v1/locks">;
type Area = Schemas["Area"];
const lock = columnsOf<Lock>();

interface Point extends Counted {
  word: Word;
  to: string;
  permission: string;
  /** It is good to know, and stands before nothing. */
  told?: boolean;
}

const CHECKS = "/api/v1/checks";

/** What is looked at before the books are locked through a day. */
function pointsOf(through: string): Point[] {
  const late = { late_only: "true", from: `${through.slice(0, 8)}01`, through };
  const unowned = { unowned_through: through };
  const mismatch = { state: "mismatch", to_day: through };
  const at = (to: string, query: Record<string, string>) => `${to}?${new URLSearchParams(query)}`;
  return [
    {
      word: "close.checks",
      path: CHECKS,
      query: {},
      to: "/system/checks",
      permission: "reconcile.read",
    },
    {
      word: "close.mismatches",
      path: "/api/v1/bills",
      query: mismatch,
      to: at("/buying/bills", mismatch),
      permission: "purchasing.read",
    },
    {
      word: "close.unowned",
      path: "/api/v1/open-items",
      query: unowned,
      to: at("/books/open-items", unowned),
      permission: "accounting.view",
    },
    {
      word: "close.late",
      path: "/api/v1/entries",
      query: late,
      to: at("/books/journal", late),
      permission: "accounting.view",
      told: true,
    },
  ];
}

/** What is known of the points before a day: how many lines each has, or why that is not known. */
function usePoints(through: string, enabled = true) {
  const say = useWords();
  const may = useMay();
  const { count } = useFormats();
  const points = pointsOf(through);
  const seen = points.filter(({ permission }) => may(permission));
  const lists = seen.filter(({ path }) => path !== CHECKS);
  const counted = useHowMany(lists, enabled);
  const mayCheck = seen.length > lists.length;
  const checks = useChecks(enabled && mayCheck);
  const broken = checks.data?.lines.filter((one) => !one.holds).length ?? 0;
  const asked = points.map((point) => {
    const isChecks = point.path === CHECKS;
    const one = counted[lists.indexOf(point)];
    const error = (isChecks ? checks.error : one?.error) ?? null;
    const pending = isChecks ? checks.isFetching : (one?.isPending ?? true);
    const state: Known = !may(point.permission)
      ? "hidden"
      : pending
        ? "pending"
        : error
          ? one?.hidden
            ? "hidden"
            : "failed"
          : "known";
    const lines = isChecks ? broken : (one?.lines ?? 0);
    const text =
      isChecks && !error ? count(broken) : (one?.text ?? (error ? told(say, error) : ""));
    return { ...point, state, lines, text };
  });
  return { asked, mayCheck, checks };
}

type Known = "known" | "pending" | "failed" | "hidden";
type Asked = ReturnType<typeof usePoints>["asked"][number];
const point = columnsOf<Asked>();

/** The points that hold a lock up, and those of which nobody knows whether they do. */
function weighed(of: Asked[]) {
  const counts = of.filter(({ told: onlyTold }) => !onlyTold);
  return {
    standing: counts.filter(({ state, lines }) => state === "known" && lines > 0),
    pending: of.filter(({ state }) => state === "pending"),
    failed: counts.filter(({ state }) => state === "failed"),
    hidden: counts.filter(({ state }) => state === "hidden"),
  };
}

function Points({ of }: { of: Asked[] }) {
  const say = useWords();
  const look = ({ state, lines, told: onlyTold }: Asked) => {
    if (state === "hidden") return "not_seen";
    if (state === "failed") return "not_known";
    if (state === "pending" || onlyTold) return undefined;
    return lines > 0 ? "stands" : "holds";
  };
  return (
    <LineTable
      rows={of}
      rowKey={(row) => row.word}
      columns={[
        point.node("close.point", (row) =>
          row.state === "hidden" ? (
            say(row.word)
          ) : (
            <Way to={row.to} className="plain-link">
              {say(row.word)}
            </Way>
          ),
        ),
        point.node("f.lines", ({ state, text }) => {
          if (state === "pending") return "…";
          return state === "hidden" ? say("app.mayNot") : text;
        }),
        point.node("f.state", (row) => <State of={look(row)} />),
      ]}
    />
  );
}

/** What stands before a lock, or may stand there unseen, said before it is made. */
function Warnings({ of }: { of: ReturnType<typeof weighed> }) {
  const say = useWords();
  const names = (some: Asked[]) => some.map(({ word }) => say(word)).join("; ");
  const warn = (word: Word, some: Asked[], color: string) =>
    some.length > 0 && (
      <Alert color={color} role="alert">
        {say(word, { n: some.length, names: names(some) })}
      </Alert>
    );
  return (
    <>
      {warn("close.stillStands", of.standing, "orange")}
      {warn("close.notSeen", of.hidden, "orange")}
      {warn("close.notKnown", of.failed, "red")}
      {warn("close.stillAsked", of.pending, "blue")}
    </>
  );
}

/** Locks an area through a day, softly or for good. */
function LockDialog({ area, through }: { area: Area; through: string }) {
  const say = useWords();
  const { day } = useFormats();
  const [until, setUntil] = useState(through);
  const [hard, setHard] = useState(false);
  const [opened, setOpened] = useState(false);
  // What stands before the day that is locked, which may be another than the page's.
  const { asked, mayCheck, checks } = usePoints(until, opened && until !== "");
  const points = weighed(asked);
  const move = useAct(
    "/api/v1/locks",
    () => say("done.locked", { day: day(until) }),
    () => setOpened(false),
  );
  const known = points.pending.length === 0 && points.failed.length === 0;
  return (
    <Dialog
      word="act.lock"
      look={area === "all" ? "filled" : "default"}
      inLine
      busy={move.isPending}
      // What cannot be undone waits until all is known that this reader may know.
      ready={until !== "" && (!hard || known)}
      onOpen={() => {
        setUntil(through);
        setHard(false);
        setOpened(true);
      }}
      act={() => move.mutateAsync({ area, through: until, hard })}
      body={
        <>
          <Text size="sm">{say(hard ? "close.hardText" : "close.softText")}</Text>
          {until !== "" && <Warnings of={points} />}
          <DayField word="close.through" required value={until} change={setUntil} />
          <Switch
            label={say("close.forGood")}
            checked={hard}
            onChange={(event) => {
              const forGood = event.currentTarget.checked;
              setHard(forGood);
              // No answer of before is good enough for what cannot be undone.
              if (forGood && mayCheck) checks.refetch();
            }}
          />
        </>
      }
    />
  );
}

/** Opens softly locked days again. */
function OpenDialog({ of }: { of: Lock }) {
  const say = useWords();
  const [back, setBack] = useState("");
  const [reason, setReason] = useState("");
  const lift = useAct("/api/v1/locks/lift", () => say("done.opened"));
  return (
    <Dialog
      word="act.openAgain"
      look="danger"
      inLine
      busy={lift.isPending}
      ready={reason.trim() !== ""}
      onOpen={() => {
        setBack(of.hard_through ?? "");
        setReason("");
      }}
      act={() => lift.mutateAsync({ area: of.area, back_to: back || null, reason: reason.trim() })}
      body={
        <>
          <DayField
            word="close.backTo"
            hint={say("close.backToHint")}
            value={back}
            change={setBack}
          />
          <ReasonField required value={reason} change={setReason} />
        </>
      }
    />
  );
}

export default function Close() {
  const say = useWords();
  const may = useMay();
  const navigate = useNavigate();
  const { me } = useSession();
  const { moment } = useFormats();
  const asked = useSearch({ strict: false }) as { through?: string };
  const through = asked.through || lastOfMonthBefore(me.today);
  const { asked: points, mayCheck, checks } = usePoints(through);
  const locks = useQuery({
    queryKey: ["list", "/api/v1/locks", {}],
    queryFn: () => list("/api/v1/locks", {}),
  });
  const loaded = !locks.isFetching && points.every(({ state }) => state !== "pending");
  const isSoft = (row: Lock) => row.soft_through && row.soft_through > (row.hard_through ?? "");
  return (
    <Box data-loaded={loaded}>
      <Group justify="space-between" align="flex-end" mb="sm">
        <Title order={1}>{say("page.close")}</Title>
        <TextInput
          type="date"
          label={say("close.through")}
          value={through}
          onChange={(event) =>
            navigate({ to: ".", search: { through: event.currentTarget.value }, replace: true })
          }
        />
      </Group>
      <Group justify="space-between" mb="xs">
        <Title order={2} size="h4">
          {say("close.points")}
        </Title>
        {mayCheck && (
          <Group gap="xs">
            {checks.dataUpdatedAt > 0 && (
              <Text size="sm" c="dimmed">
                {say("close.checkedAt", {
                  moment: moment(new Date(checks.dataUpdatedAt).toISOString()),
                })}
              </Text>
            )}
            <Button variant="default" loading={checks.isFetching} onClick={() => checks.refetch()}>
              {say("act.runChecks")}
            </Button>
          </Group>
        )}
      </Group>
      <Points of={points} />
      <Group justify="space-between" mt="lg" mb="xs">
        <Title order={2} size="h4">
          {say("close.areas")}
        </Title>
        <Way to="/books/locks" className="plain-link">
          {say("page.locks")}
        </Way>
      </Group>
      {locks.error && <Problem error={locks.error} retry={() => locks.refetch()} />}
      <LineTable
        rows={locks.data?.lines ?? []}
        rowKey={(row) => row.area}
        columns={[
          lock.state("f.area", (row) => row.area),
          lock.day("close.softThrough", (row) => row.soft_through),
          lock.day("close.hardThrough", (row) => row.hard_through),
        ]}
        end={(row) => (
          <Group gap={6} justify="flex-end" wrap="nowrap">
            {isSoft(row) && may("accounting.unlock_period") && <OpenDialog of={row} />}
            {may("accounting.lock_period") && <LockDialog area={row.area} through={through} />}
          </Group>
        )}
      />
    </Box>
  );
}
