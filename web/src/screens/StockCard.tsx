// What of an item was there, came and went: by the days of its moves, or by the days of the books.
import { Button, Group, TextInput, Title } from "@mantine/core";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { type FormEvent, useState } from "react";
import type { Row } from "../api/client";
import { columnsOf } from "../house/columns";
import { Empty } from "../house/Empty";
import type { Filter } from "../house/filters";
import { ListPage } from "../house/ListPage";
import { useMay } from "../session";
import { stateWord, useWords } from "../words";

const card = columnsOf<Row<"/api/v1/reports/stock-card">>();
const CLASSES = ["normal", "quarantine", "transit", "consigned"] as const;
const FILTERS: Filter<"/api/v1/reports/stock-card">[] = [
  { name: "sku", word: "f.sku", kind: "text", front: true },
  { name: "from_day", word: "f.from", kind: "day" },
  { name: "to_day", word: "f.to", kind: "day" },
  { name: "warehouse", word: "f.warehouse", kind: "text" },
];

/** A card is of one item. */
function WhichItem() {
  const say = useWords();
  const navigate = useNavigate();
  const [sku, setSku] = useState("");
  const onSubmit = (event: FormEvent) => {
    event.preventDefault();
    if (sku.trim()) navigate({ to: ".", search: { sku: sku.trim() } });
  };
  return (
    <>
      <Title order={1} mb="sm">
        {say("page.stockCard")}
      </Title>
      <form onSubmit={onSubmit}>
        <Group gap="xs">
          <TextInput
            aria-label={say("f.sku")}
            placeholder={say("f.sku")}
            data-filter
            value={sku}
            onChange={(event) => setSku(event.currentTarget.value)}
          />
          <Button type="submit" disabled={!sku.trim()}>
            {say("act.show")}
          </Button>
        </Group>
      </form>
      <Empty title="empty.stockCard" text="help.stockCard" />
    </>
  );
}

export default function StockCard() {
  const say = useWords();
  const may = useMay();
  const { sku, basis } = useSearch({ strict: false }) as { sku?: string; basis?: string };
  if (!sku) return <WhichItem />;
  const books = basis === "posted_on";
  return (
    <ListPage
      path="/api/v1/reports/stock-card"
      title="page.stockCard"
      rowKey={(row) =>
        `${row.kind}-${row.move_id ?? ""}-${row.recorded_at ?? ""}-${row.layer_kind}-${row.class}-${row.balance}-${row.value_balance?.amount ?? ""}`
      }
      filters={[
        ...FILTERS,
        ...(may("valuation.read")
          ? [
              {
                name: "basis",
                word: "f.basis",
                kind: ["happened_on", "posted_on"],
                front: true,
              } as const,
            ]
          : []),
        ...(books
          ? []
          : [
              { name: "place", word: "f.place", kind: "text" } as const,
              { name: "lot", word: "f.lot", kind: "text" } as const,
            ]),
        { name: "class", word: "f.class", kind: CLASSES },
      ]}
      columns={[
        card.day("f.day", (row) => row.day),
        card.state("f.kind", (row) => row.kind),
        card.text("f.source", (row) => stateWord(say, row.layer_kind || row.source_kind)),
        card.text("f.number", (row) => row.number),
        ...(books
          ? [
              card.day("f.happenedOn", (row) => row.happened_on),
              card.state("f.class", (row) => row.class),
            ]
          : [
              card.text("f.fromPlace", (row) => row.from),
              card.text("f.toPlace", (row) => row.to),
              card.text("f.lot", (row) => row.lot),
            ]),
        card.quantity("f.came", (row) => row.quantity_in),
        card.quantity("f.went", (row) => row.quantity_out),
        card.quantity("f.wasThere", (row) => row.balance),
        ...(books
          ? [
              card.price("f.unitCost", (row) => row.unit_cost),
              card.money("f.valueIn", (row) => row.value_in),
              card.money("f.valueOut", (row) => row.value_out),
              card.money("f.valueThere", (row) => row.value_balance),
            ]
          : []),
      ]}
    />
  );
}
