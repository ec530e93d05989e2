// What a delivery came for: goods and what they fit, and what of the orders did not come.
import { Box, Title } from "@mantine/core";
import type { Schemas } from "../api/client";
import { columnsOf } from "../house/columns";
import { LineTable } from "../house/LineTable";
import { useWords } from "../words";

type Goods = Schemas["MatchedGoods"];
type Short = Schemas["ShortGoods"];
const goods = columnsOf<Goods>();
const short = columnsOf<Short>();

export function MatchLines({ of }: { of: Goods[] }) {
  return (
    <LineTable
      rows={of}
      rowKey={(row) =>
        `${row.sku}${row.name}${row.lot}${row.damaged}${row.fit}${row.order}${row.line}`
      }
      none="blind.nothing"
      columns={[
        goods.text("f.sku", (row) => row.sku),
        goods.text("f.name", (row) => row.name),
        goods.text("f.lot", (row) => row.lot),
        goods.quantity("f.quantity", (row) => row.quantity),
        goods.text("f.unit", (row) => row.unit),
        goods.state("f.fit", (row) => row.fit),
        goods.state("f.state", (row) => (row.damaged ? "damaged" : undefined)),
        goods.text("f.order", (row) => row.order),
        goods.text("f.line", (row) => row.line || ""),
        goods.day("f.expected", (row) => row.expected_on),
      ]}
    />
  );
}

export function ShortLines({ of }: { of: Short[] }) {
  const say = useWords();
  if (of.length === 0) return null;
  return (
    <Box mt="md">
      <Title order={2} size="h4" mb="xs">
        {say("blind.short")}
      </Title>
      <LineTable
        rows={of}
        rowKey={(row) => `${row.order}${row.line}`}
        columns={[
          short.text("f.order", (row) => row.order),
          short.count("f.line", (row) => row.line),
          short.text("f.sku", (row) => row.sku),
          short.text("f.name", (row) => row.name),
          short.quantity("f.stillDue", (row) => row.quantity),
          short.text("f.unit", (row) => row.unit),
          short.day("f.expected", (row) => row.expected_on),
        ]}
      />
    </Box>
  );
}
