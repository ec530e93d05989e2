// An order to a supplier is changed after it was written: its lines and note, what is no longer waited
// for, and what the supplier promises instead.
import { Box, Checkbox, MultiSelect, Text } from "@mantine/core";
import { useState } from "react";
import { Refusal, type Schemas } from "../api/client";
import { isZero, typeDecimal } from "../format";
import { Dialog } from "../house/Dialog";
import { ReasonField, TextField } from "../house/fields";
import { type Cell, emptyLine, type Line, LineEditor, readLines } from "../house/LineEditor";
import { useAct } from "../house/useAct";
import { useTongue, useWords } from "../words";

type Order = Schemas["OrderDetail"];
type OrderLine = Order["lines"][number];
interface OrderProps {
  of: Order;
}

type Changed = "line" | "sku" | "quantity" | "price" | "due";
const CHANGED: Cell<Changed>[] = [
  { name: "line", word: "f.line", fixed: true },
  { name: "sku", word: "f.sku", fixed: true },
  { name: "quantity", word: "f.quantity", decimal: true, width: 100 },
  { name: "price", word: "f.price", decimal: true, width: 100 },
  { name: "due", word: "f.dueOn", day: true, width: 150 },
];
type Added = "sku" | "quantity" | "price";
const ADDED: Cell<Added>[] = [
  { name: "sku", word: "f.sku" },
  { name: "quantity", word: "f.quantity", decimal: true, width: 120 },
  { name: "price", word: "f.price", decimal: true, width: 120 },
];

/** What of a line is another now; nothing when none of it is. */
function changeOf(
  line: OrderLine,
  read: Line<Changed>,
  typed: Line<Changed>,
  asked: Line<Changed>,
) {
  const is = (name: Changed) => typed[name].trim() !== asked[name].trim();
  if (!is("quantity") && !is("price") && !is("due")) return [];
  return [
    {
      line: line.line,
      ...(is("quantity") && { quantity: read.quantity }),
      ...(is("price") && { price: read.price }),
      ...(is("due") && { due_on: read.due }),
    },
  ];
}

const openOf = (order: Order) => order.lines.filter(({ closed_short }) => !closed_short);

/** What can be changed of the lines, as it is typed. */
const askedOf = (order: Order, locale: string) =>
  openOf(order).map((one) => ({
    line: String(one.line),
    sku: one.sku,
    quantity: typeDecimal(one.quantity, locale),
    price: typeDecimal(one.price, locale),
    due: one.due_on,
  }));

/** Changes quantities, prices and days of an order, its note, and adds lines. */
export function AmendOrder({ of }: OrderProps) {
  const say = useWords();
  const { locale } = useTongue();
  // The order as it was when the dialog was opened: another's change meanwhile is not written over.
  const [seen, setSeen] = useState(of);
  const lines = openOf(seen);
  const asked = askedOf(seen, locale);
  const [typed, setTyped] = useState<Line<Changed>[]>(asked);
  const [added, setAdded] = useState<Line<Added>[]>([emptyLine(ADDED)]);
  const [note, setNote] = useState(of.note);
  const amend = useAct("/api/v1/purchase-orders/amend", ({ revision, to_approval }) =>
    to_approval
      ? { how: "look", text: say("amend.toApproval", { revision }) }
      : say("amend.done", { revision }),
  );
  const read = readLines(CHANGED, typed, locale);
  const more = readLines(ADDED, added, locale);
  const isWhole =
    typed.every(({ quantity, price, due }) => quantity.trim() && price.trim() && due) &&
    more?.every(({ sku, quantity }) => sku && quantity);
  const changes = lines.flatMap((line, at) => {
    const [now, here, before] = [read?.[at], typed[at], asked[at]];
    return now && here && before ? changeOf(line, now, here, before) : [];
  });
  const isOther = changes.length > 0 || Boolean(more?.length) || note !== seen.note;
  return (
    <Dialog
      word="act.amendOrder"
      size="xl"
      busy={amend.isPending}
      ready={Boolean(read && isWhole && isOther)}
      onOpen={() => {
        setSeen(of);
        setTyped(askedOf(of, locale));
        setAdded([emptyLine(ADDED)]);
        setNote(of.note);
      }}
      act={() =>
        amend.mutateAsync({
          order_id: seen.order_id,
          revision: seen.revision,
          note: note === seen.note ? null : note,
          lines: changes,
          add: (more ?? []).map(({ sku, quantity, price }) => {
            return { sku, quantity, price: price || null };
          }),
        })
      }
      body={
        <>
          <Text size="sm">{say("amend.text")}</Text>
          <LineEditor cells={CHANGED} lines={typed} change={setTyped} given />
          <Box role="group" aria-label={say("amend.added")}>
            <Text size="sm" fw={600} mb={4}>
              {say("amend.added")}
            </Text>
            <LineEditor cells={ADDED} lines={added} change={setAdded} />
          </Box>
          <TextField word="f.note" value={note} change={setNote} />
        </>
      }
    />
  );
}

/** Says that the rest of lines is no longer waited for. */
export function CloseShort({ of }: OrderProps) {
  const say = useWords();
  const due = of.lines.filter((line) => !isZero(line.due));
  const all = due.map(({ line }) => String(line));
  const [chosen, setChosen] = useState(all);
  const [reason, setReason] = useState("");
  const close = useAct("/api/v1/purchase-orders/close", () => say("amend.closed"));
  return (
    <Dialog
      word="act.closeShort"
      look="danger"
      busy={close.isPending}
      ready={chosen.length > 0 && reason.trim() !== ""}
      onOpen={() => {
        setChosen(all);
        setReason("");
      }}
      act={() =>
        close.mutateAsync({
          order_id: of.order_id,
          lines: chosen.map(Number),
          reason: reason.trim(),
        })
      }
      body={
        <>
          <Text size="sm">{say("amend.closeText")}</Text>
          <MultiSelect
            label={say("f.lines")}
            data={due.map(({ line, sku }) => ({ value: String(line), label: `${line}: ${sku}` }))}
            value={chosen}
            onChange={setChosen}
          />
          <ReasonField required value={reason} change={setReason} />
        </>
      }
    />
  );
}

type Promised = "line" | "sku" | "quantity" | "day";
const PROMISED: Cell<Promised>[] = [
  { name: "line", word: "f.line", fixed: true },
  { name: "sku", word: "f.sku", fixed: true },
  { name: "quantity", word: "f.quantity", decimal: true, width: 110 },
  { name: "day", word: "f.promisedOn", day: true, width: 150 },
];

/** The lines still due as they were promised last, or as they were ordered: quantity and day. */
function promisedOf(order: Order) {
  const last = new Map(order.promises.map((one) => [one.line, one]));
  return order.lines
    .filter((line) => !isZero(line.due))
    .map(({ line, sku, quantity, promised_on, due_on }) => ({
      line,
      sku,
      quantity: last.get(line)?.quantity ?? quantity,
      day: promised_on ?? due_on,
    }));
}

const typedOf = (order: Order, locale: string) =>
  promisedOf(order).map(({ line, quantity, ...rest }) => ({
    ...rest,
    line: String(line),
    quantity: typeDecimal(quantity, locale),
  }));

/** What the supplier promises instead of what was ordered. */
export function EnterPromise({ of }: OrderProps) {
  const say = useWords();
  const { locale } = useTongue();
  // The order as it was when the dialog was opened: only what differs from it is promised anew.
  const [seen, setSeen] = useState(of);
  const [lines, setLines] = useState<Line<Promised>[]>(() => typedOf(of, locale));
  const [beyond, setBeyond] = useState(false);
  const [accepted, setAccepted] = useState(false);
  const promise = useAct("/api/v1/purchase-orders/acknowledge", ({ changed }) =>
    changed.length > 0
      ? { how: "look", text: say("amend.promisedLess", { lines: changed.join(", ") }) }
      : say("done.acknowledged"),
  );
  const change = (next: Line<Promised>[]) => {
    setLines(next);
    // The buyer's yes is to what the server told, not to what is typed after it.
    setBeyond(false);
    setAccepted(false);
  };
  const read = readLines(PROMISED, lines, locale);
  const isWhole = lines.every(({ quantity, day }) => quantity.trim() && day);
  const before = new Map(promisedOf(seen).map((one) => [String(one.line), one]));
  const promises = (read ?? [])
    .filter(({ line, quantity, day }) => {
      const was = before.get(line);
      return quantity !== was?.quantity || day !== was.day;
    })
    .map(({ line, quantity, day }) => ({ line: Number(line), promised_on: day, quantity }));
  // That all comes as it was ordered is a confirmation, too, but only once.
  const isNews = promises.length > 0 || seen.state !== "acknowledged";
  const send = async () => {
    const accept = beyond && accepted;
    const asked = { order_id: seen.order_id, lines: promises, ...(accept && { accept }) };
    await promise.mutateAsync(asked).catch((error: unknown) => {
      setBeyond(error instanceof Refusal && error.code === "confirmation_beyond_tolerance");
      throw error;
    });
  };
  return (
    <Dialog
      word="act.promise"
      size="lg"
      busy={promise.isPending}
      ready={Boolean(read && isWhole && isNews)}
      onOpen={() => {
        setSeen(of);
        change(typedOf(of, locale));
      }}
      act={send}
      body={
        <>
          <Text size="sm">{say("amend.promiseText")}</Text>
          <LineEditor cells={PROMISED} lines={lines} change={change} given />
          {beyond && (
            <Checkbox
              label={say("amend.acceptBeyond")}
              checked={accepted}
              onChange={(event) => setAccepted(event.currentTarget.checked)}
            />
          )}
        </>
      }
    />
  );
}
