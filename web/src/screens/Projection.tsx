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
const [WIDTH, HEIGHT, EDGE] = [640, 140, 10];

/** A stepped line through the days. Positions on the screen are all that is reckoned here. */
function Drawing({ days }: { days: Day[] }) {
  const values = days.map((one) => Number(one.on_hand));
  const [low, high] = [Math.min(0, ...values), Math.max(1, ...values)];
  const x = (at: number) => EDGE + (at / Math.max(1, days.length - 1)) * (WIDTH - 2 * EDGE);
  const y = (value: number) => HEIGHT - EDGE - ((value - low) / (high - low)) * (HEIGHT - 2 * EDGE);
  const steps = values.map((value, at) =>
    at === 0 ? `M${x(0)},${y(value)}` : `H${x(at)}V${y(value)}`,
  );
  return (
    <Box className="sheet" p="xs">
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} width="100%" height={HEIGHT} aria-hidden="true">
        <line x1={EDGE} x2={WIDTH - EDGE} y1={y(0)} y2={y(0)} stroke="var(--desk-line)" />
        <path
          d={steps.join("")}
          fill="none"
          stroke="var(--mantine-primary-color-filled)"
          strokeWidth={2}
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
