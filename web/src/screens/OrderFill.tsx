// From where a customer's order is filled: routed to another warehouse, ordered from a supplier, or given
// up.
import { Alert, Button, Switch } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { list, Refusal, type Row, type Schemas } from "../api/client";
import { isZero } from "../format";
import { Choice } from "../house/Choice";
import { columnsOf } from "../house/columns";
import { Dialog } from "../house/Dialog";
import { OneOf, ReasonField, TextField, useFields } from "../house/fields";
import { type Cell, type Line, LineEditor, readLines } from "../house/LineEditor";
import { AskedTable } from "../house/LineTable";
import { useAct } from "../house/useAct";
import { type Say, stateWord, useFormats, useTongue, useWords } from "../words";

type Order = Schemas["SalesOrderDetail"];
const route = columnsOf<Row<"/api/v1/routes">>();

/** What became of an order that was routed. */
function routed(say: Say, of: Schemas["RouteResult"] | undefined) {
  if (of?.outcome === "refused") return { how: "wrong", text: of.detail ?? "" } as const;
  const choice = stateWord(say, of?.choice ?? "waits");
  if (of?.choice !== "waits") return say("done.routed", { choice });
  const reason = of.reason ? stateWord(say, of.reason) : choice;
  return { how: "look", text: say("done.routeWaits", { reason }) } as const;
}

/** Finds the warehouses that fill what the order lacks. */
export function RouteOrder({ id }: { id: string }) {
  const say = useWords();
  const find = useAct("/api/v1/routes", ({ results }) => routed(say, results[0]));
  return (
    <Button
      variant="default"
      loading={find.isPending}
      onClick={() => find.mutate({ order_ids: [id] })}
    >
      {say("act.route")}
    </Button>
  );
}

/** How the order was routed, the newest first. */
export function RoutesOf({ id }: { id: string }) {
  const asked = useQuery({
    queryKey: ["list", "/api/v1/routes", { order_id: id }],
    queryFn: () => list("/api/v1/routes", { order_id: id, limit: "50" }),
  });
  return (
    <AskedTable
      asked={asked}
      rowKey={(row) => row.route_id}
      none="empty.routesOf"
      columns={[
        route.moment("f.decidedAt", (row) => row.decided_at),
        route.state("f.choice", (row) => row.choice),
        route.text("f.warehouse", (row) => row.warehouse),
        route.quantity("f.reserved", (row) => row.reserved),
        route.state("f.cause", (row) => row.reason),
      ]}
    />
  );
}

type Name = "line" | "sku" | "lacks" | "quantity" | "price";
const CELLS: Cell<Name>[] = [
  { name: "line", word: "f.line", fixed: true },
  { name: "sku", word: "f.sku", fixed: true },
  { name: "lacks", word: "f.backOrder", fixed: true },
  { name: "quantity", word: "f.quantity", decimal: true, width: 110 },
  { name: "price", word: "f.price", decimal: true, width: 110 },
];
const WAYS = ["to_warehouse", "direct"] as const;
type Asked = { supplier: string; way: (typeof WAYS)[number]; note: string };
const NOTHING: Asked = { supplier: "", way: "to_warehouse", note: "" };

/** Orders from a supplier what the order lacks, for just this order. */
export function SupplyOrder({ of }: { of: Order }) {
  const say = useWords();
  const { locale } = useTongue();
  const { quantity } = useFormats();
  const { form, set, reset } = useFields(NOTHING);
  const [whole, setWhole] = useState(true);
  const [lines, setLines] = useState<Line<Name>[]>([]);
  const supply = useAct("/api/v1/supplies", (answer) =>
    say("done.supplied", { number: answer.number }),
  );
  const read = readLines(CELLS, lines, locale)?.filter((one) => one.quantity);
  const lacking = () =>
    of.lines
      .filter((one) => !isZero(one.back_order))
      .map((one) => ({
        line: String(one.line),
        sku: one.sku,
        lacks: quantity(one.back_order),
        quantity: "",
        price: "",
      }));
  return (
    <Dialog
      word="act.supply"
      size="lg"
      busy={supply.isPending}
      ready={form.supplier !== "" && (whole || Boolean(read?.length))}
      onOpen={() => {
        reset();
        setWhole(true);
        setLines(lacking());
      }}
      act={() =>
        supply.mutateAsync({
          order_id: of.head.order_id,
          supplier: form.supplier,
          direct: form.way === "direct",
          note: form.note.trim(),
          lines: whole
            ? null
            : (read ?? []).map((one) => ({
                line: Number(one.line),
                quantity: one.quantity,
                price: one.price || null,
              })),
        })
      }
      body={
        <>
          <Choice
            of="suppliers"
            word="f.supplier"
            required
            value={form.supplier}
            change={set("supplier")}
          />
          <OneOf
            word="supply.way"
            hint={say("supply.wayHint")}
            of={WAYS}
            value={form.way}
            change={set("way")}
          />
          <Switch
            label={say("supply.whole")}
            checked={whole}
            onChange={(event) => setWhole(event.currentTarget.checked)}
          />
          {!whole && <LineEditor cells={CELLS} lines={lines} change={setLines} given />}
          <TextField word="f.note" value={form.note} change={set("note")} />
        </>
      }
    />
  );
}

/** What another warehouse could fill is cancelled only with a reason of its own. */
export function CancelRest({ id }: { id: string }) {
  const say = useWords();
  const cancel = useAct("/api/v1/sales-orders/cancel", () => say("done.cancelled"));
  const { form, set, reset } = useFields({ reason: "", override: "" });
  /** What the server said could be filled from elsewhere; it holds until the dialog is closed. */
  const [elsewhere, setElsewhere] = useState<string>();
  const heard = (error: unknown) => {
    if (error instanceof Refusal && error.code === "could_be_filled_elsewhere") {
      setElsewhere(error.message);
    }
    throw error;
  };
  return (
    <Dialog
      word="act.cancelRest"
      look="danger"
      busy={cancel.isPending}
      ready={form.reason.trim() !== "" && (!elsewhere || form.override.trim() !== "")}
      onOpen={() => {
        reset();
        setElsewhere(undefined);
      }}
      act={() =>
        cancel
          .mutateAsync({
            order_id: id,
            reason: form.reason.trim(),
            ...(elsewhere && { override_reason: form.override.trim() }),
          })
          .catch(heard)
      }
      body={
        <>
          <ReasonField required focus value={form.reason} change={set("reason")} />
          {elsewhere && (
            <>
              <Alert color="orange" role="alert">
                {elsewhere}
              </Alert>
              <ReasonField
                word="cancel.override"
                hint={say("cancel.overrideHint")}
                required
                value={form.override}
                change={set("override")}
              />
            </>
          )}
        </>
      }
    />
  );
}
