// The lines of a count sheet: to be entered, or to be reviewed.
import {
  ActionIcon,
  Alert,
  Box,
  Button,
  Group,
  Loader,
  Select,
  Text,
  TextInput,
} from "@mantine/core";
import { IconChevronLeft, IconChevronRight } from "@tabler/icons-react";
import { type KeyboardEvent, memo, type ReactNode, useRef } from "react";
import { isZero } from "../format";
import { Quantity } from "../house/cells";
import { columnsOf } from "../house/columns";
import { Typed } from "../house/filters";
import { LineTable } from "../house/LineTable";
import { Problem } from "../house/Problem";
import { useUnsaved } from "../house/Unsaved";
import { useAct } from "../house/useAct";
import { stateWord, useTongue, useWords } from "../words";
import type { Reasons } from "./CountReasons";
import type { Draft, Narrowed, SheetLine, SheetPage } from "./countDraft";

const line = columnsOf<SheetLine>();
/** Where a line is, and how far. */
const SHELF = [
  line.count("f.line", (row: SheetLine) => row.line),
  line.text("f.place", (row: SheetLine) => row.place),
  line.text("f.sku", (row: SheetLine) => row.sku),
  line.text("f.name", (row: SheetLine) => row.name),
  line.text("f.lot", (row: SheetLine) => row.lot),
  line.state("f.state", (row: SheetLine) => row.state),
];
const RIGHT = { input: { textAlign: "right" } } as const;
const STATES = ["open", "counted", "conflict", "applied", "skipped"] as const;

/** What of the sheet is shown. */
export function SheetFilters({
  value,
  change,
}: {
  value: Narrowed;
  change: (value: Narrowed) => void;
}) {
  const say = useWords();
  const set = (name: keyof Narrowed) => (to: string) => {
    const { [name]: _, ...rest } = value;
    change(to ? { ...rest, [name]: to } : rest);
  };
  return (
    <Group gap="xs" mb="xs">
      <Typed label={say("f.place")} value={value.place ?? ""} set={set("place")} />
      <Typed label={say("f.sku")} value={value.sku ?? ""} set={set("sku")} />
      <Select
        aria-label={say("f.state")}
        placeholder={say("f.state")}
        clearable
        w={150}
        value={value.state ?? null}
        onChange={(to) => set("state")(to ?? "")}
        data={STATES.map((word) => ({ value: word, label: stateWord(say, word) }))}
      />
      {Object.keys(value).length > 0 && (
        <Button variant="subtle" size="compact-xs" onClick={() => change({})}>
          {say("list.clear")}
        </Button>
      )}
    </Group>
  );
}

/** A page of the sheet, and the way to the others. */
export function SheetPages({ of, children }: { of: SheetPage; children: ReactNode }) {
  const say = useWords();
  const { asked, page, before, after } = of;
  const step = (word: "list.previous" | "list.next", go?: () => void) => (
    <ActionIcon variant="subtle" aria-label={say(word)} disabled={!go} onClick={go}>
      {word === "list.next" ? <IconChevronRight size={16} /> : <IconChevronLeft size={16} />}
    </ActionIcon>
  );
  if (asked.error) return <Problem error={asked.error} retry={() => asked.refetch()} />;
  if (asked.isPending) return <Loader role="status" aria-label={say("app.loading")} type="dots" />;
  return (
    <Box data-loaded={!asked.isPlaceholderData}>
      {children}
      {(before || after) && (
        <Group justify="flex-end" gap={6} mt="xs">
          <Text size="sm" c="dimmed">
            {say("list.page", { page })}
          </Text>
          {step("list.previous", before)}
          {step("list.next", after)}
        </Group>
      )}
    </Box>
  );
}

/** Enter and the arrows lead from field to field. */
function onKey(event: KeyboardEvent<HTMLElement>) {
  const by = { Enter: 1, ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!by) return;
  event.preventDefault();
  const fields = [...event.currentTarget.querySelectorAll<HTMLInputElement>("input")];
  fields[fields.indexOf(event.target as HTMLInputElement) + by]?.select();
}

interface FieldProps {
  row: SheetLine;
  text: string;
  isBad: boolean;
  set: Draft["set"];
}

/** What was counted of a line. Typing in one draws none of the others again. */
const Field = memo(function Field({ row, text, isBad, set }: FieldProps) {
  const say = useWords();
  const { locale } = useTongue();
  return (
    <div data-sku={row.sku}>
      <TextInput
        aria-label={`${say("f.counted")}, ${say("problem.line", { n: row.line })}`}
        value={text}
        w={110}
        ml="auto"
        inputMode="decimal"
        data-scan={row.line}
        error={isBad && say("problem.number", { example: (12.5).toLocaleString(locale) })}
        styles={RIGHT}
        onChange={(event) => set(row, event.currentTarget.value)}
      />
    </div>
  );
});

interface EntryProps {
  id: string;
  rows: SheetLine[];
  draft: Draft;
}

/** The lines of a page, a field for each that is to be counted, and what was typed on all pages. */
export function Entry({ id, rows, draft }: EntryProps) {
  const say = useWords();
  const { locale } = useTongue();
  const sent = useRef<{ line: number; text: string }[]>([]);
  const count = useAct(
    "/api/v1/counts/count",
    () => say("done.counted"),
    () => draft.saved(sent.current),
  );
  const { good, bad } = draft;
  useUnsaved(good.length + bad.length > 0);
  const save = () => {
    sent.current = good.map(({ line, text }) => ({ line, text }));
    count.mutate({
      count_id: id,
      lines: good.map(({ place, sku, lot, quantity = "" }) => ({
        place,
        sku,
        lot: lot || null,
        quantity,
      })),
    });
  };
  const example = (12.5).toLocaleString(locale);
  const isBad = (row: SheetLine) => bad.some((one) => one.line === row.line);
  return (
    <Box>
      {bad.length > 0 && (
        <Alert color="orange" mb="xs" role="alert">
          {say("count.bad", {
            lines: bad.map((one) => `${one.line} (${one.sku}): ${one.text}`).join("; "),
            example,
          })}
        </Alert>
      )}
      <Box onKeyDown={onKey} className="keep-last">
        <LineTable
          rows={rows}
          rowKey={(row) => row.line}
          columns={[
            ...SHELF,
            {
              word: "f.counted",
              right: true,
              show: (row) =>
                row.state === "open" || row.again ? (
                  <Field
                    row={row}
                    text={draft.textOf(row.line)}
                    isBad={isBad(row)}
                    set={draft.set}
                  />
                ) : (
                  <Quantity of={row.counted} />
                ),
            },
          ]}
        />
      </Box>
      <Group mt="xs" gap="sm">
        <Button
          loading={count.isPending}
          disabled={good.length === 0 || bad.length > 0}
          onClick={save}
        >
          {say("act.save")}
        </Button>
        {good.length > 0 && (
          <Text size="sm" c="dimmed">
            {say("count.unsaved", { n: good.length })}
          </Text>
        )}
      </Group>
    </Box>
  );
}

interface ReviewProps {
  rows: SheetLine[];
  reasons: Reasons;
  /** Lets somebody say why a line differs, on a sheet that can be applied. */
  why?: (row: SheetLine) => ReactNode;
}

export function Review({ rows, reasons, why }: ReviewProps) {
  return (
    <LineTable
      rows={rows}
      rowKey={(row) => row.line}
      columns={[
        ...SHELF,
        line.quantity("f.expected", (row) => row.expected),
        line.quantity("f.counted", (row) => row.counted),
        line.quantity("f.difference", (row) => row.difference),
        line.money("f.value", (row) => row.value),
        line.text("f.reason", (row) => reasons[row.line]?.reason ?? row.reason),
        ...(why
          ? [
              line.node("f.action", (row) =>
                row.state !== "conflict" && isZero(row.difference ?? "0") ? null : why(row),
              ),
            ]
          : []),
      ]}
    />
  );
}
