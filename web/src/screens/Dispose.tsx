// Where goods that came back go: each outcome asks for what it needs.
import { NativeSelect, Select, TextInput } from "@mantine/core";
import { useState } from "react";
import type { Row, Schemas } from "../api/client";
import { readDecimal } from "../format";
import { useReasons, useSuppliers } from "../house/choices";
import { Dialog } from "../house/Dialog";
import { useAct } from "../house/useAct";
import { useSession } from "../session";
import { stateWord, useTongue, useWords } from "../words";

type Goods = Row<"/api/v1/returned-goods">;
type Outcome = Schemas["Disposition"];
const OUTCOMES: Outcome[] = [
  "restock",
  "second_grade",
  "scrap",
  "supplier_claim",
  "back_to_customer",
];
const NOTHING = { reason: "", supplier: "", gradeSku: "", gradeValue: "", note: "" };

/** Decides where the goods of one arrival go. */
export function Dispose({ of }: { of: Goods }) {
  const say = useWords();
  const { me } = useSession();
  const { locale } = useTongue();
  const [opened, setOpened] = useState(false);
  const [outcome, setOutcome] = useState<Outcome>("restock");
  const [form, setForm] = useState(NOTHING);
  const reasons = useReasons(opened);
  const suppliers = useSuppliers(opened && outcome === "supplier_claim");
  const dispose = useAct("/api/v1/dispositions", (answer) =>
    say("done.decided", { number: answer.number }),
  );
  const set = (name: keyof typeof NOTHING) => (value: string | null) =>
    setForm((before) => ({ ...before, [name]: value ?? "" }));
  const second = outcome === "second_grade";
  const loses = second || outcome === "scrap";
  const claims = outcome === "supplier_claim";
  const worth = second ? readDecimal(form.gradeValue, locale) : undefined;
  const ready = (!loses || form.reason) && (!claims || form.supplier) && (!second || worth);
  const line = {
    line: of.line,
    outcome,
    quantity: of.undecided,
    note: form.note,
    ...(loses && { reason: form.reason }),
    ...(claims && { supplier: form.supplier }),
    ...(second && worth && { grade_value: { amount: worth, currency: me.currency } }),
    ...(second && form.gradeSku && { grade_sku: form.gradeSku }),
  };
  return (
    <Dialog
      word="act.dispose"
      inLine
      busy={dispose.isPending}
      ready={Boolean(ready)}
      onOpen={() => {
        setOpened(true);
        setForm(NOTHING);
      }}
      act={() => dispose.mutateAsync({ return_id: of.return_id, lines: [line] })}
      body={
        <>
          <NativeSelect
            label={say("f.outcome")}
            value={outcome}
            onChange={(event) => setOutcome(event.currentTarget.value as Outcome)}
            data={OUTCOMES.map((word) => ({ value: word, label: stateWord(say, word) }))}
          />
          {loses && (
            <Select
              label={say("f.reason")}
              description={say("dispose.reasonHint")}
              required
              value={form.reason || null}
              onChange={set("reason")}
              data={reasons}
            />
          )}
          {claims && (
            <Select
              label={say("f.supplier")}
              required
              searchable
              value={form.supplier || null}
              onChange={set("supplier")}
              data={suppliers}
            />
          )}
          {second && (
            <>
              <TextInput
                label={say("dispose.gradeValue", { currency: me.currency })}
                required
                inputMode="decimal"
                value={form.gradeValue}
                onChange={(event) => set("gradeValue")(event.currentTarget.value)}
              />
              <TextInput
                label={say("dispose.gradeSku")}
                description={say("dispose.gradeSkuHint")}
                value={form.gradeSku}
                onChange={(event) => set("gradeSku")(event.currentTarget.value)}
              />
            </>
          )}
          <TextInput
            label={say("f.note")}
            value={form.note}
            onChange={(event) => set("note")(event.currentTarget.value)}
          />
        </>
      }
    />
  );
}
