// The month's end: what stands before it, how far each area is locked, and the locks.
import { Alert, Box, Group, Switch, Text, TextInput, Title } from "@mantine/core";
import { useQueries, useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { useState } from "react";
import { type ListPath, list, type Row, type Schemas } from "../api/client";
import { lastOfMonthBefore } from "../format";
import { State } from "../house/cells";
import { columnsOf } from "../house/columns";
import { Dialog } from "../house/Dialog";
import { LineTable } from "../house/LineTable";
import { Problem, told } from "../house/Problem";
import { useAct } from "../house/useAct";
import { useMay, useSession } from "../session";
import { useFormats, useWords, type Word } from "../words";

type Lock = Row<"/api/v1/locks">;
type Area = Schemas["Area"];
const lock = columnsOf<Lock>();

interface Point {
  word: Word;
  path: ListPath;
  query: Record<string, string>;
  to: string;
  permission: string;
  /** It is good to know, and stands before nothing. */
  told?: boolean;
}

/** What is looked at before the books are locked through a day. */
function pointsOf(through: string): Point[] {
  const late = { late_only: "true", from: `${through.slice(0, 8)}01`, through };
  const unowned = { unowned_through: through };
  const mismatch = { state: "mismatch", to_day: through };
  const broken = { broken_only: "true" };
  const at = (to: string, query: Record<string, string>) => `${to}?${new URLSearchParams(query)}`;
  return [
    {
      word: "close.checks",
      path: "/api/v1/checks",
      query: broken,
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

const MOST = 100;

function usePoints(through: string) {
  const may = useMay();
  const points = pointsOf(through).filter(({ permission }) => may(permission));
  const asked = useQueries({
    queries: points.map(({ path, query }) => ({
      queryKey: ["close", path, query],
      queryFn: () => list(path, path.endsWith("checks") ? query : { ...query, limit: `${MOST}` }),
    })),
  });
  return points.map((point, at) => {
    const { data, error, isPending } = asked[at] ?? { isPending: true };
    const lines = data?.lines.length ?? 0;
    return { ...point, lines, more: Boolean(data?.next_cursor), error, isPending };
  });
}

type Asked = ReturnType<typeof usePoints>[number];
const point = columnsOf<Asked>();

function stands({ told: onlyTold, lines, error }: Asked): boolean {
  return !onlyTold && (lines > 0 || Boolean(error));
}

function Points({ of }: { of: Asked[] }) {
  const say = useWords();
  const { count } = useFormats();
  const look = (one: Asked) => (one.isPending ? undefined : stands(one) ? "stands" : "holds");
  const number = ({ isPending, error, lines, more }: Asked) => {
    if (isPending) return "…";
    if (error) return told(say, error);
    return more ? say("home.more", { n: count(lines) }) : count(lines);
  };
  return (
    <LineTable
      rows={of}
      rowKey={(row) => row.word}
      columns={[
        point.node("close.point", (row) => (
          <Link to={row.to} className="plain-link">
            {say(row.word)}
          </Link>
        )),
        point.node("f.lines", number),
        point.node("f.state", (row) => (row.told ? null : <State of={look(row)} />)),
      ]}
    />
  );
}

/** Locks an area through a day, softly or for good. */
function LockDialog({ area, through, open }: { area: Area; through: string; open: number }) {
  const say = useWords();
  const { day } = useFormats();
  const [until, setUntil] = useState(through);
  const [hard, setHard] = useState(false);
  const move = useAct("/api/v1/locks", () => say("done.locked", { day: day(until) }));
  return (
    <Dialog
      word="act.lock"
      look={area === "all" ? "filled" : "default"}
      inLine
      busy={move.isPending}
      ready={until !== ""}
      onOpen={() => {
        setUntil(through);
        setHard(false);
      }}
      act={() => move.mutateAsync({ area, through: until, hard })}
      body={
        <>
          <Text size="sm">{say(hard ? "close.hardText" : "close.softText")}</Text>
          {open > 0 && <Alert color="orange">{say("close.stillStands", { n: open })}</Alert>}
          <TextInput
            type="date"
            label={say("close.through")}
            value={until}
            onChange={(event) => setUntil(event.currentTarget.value)}
          />
          <Switch
            label={say("close.forGood")}
            checked={hard}
            onChange={(event) => setHard(event.currentTarget.checked)}
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
          <TextInput
            type="date"
            label={say("close.backTo")}
            description={say("close.backToHint")}
            value={back}
            onChange={(event) => setBack(event.currentTarget.value)}
          />
          <TextInput
            label={say("act.reason")}
            description={say("act.reasonHint")}
            required
            value={reason}
            onChange={(event) => setReason(event.currentTarget.value)}
          />
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
  const asked = useSearch({ strict: false }) as { through?: string };
  const through = asked.through || lastOfMonthBefore(me.today);
  const points = usePoints(through);
  const locks = useQuery({
    queryKey: ["list", "/api/v1/locks", {}],
    queryFn: () => list("/api/v1/locks", {}),
  });
  const open = points.filter(stands).length;
  const loaded = !locks.isFetching && points.every(({ isPending }) => !isPending);
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
      <Title order={2} size="h4" mb="xs">
        {say("close.points")}
      </Title>
      <Points of={points} />
      <Group justify="space-between" mt="lg" mb="xs">
        <Title order={2} size="h4">
          {say("close.areas")}
        </Title>
        <Link to="/books/locks" className="plain-link">
          {say("page.locks")}
        </Link>
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
            {may("accounting.lock_period") && (
              <LockDialog area={row.area} through={through} open={open} />
            )}
          </Group>
        )}
      />
    </Box>
  );
}
