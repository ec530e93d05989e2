// Where goods that came back go: each outcome asks for what it needs.
import type { Row, Schemas } from "../api/client";
import { Choice } from "../house/Choice";
import { Dialog } from "../house/Dialog";
import {
  DecimalField,
  OneOf,
  StockReason,
  TextField,
  useDecimal,
  useFields,
} from "../house/fields";
import { useAct } from "../house/useAct";
import { DISPOSITIONS } from "../returned";
import { useSession } from "../session";
import { useWords } from "../words";

type Goods = Row<"/api/v1/returned-goods">;
type Outcome = Schemas["Disposition"];
const NOTHING = { reason: "", supplier: "", gradeSku: "", gradeValue: "", note: "" };
type Form = typeof NOTHING & { outcome: Outcome };
const RESTOCK: Form = { ...NOTHING, outcome: "restock" };

/** Decides where the goods of one arrival go. */
export function Dispose({ of }: { of: Goods }) {
  const say = useWords();
  const { me } = useSession();
  const decimal = useDecimal();
  const { form, set, reset } = useFields(RESTOCK);
  const { outcome } = form;
  const dispose = useAct("/api/v1/dispositions", (answer) =>
    say("done.decided", { number: answer.number }),
  );
  const second = outcome === "second_grade";
  const loses = second || outcome === "scrap";
  const claims = outcome === "supplier_claim";
  const worth = second ? decimal(form.gradeValue) : undefined;
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
      onOpen={() => reset()}
      act={() => dispose.mutateAsync({ return_id: of.return_id, lines: [line] })}
      body={
        <>
          <OneOf word="f.outcome" of={DISPOSITIONS} value={outcome} change={set("outcome")} />
          {loses && <StockReason value={form.reason} change={set("reason")} />}
          {claims && (
            <Choice
              of="suppliers"
              word="f.supplier"
              required
              value={form.supplier}
              change={set("supplier")}
            />
          )}
          {second && (
            <>
              <DecimalField
                word="dispose.gradeValue"
                label={say("dispose.gradeValue", { currency: me.currency })}
                required
                value={form.gradeValue}
                change={set("gradeValue")}
              />
              <TextField
                word="dispose.gradeSku"
                hint={say("dispose.gradeSkuHint")}
                value={form.gradeSku}
                change={set("gradeSku")}
              />
            </>
          )}
          <TextField word="f.note" value={form.note} change={set("note")} />
        </>
      }
    />
  );
}
