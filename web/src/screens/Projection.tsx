// Stock by day as the server projects it: a table, and a line that the eye can follow.
import { Box, Select, Stack } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { list, type Row } from "../api/client";
import { columnsOf } from "../house/columns";
import { LineTable } from "../house/LineTable";
import { useWords } from "../words";

type Day = Row<"/api/v1/projections">;
const day = columnsOf<Day>();
const [WIDTH, HEIGHT, EDGE] = [1000, 140, 12];
/** How far the last level is drawn on, as a share of the days before it. */
const TAIL = 0.15;

/** A stepped line through the days. Positions on the screen are all that is reckoned here. */
function Drawing({ days }: { days: Day[] }) {
  const values = days.map((one) => Number(one.on_hand));
  const times = days.map((one) => Date.parse(one.day));
  const [first = 0, last = 0] = [times.at(0), times.at(-1)];
  const [low, high] = [Math.min(0, ...values), Math.max(1, ...values)];
  const x = (time: number) => ((time - first) / ((last - first) * (1 + TAIL))) * WIDTH;
  const y = (value: number) => HEIGHT - EDGE - ((value - low) / (high - low)) * (HEIGHT - 2 * EDGE);
  const steps = values.map((value, at) =>
    at === 0 ? `M0,${y(value)}` : `H${x(times[at] ?? last)}V${y(value)}`,
  );
  return (
    <Box className="sheet" p="xs">
      <svg
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        width="100%"
        height={HEIGHT}
        preserveAspectRatio="none"
        aria-hidden="true"
      >
        <line x1={0} x2={WIDTH} y1={y(0)} y2={y(0)} stroke="var(--desk-line)" />
        <path
          d={`${steps.join("")}H${WIDTH}`}
          fill="none"
          stroke="var(--mantine-primary-color-filled)"
          strokeWidth={2}
          vectorEffect="non-scaling-stroke"
        />
      </svg>
    </Box>
  );
}

export function Projection({ sku }: { sku: string }) {
  const say = useWords();
  const [chosen, setChosen] = useState<string | null>(null);
  const warehouses = useQuery({
    queryKey: ["list", "/api/v1/warehouses", {}],
    queryFn: () => list("/api/v1/warehouses", {}),
  });
  const places = warehouses.data?.lines ?? [];
  const warehouse = chosen ?? places[0]?.code ?? "";
  const asked = useQuery({
    queryKey: ["item", "projection", sku, warehouse],
    queryFn: () => list("/api/v1/projections", { sku, warehouse }),
    enabled: warehouse !== "",
  });
  const days = asked.data?.lines ?? [];
  return (
    <Stack gap="xs">
      {places.length > 1 && (
        <Select
          aria-label={say("f.warehouse")}
          w={220}
          value={warehouse}
          onChange={setChosen}
          data={places.map(({ code, name }) => ({ value: code, label: name }))}
        />
      )}
      {days.length > 1 && <Drawing days={days} />}
      <LineTable
        rows={days}
        rowKey={(row) => row.day}
        columns={[
          day.day("f.day", (row) => row.day),
          day.quantity("f.change", (row) => row.change),
          day.quantity("f.onHand", (row) => row.on_hand),
        ]}
      />
    </Stack>
  );
}
