// A count sheet that was taken along: what lies there is entered line by line, and each figure bears
// the moment at which it was counted.
import { Box, Button, Group, Switch, Text, TextInput } from "@mantine/core";
import { useParams } from "@tanstack/react-router";
import { type FormEvent, useState } from "react";
import { typeDecimal } from "../../format";
import { Quantity } from "../../house/cells";
import { useDecimal } from "../../house/fields";
import { tell } from "../../house/tell";
import { useScanner } from "../../house/useScanner";
import { type Act, pending } from "../../shift/acts";
import type { ShiftCount } from "../../shift/along";
import { momentNow } from "../../shift/clock";
import { tell as tellCode } from "../../shift/codes";
import { enqueue } from "../../shift/keeper";
import { useTongue, useWords } from "../../words";
import { ShiftPage, useWork, type Work } from "./Page";

type Line = ShiftCount["lines"][number];

const isSame = (line: Line) => (other: { place: string; sku: string; lot?: string | null }) =>
  other.place === line.place && other.sku === line.sku && (other.lot ?? "") === line.lot;

/** What was counted of a line and is in the queue. */
function queuedOf(line: Line, count: ShiftCount, acts: Act[]): string | undefined {
  const mine = pending(acts, "count", count.count_id).flatMap(({ body }) => body.lines);
  return mine.findLast(isSame(line))?.quantity;
}

/** The lines that nobody has counted yet, here or elsewhere. */
export function uncounted(count: ShiftCount, { acts }: Work): Line[] {
  return count.lines.filter(
    (line) => (line.state === "open" || line.again) && queuedOf(line, count, acts) === undefined,
  );
}

function Entry({ line, count, acts }: { line: Line; count: ShiftCount; acts: Act[] }) {
  const say = useWords();
  const { locale } = useTongue();
  const decimal = useDecimal();
  const queued = queuedOf(line, count, acts);
  const [text, setText] = useState<string>();
  const shown = text ?? (queued ? typeDecimal(queued, locale) : "");
  const quantity = decimal(shown);
  const isBad = shown.trim() !== "" && quantity === undefined;
  const { count_id, number } = count;
  const keep = async (event: FormEvent) => {
    event.preventDefault();
    if (quantity === undefined || text === undefined) return;
    const { place, sku, lot } = line;
    const entry = { place, sku, lot: lot || null, quantity };
    await enqueue(
      () => ({ kind: "count", body: { count_id, lines: [entry], counted_at: momentNow() } }),
      { id: count_id, number },
      [`${sku} · ${place}`],
      // What was not sent yet is corrected where it is.
      (act) =>
        act.kind === "count" &&
        act.about.id === count_id &&
        isSame(line)(act.body.lines[0] ?? entry),
    );
    setText(undefined);
    const fields = [...document.querySelectorAll<HTMLInputElement>("[data-count] input")];
    fields[fields.findIndex((one) => one.dataset.scan === String(line.line)) + 1]?.focus();
  };
  const name = `${say("f.counted")}, ${say("problem.line", { n: line.line })}`;
  return (
    <Box className="sheet" component="form" p="sm" mb="xs" onSubmit={keep}>
      <Text size="sm" style={{ overflowWrap: "anywhere" }}>
        <b>{line.place}</b> · {line.sku} {line.name}
        {line.lot && (
          <>
            {" · "}
            {say("f.lot")} {line.lot}
          </>
        )}
      </Text>
      <Group gap="xs" align="flex-start" wrap="nowrap" data-count>
        <TextInput
          aria-label={name}
          inputMode="decimal"
          w={120}
          value={shown}
          data-scan={line.line}
          data-code={line.sku}
          error={isBad && say("problem.number", { example: (12.5).toLocaleString(locale) })}
          onChange={(event) => setText(event.currentTarget.value)}
        />
        <Button
          type="submit"
          variant="default"
          aria-label={say("shift.keepLine", { n: line.line })}
          disabled={text === undefined || quantity === undefined}
        >
          {say("act.save")}
        </Button>
        {queued && text === undefined && (
          <Text size="sm" c="dimmed" mt={6}>
            {say("shift.inQueue")} <Quantity of={queued} />
          </Text>
        )}
      </Group>
    </Box>
  );
}

function Sheet({ count, work }: { count: ShiftCount; work: Work }) {
  const say = useWords();
  const [all, setAll] = useState(false);
  const toCount = count.lines.filter((line) => line.state === "open" || line.again);
  const rest = uncounted(count, work);
  const shown = all ? count.lines : toCount;
  useScanner((code, into) => {
    const told = tellCode(work.shift.items, code);
    const sku = told?.item.sku ?? code;
    const fields = [
      ...document.querySelectorAll<HTMLInputElement>(`[data-code="${CSS.escape(sku)}"]`),
    ];
    // A code that was scanned into a field is no quantity.
    if (into) into.field.select();
    const field = fields.find((one) => one.value === "") ?? fields[0];
    if (field) field.select();
    else tell(say, "look", say("count.notOnSheet", { code }));
  });
  return (
    <Box>
      <Group justify="space-between" mb="xs">
        <Text size="sm" c="dimmed">
          {say("shift.leftToCount", { n: rest.length })}
        </Text>
        <Switch
          size="xs"
          label={say("pick.showDone")}
          checked={all}
          onChange={(event) => setAll(event.currentTarget.checked)}
        />
      </Group>
      {shown.map((line) => (
        <Entry key={line.line} line={line} count={count} acts={work.acts} />
      ))}
    </Box>
  );
}

export default function Count() {
  const { id } = useParams({ strict: false }) as { id: string };
  const work = useWork();
  const count = work?.shift.counts.find(({ count_id }) => count_id === id);
  return (
    <ShiftPage title={count?.number} under={count?.memo} there={count !== undefined}>
      {count && work && <Sheet count={count} work={work} />}
    </ShiftPage>
  );
}
