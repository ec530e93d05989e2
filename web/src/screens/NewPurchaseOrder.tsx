// A new order to a supplier, typed or pasted from a spreadsheet.
import { Box, Button, Group, Select, Stack, TextInput, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { list, type Schemas } from "../api/client";
import { type Cell, emptyLine, type Line, LineEditor, readLines } from "../house/LineEditor";
import { Problem } from "../house/Problem";
import { useAct } from "../house/useAct";
import { useTongue, useWords } from "../words";

type Name = "sku" | "quantity" | "price";
const CELLS: Cell<Name>[] = [
  { name: "sku", word: "f.sku" },
  { name: "quantity", word: "f.quantity", decimal: true, width: 120 },
  { name: "price", word: "f.price", decimal: true, width: 120 },
];

/** What a batch of one order made. */
function number(answer: Schemas["OrdersCreated"]): string {
  const first = answer.orders[0];
  return first?.outcome === "done" ? first.order.number : "";
}

export default function NewPurchaseOrder() {
  const say = useWords();
  const { locale } = useTongue();
  const navigate = useNavigate();
  const [supplier, setSupplier] = useState("");
  const [typed, setTyped] = useState("");
  const [warehouse, setWarehouse] = useState<string | null>(null);
  const [note, setNote] = useState("");
  const [lines, setLines] = useState<Line<Name>[]>([emptyLine(CELLS)]);
  const warehouses = useQuery({
    queryKey: ["list", "/api/v1/warehouses", {}],
    queryFn: () => list("/api/v1/warehouses", {}),
  });
  const suppliers = useQuery({
    queryKey: ["suppliers", typed],
    queryFn: () => list("/api/v1/partners", { supplier: "true", text: typed, limit: "20" }),
  });
  const create = useAct(
    "/api/v1/purchase-orders",
    (answer) => say("done.created", { number: number(answer) }),
    (answer) => {
      const first = answer.orders[0];
      if (first?.outcome === "done") navigate({ to: `/buying/orders/${first.order.order_id}` });
    },
  );
  const places = warehouses.data?.lines ?? [];
  const where = warehouse ?? places[0]?.code ?? null;
  const read = readLines(CELLS, lines, locale);
  const ready = Boolean(supplier && where && read?.length && read.every((line) => line.quantity));
  const save = () =>
    create.mutate({
      all_or_nothing: true,
      orders: [
        {
          supplier,
          warehouse: where ?? "",
          note,
          lines: (read ?? []).map(({ sku, quantity, price }) => ({
            sku,
            quantity,
            price: price || null,
          })),
        },
      ],
    });
  return (
    <Box maw={820}>
      <Title order={1} mb="sm">
        {say("page.newPurchaseOrder")}
      </Title>
      <Stack gap="sm" data-loaded="true">
        <Group align="flex-end" gap="sm">
          <Select
            label={say("f.supplier")}
            searchable
            required
            w={260}
            searchValue={typed}
            onSearchChange={setTyped}
            value={supplier || null}
            onChange={(code) => setSupplier(code ?? "")}
            filter={({ options }) => options}
            data={(suppliers.data?.lines ?? []).map(({ code, name }) => ({
              value: code,
              label: `${name} (${code})`,
            }))}
          />
          <Select
            label={say("f.warehouse")}
            required
            w={180}
            value={where}
            onChange={setWarehouse}
            data={places.map(({ code, name }) => ({ value: code, label: name }))}
          />
          <TextInput
            label={say("f.note")}
            value={note}
            onChange={(event) => setNote(event.currentTarget.value)}
          />
        </Group>
        <LineEditor cells={CELLS} lines={lines} change={setLines} />
        {create.error && <Problem error={create.error} />}
        <Group>
          <Button loading={create.isPending} disabled={!ready} onClick={save}>
            {say("act.create")}
          </Button>
          <Button variant="default" onClick={() => navigate({ to: "/buying/orders" })}>
            {say("act.cancel")}
          </Button>
        </Group>
      </Stack>
    </Box>
  );
}
