// Inspections ahead of the receipt: what was measured of goods that an order still brings, and whether
// they may be received.
import { Loader, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { list, type Row, type Schemas } from "../api/client";
import { Quantity } from "../house/cells";
import { columnsOf } from "../house/columns";
import { Dialog, ReasonDialog } from "../house/Dialog";
import { DecimalField, TextField, useDecimal, useFields } from "../house/fields";
import { ListPage } from "../house/ListPage";
import { Problem } from "../house/Problem";
import { useAct } from "../house/useAct";
import { useMay } from "../session";
import { useFormats, useWords } from "../words";

type Ahead = Row<"/api/v1/inspections-ahead">;
type Point = Row<"/api/v1/inspection-points">;
const ahead = columnsOf<Ahead>();
const point = columnsOf<Point>();

/** The points that hold for an item: its own and those of every item, which come first in the list. */
function usePoints(sku: string, enabled: boolean) {
  return useQuery({
    queryKey: ["list", "/api/v1/inspection-points", { of: sku }],
    queryFn: async () => {
      const all = await list("/api/v1/inspection-points", { limit: "200" });
      const own = await list("/api/v1/inspection-points", { sku, limit: "200" });
      const names = own.lines.map(({ name }) => name);
      const shared = all.lines.filter((one) => !one.sku && !names.includes(one.name));
      return [...own.lines, ...shared];
    },
    enabled,
  });
}

/** Between which limits a reading has to lie. */
function useLimits() {
  const say = useWords();
  const { quantity } = useFormats();
  return ({ lower, upper }: Pick<Point, "lower" | "upper">) => {
    if (lower && upper) {
      return say("ahead.between", { lower: quantity(lower), upper: quantity(upper) });
    }
    if (lower) return say("ahead.atLeast", { lower: quantity(lower) });
    return upper ? say("ahead.atMost", { upper: quantity(upper) }) : "";
  };
}

interface MeasureProps {
  order: string;
  line: Schemas["OrderDetail"]["lines"][number];
}

/** Measures goods of an order's line, a reading for each point. */
export function Measure({ order, line }: MeasureProps) {
  const say = useWords();
  const decimal = useDecimal();
  const limits = useLimits();
  const [asked, setAsked] = useState(false);
  const [typed, setTyped] = useState<Record<string, string>>({});
  const { form, set, reset } = useFields({ evidence: "", note: "" });
  const { data: points, error, isPending } = usePoints(line.sku, asked);
  const inspect = useAct("/api/v1/inspections-ahead", (answer) => {
    if (answer.state === "passed") return say("ahead.passed", { number: answer.number });
    const values = { number: answer.number, found: answer.found };
    return { how: "look", text: say("ahead.failed", values) };
  });
  const readings = (points ?? []).flatMap(({ name }) => {
    const value = decimal(typed[name] ?? "");
    return value ? [{ point: name, value }] : [];
  });
  return (
    <Dialog
      word="act.measure"
      inLine
      busy={inspect.isPending}
      ready={points !== undefined && points.length > 0 && readings.length === points.length}
      onOpen={() => {
        setAsked(true);
        setTyped({});
        reset();
      }}
      act={() =>
        inspect.mutateAsync({
          order_id: order,
          line: line.line,
          readings,
          evidence: form.evidence.trim(),
          note: form.note.trim(),
        })
      }
      body={
        <>
          <Text size="sm" fw={500}>
            {line.sku} · {line.name}
          </Text>
          {error && <Problem error={error} />}
          {isPending && asked && (
            <Loader role="status" aria-label={say("app.loading")} type="dots" />
          )}
          {points?.length === 0 && <Text size="sm">{say("ahead.noPoints")}</Text>}
          {points?.map((one) => (
            <DecimalField
              key={one.name}
              word="f.value"
              label={one.name}
              hint={limits(one)}
              required
              value={typed[one.name] ?? ""}
              change={(value) => setTyped((before) => ({ ...before, [one.name]: value }))}
            />
          ))}
          <TextField
            word="f.evidence"
            hint={say("ahead.evidenceHint")}
            value={form.evidence}
            change={set("evidence")}
          />
          <TextField word="f.note" value={form.note} change={set("note")} />
        </>
      }
    />
  );
}

/** Lets goods in whose readings are outside their limits. */
function Pass({ of }: { of: Ahead }) {
  const say = useWords();
  const pass = useAct("/api/v1/inspections-ahead/pass", ({ number }) =>
    say("ahead.letIn", { number }),
  );
  return (
    <ReasonDialog
      word="act.letIn"
      inLine
      busy={pass.isPending}
      act={(reason) => pass.mutateAsync({ inspection_id: of.inspection_id, reason })}
    />
  );
}

function Readings({ of }: { of: Ahead }) {
  return of.readings.map(({ point: name, value, within }) => (
    <div key={name} className={within ? undefined : "negative"}>
      {name} <Quantity of={value} />
    </div>
  ));
}

function PassedBy({ of }: { of: Ahead }) {
  const say = useWords();
  if (!of.passed_by) return null;
  return say("ahead.passedBy", { by: of.passed_by, reason: of.passed_reason });
}

export default function InspectionsAhead() {
  const may = useMay();
  return (
    <ListPage
      path="/api/v1/inspections-ahead"
      title="page.ahead"
      rowKey={(row) => row.inspection_id}
      records={{ under: "/buying/orders", id: "order_id" }}
      filters={[
        { name: "state", word: "f.state", kind: ["failed", "passed"], front: true },
        { name: "sku", word: "f.sku", kind: "text", front: true },
        { name: "supplier", word: "f.supplier", kind: "text" },
        { name: "warehouse", word: "f.warehouse", kind: "text" },
      ]}
      columns={[
        ahead.text("f.order", (row) => row.order_number, { lead: true }),
        ahead.count("f.line", (row) => row.line),
        ahead.text("f.number", (row) => row.number),
        ahead.day("f.day", (row) => row.inspected_on),
        ahead.text("f.supplier", (row) => row.supplier),
        ahead.text("f.sku", (row) => row.sku),
        ahead.state("f.state", (row) => row.state),
        ahead.node("ahead.readings", (row) => <Readings of={row} />),
        ahead.text("f.found", (row) => row.found),
        ahead.text("f.evidence", (row) => row.evidence),
        ahead.node("ahead.letInBy", (row) => <PassedBy of={row} />),
        ahead.node("f.action", (row) =>
          row.state === "failed" && may("quality.pass") ? <Pass of={row} /> : null,
        ),
      ]}
    />
  );
}

const EMPTY = { sku: "", name: "", lower: "", upper: "" };

/** Sets what is measured of an item or of every item, with its limits. */
function SetPoint() {
  const say = useWords();
  const decimal = useDecimal();
  const { form, set, reset } = useFields(EMPTY);
  const save = useAct("/api/v1/inspection-points", () => say("done.saved"));
  const lower = form.lower.trim() ? decimal(form.lower) : null;
  const upper = form.upper.trim() ? decimal(form.upper) : null;
  const sound = lower !== undefined && upper !== undefined && Boolean(lower || upper);
  return (
    <Dialog
      word="act.setPoint"
      look="filled"
      busy={save.isPending}
      ready={sound && form.name.trim() !== ""}
      onOpen={() => reset()}
      act={() =>
        save.mutateAsync({ sku: form.sku.trim() || null, name: form.name.trim(), lower, upper })
      }
      body={
        <>
          <TextField
            word="f.sku"
            hint={say("ahead.everyItem")}
            scan
            value={form.sku}
            change={set("sku")}
          />
          <TextField
            word="ahead.point"
            hint={say("ahead.pointHint")}
            required
            value={form.name}
            change={set("name")}
          />
          <DecimalField word="ahead.lower" value={form.lower} change={set("lower")} />
          <DecimalField word="ahead.upper" value={form.upper} change={set("upper")} />
        </>
      }
    />
  );
}

/** A point without limits is none. */
function RemovePoint({ of }: { of: Point }) {
  const say = useWords();
  const save = useAct("/api/v1/inspection-points", () => say("done.saved"));
  return (
    <Dialog
      word="act.removePoint"
      inLine
      look="danger"
      busy={save.isPending}
      ready
      act={() => save.mutateAsync({ sku: of.sku, name: of.name, lower: null, upper: null })}
      body={say("ahead.remove", { name: of.name })}
    />
  );
}

function SkuOf({ of }: { of: Point }) {
  const say = useWords();
  return of.sku ?? say("ahead.every");
}

export function InspectionPoints() {
  const may = useMay();
  const maySet = may("quality.set_point");
  return (
    <ListPage
      path="/api/v1/inspection-points"
      title="page.points"
      rowKey={(row) => `${row.sku ?? ""} ${row.name}`}
      actions={maySet && <SetPoint />}
      filters={[{ name: "sku", word: "f.sku", kind: "text", front: true }]}
      columns={[
        point.node("f.sku", (row) => <SkuOf of={row} />),
        point.text("ahead.point", (row) => row.name),
        point.quantity("ahead.lower", (row) => row.lower),
        point.quantity("ahead.upper", (row) => row.upper),
        point.node("f.action", (row) => maySet && <RemovePoint of={row} />),
      ]}
    />
  );
}
