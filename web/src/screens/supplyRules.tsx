// What supply goes by: which goods are inspected when they arrive, and how long transfers take.
import type { Row } from "../api/client";
import { columnsOf } from "../house/columns";
import { FormDialog, type FormField } from "../house/FormDialog";
import { ListPage } from "../house/ListPage";
import { RuleDialog } from "../house/RuleDialog";
import { useAct } from "../house/useAct";
import { useMay } from "../session";
import { type Say, useWords } from "../words";

type InspectionRule = Row<"/api/v1/inspection-rules">;
const inspection = columnsOf<InspectionRule>();

const ANSWERS = ["yes", "no", "none"] as const;

/** Whether goods are inspected, or that the rule goes. */
function answerWord(say: Say, word: string): string {
  return word === "none" ? say("inspect.noRule") : say(word === "yes" ? "yes" : "no");
}

type Name = "sku" | "supplier" | "inspect";
const ABOUT: FormField<Name>[] = [
  { name: "sku", word: "f.sku", scan: true, hint: "inspect.skuHint" },
  { name: "supplier", word: "f.supplier", of: "suppliers", hint: "inspect.supplierHint" },
];
const ANSWER: FormField<Name>[] = [
  { name: "inspect", word: "f.inspected", kind: ANSWERS, tell: answerWord },
];

/** Sets a rule about an item, a supplier or both, or takes it away. */
function SetInspection({ of }: { of?: InspectionRule }) {
  const say = useWords();
  const save = useAct("/api/v1/inspection-rules", () => say("done.saved"));
  return (
    <RuleDialog
      of={of && [of.sku, of.supplier].filter(Boolean).join(" · ")}
      about={ABOUT}
      fields={ANSWER}
      start={{
        sku: of?.sku ?? "",
        supplier: of?.supplier ?? "",
        inspect: of && !of.inspect ? "no" : "yes",
      }}
      busy={save.isPending}
      act={({ sku, supplier, inspect }) =>
        save.mutateAsync({
          sku: sku || null,
          supplier: supplier || null,
          inspect: inspect === "none" ? null : inspect === "yes",
        })
      }
    />
  );
}

export function InspectionRules() {
  const sets = useMay()("purchasing.order");
  return (
    <ListPage
      path="/api/v1/inspection-rules"
      title="page.inspectionRules"
      actions={sets && <SetInspection />}
      rowKey={(row) => `${row.sku ?? ""}/${row.supplier ?? ""}`}
      filters={[
        { name: "sku", word: "f.sku", kind: "text", front: true },
        { name: "supplier", word: "f.supplier", kind: "text", front: true },
      ]}
      columns={[
        inspection.text("f.sku", (row) => row.sku),
        inspection.text("f.supplier", (row) => row.supplier),
        inspection.yesNo("f.inspected", (row) => row.inspect ?? false),
        inspection.node("f.action", (row) => (sets ? <SetInspection of={row} /> : null)),
      ]}
    />
  );
}

type LeadTime = Row<"/api/v1/transfer-lead-times">;
const time = columnsOf<LeadTime>();

const WAY: FormField<"from" | "to" | "days">[] = [
  { name: "from", word: "f.sourceWarehouse", of: "warehouses", required: true },
  { name: "to", word: "f.toWarehouse", of: "warehouses", required: true },
  { name: "days", word: "f.days", kind: "whole", required: true },
];

/** How many days goods take from one warehouse to another. */
function SetTime({ of }: { of?: LeadTime }) {
  const say = useWords();
  const save = useAct("/api/v1/transfer-lead-times", () => say("done.saved"));
  return (
    <FormDialog
      word={of ? "act.amend" : "act.setTransferTime"}
      look={of ? "default" : "filled"}
      inLine={of !== undefined}
      before={of && `${of.from} → ${of.to}`}
      fields={of ? WAY.slice(2) : WAY}
      start={{ from: of?.from ?? "", to: of?.to ?? "", days: String(of?.days ?? "") }}
      busy={save.isPending}
      act={({ from, to, days }) => save.mutateAsync({ from, to, days: Number(days) })}
    />
  );
}

export function TransferTimes() {
  const sets = useMay()("stock.edit_places");
  return (
    <ListPage
      path="/api/v1/transfer-lead-times"
      title="page.transferTimes"
      actions={sets && <SetTime />}
      rowKey={(row) => `${row.from}/${row.to}`}
      columns={[
        time.text("f.sourceWarehouse", (row) => row.from),
        time.text("f.toWarehouse", (row) => row.to),
        time.count("f.days", (row) => row.days),
        time.node("f.action", (row) => (sets ? <SetTime of={row} /> : null)),
      ]}
    />
  );
}
