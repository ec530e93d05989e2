// Rules of replenishment: how much of an item there shall be at a place, and who supplies it.
import { Text } from "@mantine/core";
import type { Row } from "../api/client";
import { typeDecimal } from "../format";
import { Choice } from "../house/Choice";
import { columnsOf } from "../house/columns";
import { Dialog } from "../house/Dialog";
import { DayField, DecimalField, OneOf, TextField, useDecimal, useFields } from "../house/fields";
import { ListPage } from "../house/ListPage";
import { useAct } from "../house/useAct";
import { useMay } from "../session";
import { stateWord, useTongue, useWords } from "../words";

type Rule = Row<"/api/v1/replenishment-rules">;
const rule = columnsOf<Rule>();
const TRIGGERS = ["manual", "auto"] as const;
const NONE = {
  sku: "",
  place: "",
  min: "",
  max: "",
  point: "",
  multiple: "",
  minimum: "",
  lead: "",
  horizon: "",
  visibility: "",
  trigger: "manual",
  source: "",
  supplier: "",
  snoozed: "",
};

/** A rule as it is typed. */
function typed(of: Rule, locale: string): typeof NONE {
  const quantity = (text: string | null | undefined) => (text ? typeDecimal(text, locale) : "");
  const days = (count: number | null | undefined) => count?.toString() ?? "";
  return {
    sku: of.sku,
    place: of.place,
    min: quantity(of.min),
    max: quantity(of.max),
    point: quantity(of.reorder_point),
    multiple: quantity(of.multiple),
    minimum: quantity(of.minimum),
    lead: days(of.lead_days),
    horizon: days(of.horizon_days),
    visibility: days(of.visibility_days),
    trigger: of.trigger,
    source: of.source,
    supplier: of.supplier,
    snoozed: of.snoozed_until ?? "",
  };
}

/** Whether a field holds whole days, or nothing. */
const isDays = (text: string) => /^\d*$/.test(text.trim());
const daysOf = (text: string) => (text.trim() ? Number(text) : null);

/** Sets a rule, or gives one its new numbers. */
function SetRule({ of }: { of?: Rule }) {
  const say = useWords();
  const { locale } = useTongue();
  const decimal = useDecimal();
  const { form, set, reset } = useFields(NONE);
  const save = useAct("/api/v1/replenishment-rules", () => say("done.saved"));
  const [min, max] = [decimal(form.min), decimal(form.max)];
  const days = [form.lead, form.horizon, form.visibility];
  // What is typed and cannot be read must not be taken for nothing.
  const read = (text: string) => !text.trim() || decimal(text) !== undefined;
  const numbers = [form.point, form.multiple, form.minimum].every(read) && days.every(isDays);
  const act = () =>
    save.mutateAsync({
      rules: [
        {
          sku: form.sku.trim(),
          place: form.place.trim(),
          min: min ?? "0",
          max: max ?? "0",
          reorder_point: decimal(form.point) ?? null,
          multiple: decimal(form.multiple) ?? "0",
          minimum: decimal(form.minimum) ?? "0",
          lead_days: daysOf(form.lead),
          horizon_days: daysOf(form.horizon),
          visibility_days: daysOf(form.visibility) ?? 0,
          trigger: TRIGGERS.find((one) => one === form.trigger) ?? null,
          source: form.source || null,
          supplier: form.supplier || null,
          snoozed_until: form.snoozed || null,
          // Another number alone puts nothing back into use.
          retired: of ? !of.active : false,
        },
      ],
    });
  return (
    <Dialog
      word={of ? "act.changeRule" : "act.setRule"}
      look={of ? "default" : "filled"}
      inLine={of !== undefined}
      busy={save.isPending}
      ready={Boolean(form.sku.trim() && form.place.trim() && min && max && numbers)}
      onOpen={() => reset(of ? typed(of, locale) : NONE)}
      act={act}
      body={
        <>
          {of ? (
            <Text size="sm">
              {of.sku} · {of.place}
            </Text>
          ) : (
            <>
              <TextField word="f.sku" required focus scan value={form.sku} change={set("sku")} />
              <TextField
                word="f.place"
                hint={say("rule.placeHint")}
                required
                value={form.place}
                change={set("place")}
              />
            </>
          )}
          <DecimalField word="why.min" required value={form.min} change={set("min")} />
          <DecimalField word="why.max" required value={form.max} change={set("max")} />
          <DecimalField word="why.reorder" value={form.point} change={set("point")} />
          <Choice
            of="warehouses"
            word="f.sourceWarehouse"
            hint={say("rule.sourceHint")}
            clearable
            value={form.source}
            change={set("source")}
          />
          <Choice
            of="suppliers"
            word="f.preferredSupplier"
            clearable
            value={form.supplier}
            change={set("supplier")}
          />
          <DecimalField
            word="f.leadDays"
            hint={say("rule.leadHint")}
            value={form.lead}
            change={set("lead")}
          />
          <DecimalField word="f.minimumOrder" value={form.minimum} change={set("minimum")} />
          <DecimalField word="f.multiple" value={form.multiple} change={set("multiple")} />
          <DecimalField word="f.horizonDays" value={form.horizon} change={set("horizon")} />
          <DecimalField
            word="f.visibilityDays"
            value={form.visibility}
            change={set("visibility")}
          />
          <OneOf
            word="f.trigger"
            of={TRIGGERS}
            value={TRIGGERS.find((one) => one === form.trigger) ?? "manual"}
            change={set("trigger")}
          />
          <DayField word="f.snoozedUntil" value={form.snoozed} change={set("snoozed")} />
        </>
      }
    />
  );
}

/** Takes a rule out of use; it keeps its numbers. */
function Retire({ of }: { of: Rule }) {
  const say = useWords();
  const retire = useAct("/api/v1/replenishment-rules", () => say("done.saved"));
  const { sku, place, min, max } = of;
  const { reorder_point, multiple, minimum, lead_days, horizon_days, visibility_days } = of;
  const numbers = { reorder_point, multiple, minimum, lead_days, horizon_days, visibility_days };
  const supply = { source: of.source || null, supplier: of.supplier || null };
  const kept = { ...numbers, ...supply, trigger: of.trigger, snoozed_until: of.snoozed_until };
  return (
    <Dialog
      word="act.retireRule"
      inLine
      look="danger"
      busy={retire.isPending}
      ready
      act={() => retire.mutateAsync({ rules: [{ sku, place, min, max, ...kept, retired: true }] })}
      body={say("rule.retire", { sku, place })}
    />
  );
}

export default function Rules() {
  const say = useWords();
  const maySet = useMay()("planning.rule");
  return (
    <ListPage
      path="/api/v1/replenishment-rules"
      title="page.rules"
      rowKey={(row) => row.rule_id}
      actions={maySet && <SetRule />}
      filters={[
        { name: "sku", word: "f.sku", kind: "text", front: true },
        { name: "source", word: "f.sourceWarehouse", kind: "text", front: true },
        { name: "supplier", word: "f.preferredSupplier", kind: "text", front: true },
        { name: "warehouse", word: "f.warehouse", kind: "text" },
        { name: "retired", word: "f.retiredToo", kind: "yes" },
      ]}
      columns={[
        rule.text("f.sku", (row) => row.sku),
        rule.text("f.place", (row) => row.place),
        rule.quantity("why.min", (row) => row.min),
        rule.quantity("why.max", (row) => row.max),
        rule.quantity("why.reorder", (row) => row.reorder_point),
        rule.text("f.sourceWarehouse", (row) => row.source),
        rule.text("f.preferredSupplier", (row) => row.supplier),
        rule.count("f.leadDays", (row) => row.lead_days, { hidden: true }),
        rule.quantity("f.multiple", (row) => row.multiple, { hidden: true }),
        rule.quantity("f.minimumOrder", (row) => row.minimum, { hidden: true }),
        rule.text("f.trigger", (row) => stateWord(say, row.trigger)),
        rule.day("f.snoozedUntil", (row) => row.snoozed_until, { hidden: true }),
        rule.yesNo("f.active", (row) => row.active, { hidden: true }),
        rule.node(
          "f.action",
          (row) =>
            maySet && (
              <>
                <SetRule of={row} /> {row.active && <Retire of={row} />}
              </>
            ),
        ),
      ]}
    />
  );
}
