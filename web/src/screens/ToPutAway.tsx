// What waits at receiving places, and where each of it goes.
import { Button } from "@mantine/core";
import { useNavigate } from "@tanstack/react-router";
import type { Row } from "../api/client";
import { isZero } from "../format";
import { columnsOf } from "../house/columns";
import { ListPage } from "../house/ListPage";
import { useAct } from "../house/useAct";
import { useMay } from "../session";
import { useWords } from "../words";
import { goodsId } from "./putAway";

type Waiting = Row<"/api/v1/goods-to-put-away">;
const waiting = columnsOf<Waiting>();

/** The parts of goods that the list proposes, each with its place. */
function proposed({ sku, lot, places, unassigned, otherwise }: Waiting) {
  const parts = places.map(({ place, quantity }) => ({ to: place, quantity }));
  if (!isZero(unassigned)) parts.push({ to: otherwise, quantity: unassigned });
  return parts.map((part) => ({ sku, lot: lot ?? null, ...part }));
}

interface PutAllProps {
  of: Waiting[];
  /** What stays selected. */
  select: (rows: Waiting[]) => void;
}

/** Puts goods away as proposed, those of each receiving place together. */
function PutAll({ of, select }: PutAllProps) {
  const say = useWords();
  const away = useAct("/api/v1/putaways", ({ number }) => say("done.putAway", { number }));
  const free = of.filter(({ held }) => !held);
  const places = new Map(free.map(({ place, warehouse }) => [place, warehouse]));
  const put = async () => {
    let rest = free;
    for (const [from, warehouse] of places) {
      const here = rest.filter(({ place }) => place === from);
      await away.mutateAsync({ warehouse, from, lines: here.flatMap(proposed) });
      // Should the next place be refused, what is done is not sent again.
      rest = rest.filter(({ place }) => place !== from);
      select(rest);
    }
  };
  return (
    <Button
      loading={away.isPending}
      disabled={free.length === 0}
      // What went wrong was told.
      onClick={() => put().catch(() => undefined)}
    >
      {say("act.putAwayAll")}
    </Button>
  );
}

export default function ToPutAway() {
  const say = useWords();
  const may = useMay();
  const navigate = useNavigate();
  const mayPut = may("stock.put_away");
  return (
    <ListPage
      path="/api/v1/goods-to-put-away"
      title="page.toPutAway"
      rowKey={goodsId}
      open={({ warehouse }) => `/stock/put-away?warehouse=${encodeURIComponent(warehouse)}`}
      empty={{ title: "empty.toPutAway", text: "empty.toPutAwayText" }}
      filters={[
        { name: "warehouse", word: "f.warehouse", kind: "text", front: true },
        { name: "place", word: "f.place", kind: "text", front: true },
        { name: "sku", word: "f.sku", kind: "text", front: true },
        { name: "waiting_since", word: "f.waitingSince", kind: "day" },
      ]}
      actions={
        mayPut && (
          <Button variant="default" onClick={() => navigate({ to: "/stock/put-away" })}>
            {say("act.putAwayByScan")}
          </Button>
        )
      }
      bulk={mayPut ? (rows, _, select) => <PutAll of={rows} select={select} /> : undefined}
      columns={[
        waiting.text("f.sku", (row) => row.sku, { lead: true, sort: "sku" }),
        waiting.text("f.name", (row) => row.name),
        waiting.text("f.lot", (row) => row.lot),
        waiting.text("f.place", (row) => row.place, { sort: "place" }),
        waiting.day("f.since", (row) => row.since, { sort: "oldest" }),
        waiting.count("f.days", (row) => row.age_days),
        waiting.quantity("f.toPutAway", (row) => row.to_put_away),
        waiting.text("f.unit", (row) => row.unit),
        waiting.quantity("f.reserved", (row) => row.reserved, { hidden: true }),
        waiting.text("f.goesTo", (row) => row.proposed),
        waiting.quantity("f.noRoom", (row) => row.unassigned),
        waiting.yesNo("f.onHold", (row) => row.held),
        waiting.text("f.warehouse", (row) => row.warehouse, { hidden: true }),
      ]}
    />
  );
}
