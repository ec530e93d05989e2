// A pick list on a handheld: stop after stop, the place is scanned and then the goods.
import { Box, Group, Loader, Switch, Text, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { useRef, useState } from "react";
import { record, type Schemas } from "../api/client";
import { type Formats, isZero } from "../format";
import { DayText, State } from "../house/cells";
import { Neighbours } from "../house/Neighbours";
import { Problem } from "../house/Problem";
import { Trail } from "../house/Trail";
import { useAct } from "../house/useAct";
import { Way } from "../house/Way";
import { useMay } from "../session";
import { type Say, useFormats, useWords } from "../words";
import { ListActs } from "./PickActs";
import { Stop } from "./PickStop";
import { ScanBar } from "./Scan";

type Detail = Schemas["PickListDetail"];
type Line = Detail["lines"][number];

/** What became of goods that were taken or missed. */
function picked(say: Say, { quantity }: Formats, answer: Schemas["GoodsPicked"]) {
  const { added, lacking, count, lines } = answer;
  const of = (one: { order_number: string; quantity: string; sku: string }) => ({
    order: one.order_number,
    quantity: quantity(one.quantity),
    sku: one.sku,
  });
  const parts = [
    ...added.map((one) => say("done.pickElsewhere", { ...of(one), place: one.place })),
    ...lacking.map((one) => say("done.pickLacks", of(one))),
    ...(count ? [say("done.pickCount", { number: count.number })] : []),
  ];
  if (parts.length > 0) return { how: "look", text: parts.join(" ") } as const;
  const [first] = lines;
  return say("done.picked", { sku: first?.sku ?? "" });
}

/** The lines of each stop, in the order in which they are walked. */
function stops(lines: Line[]): Line[][] {
  const found = new Map<number, Line[]>();
  for (const line of lines) found.set(line.stop, [...(found.get(line.stop) ?? []), line]);
  return [...found.values()];
}

function Walk({ of }: { of: Detail }) {
  const say = useWords();
  const may = useMay();
  const { list, lines } = of;
  const formats = useFormats();
  const [at, setAt] = useState<string>();
  const [all, setAll] = useState(false);
  // The goods that are scanned after a place lie there, however soon the scan comes.
  const standing = useRef<string>(undefined);
  const stand = (place: string) => {
    standing.current = place;
    setAt(place);
  };
  const pick = useAct("/api/v1/pick-lists/pick", (answer) => picked(say, formats, answer));
  const send = (scan: Schemas["PickScan"]) =>
    pick.mutateAsync({ list_id: list.list_id, lines: [scan] });
  const isOpen = (list.state === "open" || list.state === "picking") && may("picking.pick");
  const walked = stops(lines);
  const left = walked.filter((stop) => stop.some((line) => !isZero(line.to_pick)));
  const shown = all ? walked : left;
  return (
    <Box data-loaded="true">
      {isOpen && left.length > 0 && (
        <ScanBar
          hint={at ? say("pick.at", { place: at }) : say("pick.placeFirst")}
          first={(code) => {
            const here = lines.some((line) => line.place === code);
            if (here) stand(code);
            return here || (standing.current ? false : say("pick.noPlace", { code }));
          }}
          send={(scan) => send({ ...scan, place: standing.current })}
        />
      )}
      <Group justify="space-between" mb="xs">
        <Text size="sm" c="dimmed">
          {left.length > 0 ? say("pick.left", { n: left.length }) : say("pick.nothingLeft")}
        </Text>
        <Switch
          size="xs"
          label={say("pick.showDone")}
          checked={all}
          onChange={(event) => setAll(event.currentTarget.checked)}
        />
      </Group>
      {shown.map((stop) => (
        <Stop
          key={stop[0]?.stop}
          lines={stop}
          here={stop[0]?.place === at}
          stand={isOpen ? stand : undefined}
          send={isOpen ? send : undefined}
          busy={pick.isPending}
        />
      ))}
      <Orders of={lines} />
    </Box>
  );
}

/** The orders that goods are taken for, each with the way to its packing. */
function Orders({ of }: { of: Line[] }) {
  const say = useWords();
  const may = useMay();
  const orders = new Map(of.map((line) => [line.order_id, line.order_number]));
  if (!may("picking.pack")) return null;
  return (
    <Box mt="md">
      <Text size="sm" c="dimmed">
        {say("pick.packNext")}
      </Text>
      <Group gap="sm">
        {[...orders].map(([id, number]) => (
          <Way key={id} to={`/stock/packing/${id}`} className="plain-link">
            {number}
          </Way>
        ))}
      </Group>
    </Box>
  );
}

function Whole({ of }: { of: Detail }) {
  const may = useMay();
  const say = useWords();
  const { list } = of;
  const [history, setHistory] = useState(false);
  return (
    <Box>
      <Group justify="space-between" align="flex-start" mb="sm">
        <Box>
          <Group gap="sm">
            <Title order={1}>{list.number}</Title>
            <State of={list.state} />
          </Group>
          <Text c="dimmed" size="sm">
            {[list.title, list.warehouse, list.picker].filter(Boolean).join(" · ")}
            {" · "}
            <DayText of={list.due_on} />
          </Text>
        </Box>
        <Group gap="xs" className="no-print">
          <ListActs of={of} />
        </Group>
      </Group>
      <Walk of={of} />
      {may("identity.audit") && (
        <Box mt="md">
          <Switch
            size="xs"
            mb="xs"
            label={say("record.history")}
            checked={history}
            onChange={(event) => setHistory(event.currentTarget.checked)}
          />
          {history && <Trail of={[["pick_list", list.list_id]]} />}
        </Box>
      )}
    </Box>
  );
}

export default function PickList() {
  const say = useWords();
  const { id } = useParams({ strict: false }) as { id: string };
  const query = useQuery({
    queryKey: ["record", "pick-list", id],
    queryFn: () => record("/api/v1/pick-lists/{id}", id),
  });
  return (
    <Box maw={720}>
      <Neighbours back="/stock/picks" />
      {query.error && <Problem error={query.error} retry={() => query.refetch()} />}
      {query.isPending && <Loader role="status" aria-label={say("app.loading")} type="dots" />}
      {/* Another list begins at its own place. */}
      {query.data && <Whole key={id} of={query.data} />}
    </Box>
  );
}
