// What was refused, or not sent yet, is set right: it becomes another request, with a key of its own.
import { Box, Checkbox, Text } from "@mantine/core";
import { useState } from "react";
import { typeDecimal } from "../../format";
import { Dialog } from "../../house/Dialog";
import { DayField, DecimalField, TextField, useDecimal } from "../../house/fields";
import { tell } from "../../house/tell";
import type { Act } from "../../shift/acts";
import { putActs } from "../../shift/keeper";
import { sync, whileMine } from "../../shift/sync";
import { useTongue, useWords } from "../../words";

interface Line {
  quantity: string;
  lot: string;
  to: string;
}

interface Form {
  lines: Line[];
  day: string;
  over: boolean;
}

/** The day on which it was done, where the request says one. */
function dayOf(act: Act): string {
  if (act.kind === "receive") return act.body.received_on ?? "";
  return bearsDay(act) ? (act.body.happened_on ?? "") : "";
}

/** Whether the request says on which day it happened. */
function bearsDay(act: Act): act is Extract<Act, { kind: "dispatch" | "arrive" | "put_away" }> {
  return ["dispatch", "arrive", "put_away"].includes(act.kind);
}

const hasLot = (act: Act) => act.kind !== "dispatch";

/** The act as somebody set it right. A line without a quantity is left out. */
function changed(act: Act, { lines, day, over }: Form, read: (typed: string) => string): Act {
  const key = crypto.randomUUID();
  const keeps = lines.map(({ quantity }) => quantity.trim() !== "");
  const body = {
    ...act.body,
    lines: (act.body.lines ?? [])
      .map((line, at) => ({
        ...line,
        quantity: read(lines[at]?.quantity ?? ""),
        ...(hasLot(act) && { lot: lines[at]?.lot || null }),
        ...(act.kind === "put_away" && { to: lines[at]?.to || null }),
      }))
      .filter((_, at) => keeps[at]),
    ...(act.kind !== "count" && { client_ref: key }),
    ...(act.kind === "receive" && { received_on: day, confirm_over: over }),
    ...(bearsDay(act) && { happened_on: day }),
  };
  const said = act.said.filter((_, at) => keeps[at]);
  const was = [...(act.was ?? []), act.key];
  const anew = { state: "waiting", tries: 0, problem: undefined, exportedAt: undefined };
  return { ...act, key, was, body, said, ...anew } as Act;
}

export function EditAct({ of }: { of: Act }) {
  const say = useWords();
  const decimal = useDecimal();
  const { locale } = useTongue();
  const fresh = (): Form => ({
    lines: (of.body.lines ?? []).map((line) => ({
      quantity: typeDecimal(line.quantity ?? "", locale),
      lot: ("lot" in line && line.lot) || "",
      to: ("to" in line && line.to) || "",
    })),
    day: dayOf(of),
    over: of.kind === "receive" && Boolean(of.body.confirm_over),
  });
  const [form, setForm] = useState(fresh);
  const isGood = ({ quantity }: Line) => quantity.trim() === "" || decimal(quantity) !== undefined;
  const some = form.lines.some(({ quantity }) => quantity.trim() !== "");
  const set = (at: number, to: Partial<Line>) =>
    setForm((before) => ({
      ...before,
      lines: before.lines.map((line, place) => (place === at ? { ...line, ...to } : line)),
    }));
  const save = async () => {
    const right = changed(of, form, (typed) => decimal(typed) ?? "");
    const done = await whileMine([of], () => putActs([right], [of.key]));
    if (!done) tell(say, "look", say("shift.goneMeanwhile"));
    sync();
  };
  return (
    <Dialog
      word="act.editAct"
      busy={false}
      ready={some && form.lines.every(isGood)}
      onOpen={() => setForm(fresh())}
      act={save}
      body={
        <>
          <Text size="sm" c="dimmed">
            {say("shift.editText")}
          </Text>
          {form.lines.map((line, at) => (
            <Box
              // biome-ignore lint/suspicious/noArrayIndexKey: lines stay where they are
              key={at}
              component="fieldset"
              className="sheet"
              p="xs"
              m={0}
            >
              <Text component="legend" size="sm" fw={600}>
                {of.said[at]}
              </Text>
              <DecimalField
                word="f.quantity"
                value={line.quantity}
                change={(quantity) => set(at, { quantity })}
              />
              {of.kind === "put_away" && (
                <TextField word="f.toPlace" value={line.to} change={(to) => set(at, { to })} />
              )}
              {hasLot(of) && (
                <TextField word="f.lot" value={line.lot} change={(lot) => set(at, { lot })} />
              )}
            </Box>
          ))}
          {dayOf(of) && (
            <DayField
              word="f.happenedOn"
              value={form.day}
              change={(day) => setForm((before) => ({ ...before, day }))}
            />
          )}
          {of.kind === "receive" && (
            <Checkbox
              label={say("shift.confirmOver")}
              checked={form.over}
              onChange={(event) => {
                const over = event.currentTarget.checked;
                setForm((before) => ({ ...before, over }));
              }}
            />
          )}
        </>
      }
    />
  );
}
