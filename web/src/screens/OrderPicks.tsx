// What is picked and packed for a customer's order.
import { Button, Group } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { list, type Row } from "../api/client";
import { type Column, columnsOf } from "../house/columns";
import { AskedTable } from "../house/LineTable";
import { ListPage } from "../house/ListPage";
import { Way } from "../house/Way";
import { useMay } from "../session";
import { useWords } from "../words";

type PickLine = Row<"/api/v1/pick-lines">;
const line = columnsOf<PickLine>();

const onList = line.node("f.pickList", (row) => (
  <Way to={`/stock/picks/${row.list_id}`} className="plain-link">
    {row.number}
  </Way>
));

/** What somebody who packs has to know of a line. */
export const PACKING: Column<PickLine>[] = [
  line.text("f.sku", (row) => row.sku),
  line.quantity("f.picked", (row) => row.picked),
  line.quantity("f.packed", (row) => row.packed),
  line.text("f.name", (row) => row.name),
  line.text("f.lot", (row) => row.lot),
  line.quantity("f.toPick", (row) => row.to_pick),
  line.quantity("f.missed", (row) => row.missed),
  line.quantity("f.shipped", (row) => row.shipped),
  line.quantity("f.toPutBack", (row) => row.to_put_back),
];

/** The lines of lists on which an order's goods are. */
export function PickLinesOf({ id }: { id: string }) {
  const say = useWords();
  const may = useMay();
  const asked = useQuery({
    queryKey: ["list", "/api/v1/pick-lines", { order_id: id }],
    queryFn: () => list("/api/v1/pick-lines", { order_id: id, limit: "200" }),
  });
  const some = (asked.data?.lines.length ?? 0) > 0;
  return (
    <>
      {some && may("picking.pack") && (
        <Group mb="xs">
          <Way to={`/stock/packing/${id}`}>
            <Button component="span" variant="default">
              {say("act.pack")}
            </Button>
          </Way>
        </Group>
      )}
      <AskedTable
        asked={asked}
        rowKey={(row) => row.line_id}
        none="empty.pickLinesOf"
        columns={[onList, ...PACKING, line.text("f.place", (row) => row.place)]}
      />
    </>
  );
}

/** All lines of all lists. */
export default function PickLines() {
  return (
    <ListPage
      path="/api/v1/pick-lines"
      title="page.pickLines"
      rowKey={(row) => row.line_id}
      records={{ under: "/stock/picks", id: "list_id" }}
      filters={[
        { name: "to_pick", word: "f.toPick", kind: "yes", front: true },
        { name: "to_put_back", word: "f.toPutBack", kind: "yes", front: true },
        { name: "missed", word: "f.missed", kind: "yes", front: true },
        { name: "sku", word: "f.sku", kind: "text" },
        { name: "place", word: "f.place", kind: "text" },
      ]}
      columns={[
        line.text("f.pickList", (row) => row.number, { lead: true }),
        line.text("f.order", (row) => row.order_number),
        line.text("f.place", (row) => row.place),
        ...PACKING,
      ]}
    />
  );
}
