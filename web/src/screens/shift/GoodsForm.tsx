// Goods are scanned or entered one after the other; all of them are booked in one act.
import { Box, Button, Group, Switch, Text, Title } from "@mantine/core";
import { useNavigate } from "@tanstack/react-router";
import { type ReactNode, useState } from "react";
import { isZero, typeDecimal } from "../../format";
import { Quantity } from "../../house/cells";
import { DayField, DecimalField, OneOf, TextField, useDecimal } from "../../house/fields";
import { told } from "../../house/Problem";
import { tell } from "../../house/tell";
import { useSession } from "../../session";
import { dayNow } from "../../shift/clock";
import type { KnownItem } from "../../shift/codes";
import { useDraft } from "../../shift/useDraft";
import { useTongue, useWords, type Word } from "../../words";
import { ScanBar } from "../Scan";
import { added, type Draft, type Entered, entered, type Goods, scannedGoods } from "./goods";

interface GoodsFormProps<O extends string> {
  /** Under which it is kept until it is booked. */
  name: string;
  word: Word;
  goods: Goods[];
  items: KnownItem[];
  outcomes: readonly [O, ...O[]];
  lots: boolean;
  /** What is asked beside the outcome, and whether it is answered. */
  reason?: (row: Entered<O>, change: (reason: string) => void) => ReactNode;
  isWhole?: (row: Entered<O>) => boolean;
  noteWord?: Word;
  book: (rows: Entered<O>[], draft: { note: string; day: string }) => Promise<void>;
}

export function GoodsForm<O extends string>({ name, goods, items, ...form }: GoodsFormProps<O>) {
  const say = useWords();
  const { locale } = useTongue();
  const navigate = useNavigate();
  const decimal = useDecimal();
  const { me } = useSession();
  const [blind, setBlind] = useState(false);
  const [busy, setBusy] = useState(false);
  const none: Draft<O> = { rows: [], note: "", day: "" };
  const {
    draft = none,
    change,
    end,
  } = useDraft<Draft<O>>(name, none, ({ rows }) => rows.length === 0);
  const [outcome] = form.outcomes;
  const reading = { say, locale, decimal, goods, items, lots: form.lots };
  const rows = (how: (rows: Entered<O>[]) => Entered<O>[]) =>
    change((before) => ({ ...before, rows: how(before.rows) }));
  const set = (id: string, to: Partial<Entered<O>>) =>
    rows((all) => all.map((row) => (row.id === id ? { ...row, ...to } : row)));
  const today = dayNow(me.zone);
  const isGood = (row: Entered<O>) => {
    const quantity = decimal(row.quantity);
    return quantity !== undefined && !isZero(quantity) && (form.isWhole?.(row) ?? true);
  };
  const ready = draft.rows.length > 0 && draft.rows.every(isGood) && draft.day <= today;
  const book = async () => {
    setBusy(true);
    try {
      const read = draft.rows.map((row) => ({ ...row, quantity: decimal(row.quantity) ?? "" }));
      await form.book(read, { note: draft.note, day: draft.day || today });
      await end();
      tell(say, "done", say("shift.queued"));
      await navigate({ to: "/shift" });
    } catch (error) {
      tell(say, "wrong", told(say, error));
    } finally {
      setBusy(false);
    }
  };
  return (
    <Box>
      <ScanBar
        hint={say("shift.scanGoods")}
        send={async (scan) => {
          const found = scannedGoods(scan, reading);
          rows((all) => added(all, found, outcome, reading));
        }}
      />
      {draft.rows.map((row) => (
        <Row
          key={row.id}
          row={row}
          of={goods.find(({ line }) => line === row.line)}
          item={items.find(({ sku }) => sku === row.sku)}
          form={form}
          set={(to) => set(row.id, to)}
          remove={() => rows((all) => all.filter((one) => one !== row))}
        />
      ))}
      {draft.rows.length > 0 && (
        <Box className="sheet" p="sm" mb="sm">
          {form.noteWord && (
            <TextField
              word={form.noteWord}
              value={draft.note}
              change={(note) => change((before) => ({ ...before, note }))}
            />
          )}
          <DayField
            word="f.happenedOn"
            value={draft.day || today}
            change={(day) => change((before) => ({ ...before, day }))}
          />
          <Button mt="sm" fullWidth loading={busy} disabled={!ready} onClick={book}>
            {say(form.word)}
          </Button>
        </Box>
      )}
      <Group justify="space-between" mb="xs">
        <Title order={2}>{say("record.lines")}</Title>
        <Switch
          size="xs"
          label={say("shift.blind")}
          checked={blind}
          onChange={(event) => setBlind(event.currentTarget.checked)}
        />
      </Group>
      {goods.map((of) => (
        <Group key={of.line} className="sheet" p="xs" mb={6} justify="space-between" wrap="nowrap">
          <Text size="sm" style={{ overflowWrap: "anywhere" }}>
            <b>{of.sku}</b> {of.name}
            {!blind && (
              <>
                {" · "}
                {say("f.stillDue")} <Quantity of={of.expected} unit={of.unit} />
              </>
            )}
          </Text>
          <Button
            variant="default"
            size="compact-sm"
            style={{ flex: "none" }}
            aria-label={say("shift.enterLine", { n: of.line, sku: of.sku })}
            onClick={() => {
              const all = blind || isZero(of.expected) ? "" : typeDecimal(of.expected, locale);
              rows((before) => [...before, entered(of, outcome, all)]);
            }}
          >
            {say("act.enterCode")}
          </Button>
        </Group>
      ))}
    </Box>
  );
}

interface RowProps<O extends string> {
  row: Entered<O>;
  of: Goods | undefined;
  item: KnownItem | undefined;
  form: Pick<GoodsFormProps<O>, "outcomes" | "lots" | "reason">;
  set: (to: Partial<Entered<O>>) => void;
  remove: () => void;
}

function Row<O extends string>({ row, of, item, form, set, remove }: RowProps<O>) {
  const say = useWords();
  const tracked = form.lots && item !== undefined && item.tracking !== "none";
  return (
    <Box
      className="sheet"
      component="section"
      p="sm"
      mb="xs"
      aria-label={`${say("problem.line", { n: row.line })}, ${row.sku}`}
    >
      <Text size="sm" style={{ overflowWrap: "anywhere" }}>
        <b>{row.sku}</b> {of?.name}
      </Text>
      <DecimalField
        word="f.quantity"
        hint={of?.unit}
        scan
        value={row.quantity}
        change={(quantity) => set({ quantity })}
      />
      {tracked && <TextField word="f.lot" value={row.lot} change={(lot) => set({ lot })} />}
      {tracked && item.expiry_days > 0 && (
        <DayField
          word="f.expiresOn"
          value={row.expiresOn}
          change={(expiresOn) => set({ expiresOn })}
        />
      )}
      {form.outcomes.length > 1 && (
        <OneOf
          word="f.outcome"
          of={form.outcomes}
          value={row.outcome}
          change={(outcome) => set({ outcome })}
        />
      )}
      {form.reason?.(row, (reason) => set({ reason }))}
      <Button variant="subtle" color="red" size="compact-sm" mt={6} onClick={remove}>
        {say("act.removeLine", { n: row.line })}
      </Button>
    </Box>
  );
}
