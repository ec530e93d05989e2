// A count sheet: what somebody sees is entered, by hand or scanner, and what differs is reviewed.
import { Alert, Box, Button, Group, Loader, SegmentedControl, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { useMemo, useState } from "react";
import { list, type Row } from "../api/client";
import { columnsOf } from "../house/columns";
import { ReasonDialog } from "../house/Dialog";
import { type Cell, type Line, LineEditor, readLines } from "../house/LineEditor";
import { LineTable } from "../house/LineTable";
import { Neighbours } from "../house/Neighbours";
import { Problem } from "../house/Problem";
import { Trail } from "../house/Trail";
import { useAct } from "../house/useAct";
import { useScanner } from "../house/useScanner";
import { useMay } from "../session";
import { useTongue, useWords } from "../words";

type Sheet = Row<"/api/v1/count-lines">;
const line = columnsOf<Sheet>();
type Name = "place" | "sku" | "name" | "lot" | "quantity";
const CELLS: Cell<Name>[] = [
  { name: "place", word: "f.place", fixed: true },
  { name: "sku", word: "f.sku", fixed: true },
  { name: "name", word: "f.name", fixed: true },
  { name: "lot", word: "f.lot", fixed: true },
  { name: "quantity", word: "f.counted", decimal: true, width: 110 },
];
const WHOLE = "200";

function Entry({ id, rows }: { id: string; rows: Sheet[] }) {
  const say = useWords();
  const { locale } = useTongue();
  const open = useMemo(() => rows.filter((row) => row.state === "open" || row.again), [rows]);
  const [typed, setTyped] = useState<Record<number, string>>({});
  const [unknown, setUnknown] = useState<string>();
  const count = useAct(
    "/api/v1/counts/count",
    () => say("done.counted"),
    () => setTyped({}),
  );
  useScanner((code) => {
    const at = open.findIndex((row) => row.sku === code);
    setUnknown(at < 0 ? code : undefined);
    document.querySelector<HTMLInputElement>(`[data-cell="${at}-4"]`)?.focus();
  });
  const lines: Line<Name>[] = open.map((row) => ({
    place: row.place,
    sku: row.sku,
    name: row.name,
    lot: row.lot,
    quantity: typed[row.line] ?? "",
  }));
  const read = readLines(CELLS, lines, locale);
  const change = (next: Line<Name>[]) =>
    setTyped(Object.fromEntries(open.map((row, at) => [row.line, next[at]?.quantity ?? ""])));
  return (
    <Box>
      {unknown && <Alert color="orange">{say("count.notOnSheet", { code: unknown })}</Alert>}
      <LineEditor cells={CELLS} lines={lines} change={change} given />
      <Button
        mt="xs"
        loading={count.isPending}
        disabled={!read?.length}
        onClick={() =>
          count.mutate({
            count_id: id,
            lines: (read ?? []).map(({ place, sku, lot, quantity }) => ({
              place,
              sku,
              lot: lot || null,
              quantity,
            })),
          })
        }
      >
        {say("act.save")}
      </Button>
    </Box>
  );
}

function Review({ rows }: { rows: Sheet[] }) {
  return (
    <LineTable
      rows={rows}
      rowKey={(row) => row.line}
      columns={[
        line.text("f.place", (row) => row.place),
        line.text("f.sku", (row) => row.sku),
        line.text("f.name", (row) => row.name),
        line.state("f.state", (row) => row.state),
        line.quantity("f.expected", (row) => row.expected),
        line.quantity("f.counted", (row) => row.counted),
        line.quantity("f.difference", (row) => row.difference),
        line.money("f.value", (row) => row.value),
        line.text("f.reason", (row) => row.reason),
      ]}
    />
  );
}

export default function CountSheet() {
  const { id } = useParams({ strict: false }) as { id: string };
  const say = useWords();
  const may = useMay();
  const [view, setView] = useState("enter");
  const asked = useQuery({
    queryKey: ["list", "/api/v1/count-lines", id],
    queryFn: () => list("/api/v1/count-lines", { count_id: id, limit: WHOLE }),
  });
  const rows = asked.data?.lines ?? [];
  const apply = useAct("/api/v1/counts/apply", (answer) =>
    say("done.applied", { n: answer.differences }),
  );
  const approve = useAct("/api/v1/counts/approve", () => say("done.approved"));
  const cancel = useAct("/api/v1/counts/cancel", () => say("done.cancelled"));
  const isOpen = rows.some((row) => ["open", "counted", "conflict"].includes(row.state));
  const toEnter = rows.some((row) => row.state === "open" || row.again);
  return (
    <Box>
      <Neighbours back="/stock/counts" />
      <Group justify="space-between" my="sm">
        <Title order={1}>{rows[0]?.number ?? say("page.counts")}</Title>
        <Group gap="xs">
          <SegmentedControl
            size="xs"
            aria-label={say("list.views")}
            value={view}
            onChange={setView}
            data={[
              { value: "enter", label: say("count.enter") },
              { value: "review", label: say("count.review") },
              ...(may("identity.audit")
                ? [{ value: "history", label: say("record.history") }]
                : []),
            ]}
          />
          {isOpen && may("counting.apply") && (
            <Button
              variant="default"
              loading={apply.isPending}
              onClick={() => apply.mutate({ count_id: id, skip_uncounted: true })}
            >
              {say("act.apply")}
            </Button>
          )}
          {isOpen && may("counting.approve") && (
            <Button
              variant="default"
              loading={approve.isPending}
              onClick={() => approve.mutate({ count_id: id, skip_uncounted: true })}
            >
              {say("act.approve")}
            </Button>
          )}
          {isOpen && may("counting.count") && (
            <ReasonDialog
              word="act.cancelCount"
              look="danger"
              busy={cancel.isPending}
              act={(reason) => cancel.mutateAsync({ count_id: id, reason })}
            />
          )}
        </Group>
      </Group>
      {asked.error && <Problem error={asked.error} />}
      {asked.isPending && <Loader aria-label={say("app.loading")} type="dots" />}
      {asked.data && (
        <Box data-loaded="true">
          {asked.data.next_cursor && (
            <Alert color="blue" mb="xs">
              {say("count.first", { n: WHOLE })}
            </Alert>
          )}
          {view === "history" && <Trail of={[["count", id]]} />}
          {view === "enter" && toEnter && <Entry id={id} rows={rows} />}
          {(view === "review" || (view === "enter" && !toEnter)) && <Review rows={rows} />}
        </Box>
      )}
    </Box>
  );
}
