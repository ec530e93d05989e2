// A pick list that was taken along, stop after stop: each scan is an act of its own.
import { Box, Group, Switch, Text } from "@mantine/core";
import { useParams } from "@tanstack/react-router";
import { useRef, useState } from "react";
import { Refusal, type Schemas } from "../../api/client";
import { isZero } from "../../format";
import { useMay } from "../../session";
import { type Act, pending } from "../../shift/acts";
import type { ShiftPick } from "../../shift/along";
import { tell } from "../../shift/codes";
import { left, plus, times } from "../../shift/decimal";
import { enqueue, keeping } from "../../shift/keeper";
import { useWords } from "../../words";
import { Stop } from "../PickStop";
import { ScanBar, type Scanned } from "../Scan";
import { ShiftPage, useWork, type Work } from "./Page";

type Line = ShiftPick["lines"][number];
type Scan = Schemas["PickScan"];

/** The lines with what is in the queue taken off them, in their order. */
function pickLines({ list, lines }: ShiftPick, acts: Act[]): Line[] {
  const scans = pending(acts, "pick", list.list_id).flatMap(({ body }) => body.lines);
  const taken = scans.map((scan) => ({ ...scan, rest: scan.quantity ?? "1" }));
  return lines.map((line) => {
    let { to_pick, picked, missed } = line;
    for (const scan of taken) {
      const here = scan.place === line.place && scan.code === line.sku;
      if (!here || (scan.lot && scan.lot !== line.lot)) continue;
      // Lines of one stop share what was taken there, one after the other.
      const took = left(to_pick, left(to_pick, scan.missing && !scan.quantity ? "0" : scan.rest));
      scan.rest = left(scan.rest, took);
      picked = plus(picked, took);
      to_pick = left(to_pick, took);
      if (!scan.missing) continue;
      missed = plus(missed, to_pick);
      to_pick = "0";
    }
    return { ...line, to_pick, picked, missed };
  });
}

/** The stops at which something is still to be taken. */
export function stopsLeft(of: ShiftPick, { acts }: Work): number {
  const open = pickLines(of, acts).filter(({ to_pick }) => !isZero(to_pick));
  return new Set(open.map(({ stop }) => stop)).size;
}

/** A scan as it is sent: the item by its SKU, as many as the code counts for. It is refused in words. */
function useRead(id: string) {
  const say = useWords();
  const no = (code: string, text: string) => new Refusal(code, text, 422, undefined);
  return (scan: Scanned, place: string | undefined): Scan => {
    // As it is now: what was just taken counts, however soon the next scan comes.
    const { shift, acts = [] } = keeping().open ?? {};
    const of = shift?.picks.find(({ list }) => list.list_id === id);
    const lines = of ? pickLines(of, acts) : [];
    const items = shift?.items ?? [];
    const told = tell(items, scan.code);
    if (!told) throw no("unknown", say("scan.unknown", { code: scan.code }));
    const { sku, tracking } = told.item;
    const lot = scan.lot ?? told.lot ?? null;
    const goods = lines.filter((line) => line.place === place && line.sku === sku);
    if (goods.length === 0) throw no("not_here", say("shift.notOnDocument", { sku }));
    if (tracking !== "none" && !lot) throw no("lot_missing", say("shift.lotMissing", { sku }));
    const here = goods.filter((line) => !lot || line.lot === lot);
    const quantity = times(told.quantity, scan.quantity ?? "1");
    const open = here.reduce((sum, line) => plus(sum, line.to_pick), "0");
    if (left(quantity, open) !== "0") throw no("too_many", say("shift.tooMany", { sku, n: open }));
    return { place: place ?? "", code: sku, lot, quantity };
  };
}

function Walk({ of, work }: { of: ShiftPick; work: Work }) {
  const say = useWords();
  const may = useMay();
  const { list_id, number } = of.list;
  const lines = pickLines(of, work.acts);
  const [at, setAt] = useState<string>();
  const [all, setAll] = useState(false);
  const standing = useRef<string>(undefined);
  const stand = (place: string) => {
    standing.current = place;
    setAt(place);
  };
  const read = useRead(list_id);
  const send = (scan: Scan) =>
    enqueue(
      (key) => ({ kind: "pick", body: { list_id, client_ref: key, lines: [scan] } }),
      { id: list_id, number },
      [`${scan.code} · ${scan.place}`],
    );
  const stops = [...new Set(lines.map(({ stop }) => stop))]
    .map((stop) => lines.filter((line) => line.stop === stop))
    .filter((stop) => all || stop.some((line) => !isZero(line.to_pick)));
  const isLeft = lines.some((line) => !isZero(line.to_pick));
  const canPick = may("picking.pick");
  return (
    <Box>
      {canPick && isLeft && (
        <ScanBar
          hint={at ? say("pick.at", { place: at }) : say("pick.placeFirst")}
          first={(code) => {
            const here = lines.some((line) => line.place === code);
            if (here) stand(code);
            return here || (standing.current ? false : say("pick.noPlace", { code }));
          }}
          send={(scan) => Promise.resolve().then(() => send(read(scan, standing.current)))}
        />
      )}
      <Group justify="space-between" mb="xs">
        <Text size="sm" c="dimmed">
          {isLeft ? say("pick.left", { n: stopsLeft(of, work) }) : say("pick.nothingLeft")}
        </Text>
        <Switch
          size="xs"
          label={say("pick.showDone")}
          checked={all}
          onChange={(event) => setAll(event.currentTarget.checked)}
        />
      </Group>
      {stops.map((stop) => (
        <Stop
          key={stop[0]?.stop}
          lines={stop}
          here={stop[0]?.place === at}
          stand={canPick ? stand : undefined}
          send={canPick ? send : undefined}
          busy={false}
        />
      ))}
    </Box>
  );
}

export default function Pick() {
  const { id } = useParams({ strict: false }) as { id: string };
  const work = useWork();
  const of = work?.shift.picks.find(({ list }) => list.list_id === id);
  return (
    <ShiftPage title={of?.list.number} under={of?.list.title} there={of !== undefined}>
      {of && work && <Walk of={of} work={work} />}
    </ShiftPage>
  );
}
