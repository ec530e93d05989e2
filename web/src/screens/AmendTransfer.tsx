// A transfer is changed before all of it has left: its quantities, and when it leaves and arrives.
import { Group } from "@mantine/core";
import { useState } from "react";
import type { Schemas } from "../api/client";
import { typeDecimal } from "../format";
import { Dialog } from "../house/Dialog";
import { DayField, useFields } from "../house/fields";
import { type Cell, type Line, LineEditor, readLines } from "../house/LineEditor";
import { useAct } from "../house/useAct";
import { useTongue, useWords } from "../words";

type Name = "line" | "sku" | "quantity";
const CELLS: Cell<Name>[] = [
  { name: "line", word: "f.line", fixed: true },
  { name: "sku", word: "f.sku", fixed: true },
  { name: "quantity", word: "f.quantity", decimal: true, width: 120 },
];

type Detail = Schemas["TransferDetail"];

const daysOf = ({ head }: Detail) => ({ depart: head.depart_on, arrive: head.arrive_on });

const askedOf = ({ lines }: Detail, locale: string) =>
  lines.map((one) => ({
    line: String(one.line),
    sku: one.sku,
    quantity: typeDecimal(one.quantity, locale),
  }));

export function AmendTransfer({ of }: { of: Detail }) {
  const say = useWords();
  const { locale } = useTongue();
  // The transfer as it was when the dialog was opened: only what differs from it is sent, so that
  // another's change meanwhile is not written over.
  const [seen, setSeen] = useState(of);
  const { transfer_id, depart_on, arrive_on, state } = seen.head;
  const asked = askedOf(seen, locale);
  const [lines, setLines] = useState<Line<Name>[]>(asked);
  const { form, set, reset } = useFields(daysOf(of));
  const amend = useAct("/api/v1/transfers/amend", () => say("done.saved"));
  const read = readLines(CELLS, lines, locale);
  // No line is without a quantity: zero drops one, and nothing at all would say nothing of it.
  const isWhole = lines.every(({ quantity }) => quantity.trim() !== "");
  const before = new Map(seen.lines.map(({ line, quantity }) => [line, quantity]));
  const changed = (read ?? [])
    .map(({ line, quantity }) => ({ line: Number(line), quantity }))
    .filter(({ line, quantity }) => quantity !== before.get(line));
  const isPlanned = state === "planned";
  const isOther = form.depart !== depart_on || form.arrive !== arrive_on;
  return (
    <Dialog
      word="act.amendTransfer"
      busy={amend.isPending}
      ready={Boolean(
        read && isWhole && form.depart && form.arrive && (isOther || changed.length > 0),
      )}
      onOpen={() => {
        setSeen(of);
        setLines(askedOf(of, locale));
        reset(daysOf(of));
      }}
      act={() =>
        amend.mutateAsync({
          transfer_id,
          depart_on: form.depart === depart_on ? null : form.depart,
          arrive_on: form.arrive === arrive_on ? null : form.arrive,
          lines: changed,
        })
      }
      body={
        <>
          <Group grow>
            <DayField
              word="f.departOn"
              required
              disabled={!isPlanned}
              value={form.depart}
              change={set("depart")}
            />
            <DayField word="f.arrivesOn" required value={form.arrive} change={set("arrive")} />
          </Group>
          <LineEditor cells={CELLS} lines={lines} change={setLines} given />
        </>
      }
    />
  );
}
