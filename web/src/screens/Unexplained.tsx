// Differences that nobody could explain yet, and the explanation.
import type { Row } from "../api/client";
import { Choice } from "../house/Choice";
import { columnsOf } from "../house/columns";
import { Dialog } from "../house/Dialog";
import { TextField, useFields } from "../house/fields";
import { ListPage } from "../house/ListPage";
import { useAct } from "../house/useAct";
import { useMay } from "../session";
import { useWords } from "../words";

type Line = Row<"/api/v1/unexplained">;
const line = columnsOf<Line>();

/** Moves the value of a line to the reason that it was. */
function Explain({ of }: { of: Line }) {
  const say = useWords();
  const { form, set, reset } = useFields({ reason: "", note: "" });
  const explain = useAct("/api/v1/unexplained", () => say("done.saved"));
  return (
    <Dialog
      word="act.explain"
      inLine
      busy={explain.isPending}
      ready={Boolean(form.reason && form.note.trim())}
      onOpen={() => reset()}
      act={() =>
        explain.mutateAsync({
          adjustment_id: of.adjustment_id,
          lines: [of.line],
          note: form.note.trim(),
          reason: form.reason,
        })
      }
      body={
        <>
          <Choice
            of="reasons"
            word="f.reason"
            required
            value={form.reason}
            change={set("reason")}
          />
          <TextField word="f.note" required value={form.note} change={set("note")} />
        </>
      }
    />
  );
}

export default function Unexplained() {
  const may = useMay();
  return (
    <ListPage
      path="/api/v1/unexplained"
      title="page.unexplained"
      rowKey={(row) => `${row.adjustment_id}-${row.line}`}
      filters={[
        { name: "explained", word: "f.explained", kind: "yes", front: true },
        { name: "due_before", word: "f.dueOn", kind: "day" },
      ]}
      columns={[
        line.text("f.number", (row) => row.number),
        line.text("f.sku", (row) => row.sku),
        line.text("f.place", (row) => row.place),
        line.quantity("f.quantity", (row) => row.quantity),
        line.money("f.value", (row) => row.value),
        line.day("f.day", (row) => row.happened_on),
        line.day("f.dueOn", (row) => row.due_on),
        line.yesNo("f.overdue", (row) => row.overdue),
        line.text("f.explainedAs", (row) => row.explained_as),
        line.node("f.action", (row) =>
          row.explained_as === "" && may("stock.explain") ? <Explain of={row} /> : null,
        ),
      ]}
    />
  );
}
