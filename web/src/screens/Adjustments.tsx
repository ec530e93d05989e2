// Adjustments of stock to the shelf, and the decision where one waits.
import { Group } from "@mantine/core";
import type { Row } from "../api/client";
import { columnsOf } from "../house/columns";
import { FilesButton } from "../house/FilesButton";
import { ListPage } from "../house/ListPage";
import { useMay } from "../session";
import { AdjustStock } from "./AdjustStock";
import { DecideRow } from "./Decide";

type Adjustment = Row<"/api/v1/adjustments">;
const adjustment = columnsOf<Adjustment>();

export default function Adjustments() {
  const may = useMay();
  return (
    <ListPage
      path="/api/v1/adjustments"
      title="page.adjustments"
      rowKey={(row) => row.adjustment_id}
      actions={may("stock.adjust") && <AdjustStock />}
      filters={[
        { name: "state", word: "f.state", kind: ["waiting", "booked", "refused"], front: true },
        { name: "from_day", word: "f.from", kind: "day" },
        { name: "to_day", word: "f.to", kind: "day" },
      ]}
      columns={[
        adjustment.text("f.number", (row) => row.number),
        adjustment.state("f.state", (row) => row.state),
        adjustment.day("f.day", (row) => row.happened_on),
        adjustment.day("f.postedOn", (row) => row.posted_on),
        adjustment.text("f.memo", (row) => row.memo),
        adjustment.money("f.value", (row) => row.value),
        adjustment.node("record.files", (row) => (
          <FilesButton kind="adjustment" id={row.adjustment_id} name={row.number} />
        )),
        adjustment.node("f.action", (row) =>
          row.state === "waiting" ? (
            <Group gap={6} wrap="nowrap">
              <DecideRow kind="stock_adjustment" id={row.adjustment_id} />
            </Group>
          ) : null,
        ),
      ]}
    />
  );
}
