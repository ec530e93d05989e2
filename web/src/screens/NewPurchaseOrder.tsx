// A new order to a supplier, typed or pasted from a spreadsheet.
import { Box, Button, Group, Stack, Title } from "@mantine/core";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import type { Schemas } from "../api/client";
import { Choice, useOptions } from "../house/Choice";
import { TextField, useFields } from "../house/fields";
import { type Cell, emptyLine, type Line, LineEditor, readLines } from "../house/LineEditor";
import { Problem } from "../house/Problem";
import { useUnsaved } from "../house/Unsaved";
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
  const { form, set } = useFields({ supplier: "", warehouse: "", note: "" });
  const { supplier, note } = form;
  const [lines, setLines] = useState<Line<Name>[]>([emptyLine(CELLS)]);
  const { data: warehouses = [] } = useOptions("warehouses");
  const create = useAct(
    "/api/v1/purchase-orders",
    (answer) => say("done.created", { number: number(answer) }),
    (answer) => {
      const first = answer.orders[0];
      if (first?.outcome === "done")
        navigate({ to: `/buying/orders/${first.order.order_id}`, ignoreBlocker: true });
    },
  );
  const where = form.warehouse || (warehouses[0]?.value ?? "");
  const read = readLines(CELLS, lines, locale);
  const ready = Boolean(supplier && where && read?.length && read.every((line) => line.quantity));
  const typed = lines.some((line) => Object.values(line).some((text) => text !== ""));
  useUnsaved(typed || supplier !== "" || note !== "");
  const save = () =>
    create.mutate({
      all_or_nothing: true,
      orders: [
        {
          supplier,
          warehouse: where,
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
          <Choice
            of="suppliers"
            word="f.supplier"
            required
            w={260}
            value={supplier}
            change={set("supplier")}
          />
          <Choice
            of="warehouses"
            word="f.warehouse"
            required
            w={180}
            value={where}
            change={set("warehouse")}
          />
          <TextField word="f.note" value={note} change={set("note")} />
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
