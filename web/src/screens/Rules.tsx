// Rules of replenishment: how much of an item there shall be at a place, and who supplies it.
import type { Row } from "../api/client";
import { typeDecimal } from "../format";
import { columnsOf } from "../house/columns";
import { Dialog } from "../house/Dialog";
import type { FormField } from "../house/FormDialog";
import { ListPage } from "../house/ListPage";
import { RuleDialog } from "../house/RuleDialog";
import { useAct } from "../house/useAct";
import { useMay } from "../session";
import { stateWord, useTongue, useWords } from "../words";

type Rule = Row<"/api/v1/replenishment-rules">;
const rule = columnsOf<Rule>();
const TRIGGERS = ["manual", "auto"] as const;
type Name =
  | "sku"
  | "place"
  | "min"
  | "max"
  | "point"
  | "multiple"
  | "minimum"
  | "lead"
  | "horizon"
  | "visibility"
  | "trigger"
  | "source"
  | "supplier"
  | "snoozed";
const NUMBERS: FormField<Name>[] = [
  { name: "min", word: "why.min", kind: "decimal", required: true },
  { name: "max", word: "why.max", kind: "decimal", required: true },
  { name: "point", word: "why.reorder", kind: "decimal" },
  { name: "source", word: "f.sourceWarehouse", of: "warehouses", hint: "rule.sourceHint" },
  { name: "supplier", word: "f.preferredSupplier", of: "suppliers" },
  { name: "lead", word: "f.leadDays", kind: "whole", hint: "rule.leadHint" },
  { name: "minimum", word: "f.minimumOrder", kind: "decimal" },
  { name: "multiple", word: "f.multiple", kind: "decimal" },
  { name: "horizon", word: "f.horizonDays", kind: "whole" },
  { name: "visibility", word: "f.visibilityDays", kind: "whole" },
  { name: "trigger", word: "f.trigger", kind: TRIGGERS },
  { name: "snoozed", word: "f.snoozedUntil", kind: "day" },
];
const ABOUT: FormField<Name>[] = [
  { name: "sku", word: "f.sku", required: true, scan: true },
  { name: "place", word: "f.place", required: true, hint: "rule.placeHint" },
];

/** A rule as it is typed; without one, what stands in the fields at first. */
function typed(of: Rule | undefined, locale: string): Record<Name, string> {
  const quantity = (text: string | null | undefined) => (text ? typeDecimal(text, locale) : "");
  const days = (count: number | null | undefined) => count?.toString() ?? "";
  return {
    sku: of?.sku ?? "",
    place: of?.place ?? "",
    min: quantity(of?.min),
    max: quantity(of?.max),
    point: quantity(of?.reorder_point),
    multiple: quantity(of?.multiple),
    minimum: quantity(of?.minimum),
    lead: days(of?.lead_days),
    horizon: days(of?.horizon_days),
    visibility: days(of?.visibility_days),
    trigger: of?.trigger ?? "manual",
    source: of?.source ?? "",
    supplier: of?.supplier ?? "",
    snoozed: of?.snoozed_until ?? "",
  };
}

const daysOf = (text: string) => (text ? Number(text) : null);

/** Sets a rule, or gives one its new numbers. */
function SetRule({ of }: { of?: Rule }) {
  const say = useWords();
  const { locale } = useTongue();
  const save = useAct("/api/v1/replenishment-rules", () => say("done.saved"));
  const act = (form: Record<Name, string>) =>
    save.mutateAsync({
      rules: [
        {
          sku: form.sku,
          place: form.place,
          min: form.min,
          max: form.max,
          reorder_point: form.point || null,
          multiple: form.multiple || "0",
          minimum: form.minimum || "0",
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
    <RuleDialog
      of={of && `${of.sku} · ${of.place}`}
      about={ABOUT}
      fields={NUMBERS}
      start={typed(of, locale)}
      busy={save.isPending}
      act={act}
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
