// What is counted next: places by the day on which they are due, and those that ran empty.
import type { Row } from "../../api/client";
import { columnsOf } from "../../house/columns";
import { ListPage } from "../../house/ListPage";
import { useMay } from "../../session";
import { PlanCounts } from "./PlanCounts";

const next = columnsOf<Row<"/api/v1/next-counts">>();
const request = columnsOf<Row<"/api/v1/count-requests">>();

export default function NextCounts() {
  const may = useMay();
  return (
    <ListPage
      path="/api/v1/next-counts"
      title="page.nextCounts"
      rowKey={(row) => row.place}
      open={(row) => `/stock/places?place=${encodeURIComponent(row.place)}`}
      actions={may("counting.plan") && <PlanCounts />}
      filters={[
        { name: "warehouse", word: "f.warehouse", kind: "text", front: true },
        { name: "profile", word: "f.profile", kind: "text", front: true },
        { name: "place", word: "count.in", kind: "text" },
        { name: "due_by", word: "count.dueBy", kind: "day" },
      ]}
      empty={{ title: "empty.nextCounts", text: "empty.nextCountsText" }}
      columns={[
        next.text("f.place", (row) => row.place, { sort: "place", lead: true }),
        next.text("f.warehouse", (row) => row.warehouse),
        next.day("f.dueOn", (row) => row.due_on, { sort: "due_on" }),
        next.day("count.nextOn", (row) => row.next_on),
        next.state("count.dueBecause", (row) => row.due_by),
        next.day("count.lastCounted", (row) => row.counted_on),
        next.count("count.rows", (row) => row.rows),
        next.count("count.onSheets", (row) => row.on_sheets),
      ]}
    />
  );
}

export function CountRequests() {
  const may = useMay();
  return (
    <ListPage
      path="/api/v1/count-requests"
      title="page.countRequests"
      rowKey={(row) => row.place}
      actions={may("counting.plan") && <PlanCounts />}
      filters={[
        { name: "warehouse", word: "f.warehouse", kind: "text", front: true },
        { name: "on_sheet", word: "count.onSheet", kind: "yes", front: true },
      ]}
      columns={[
        request.text("f.place", (row) => row.place),
        request.yesNo("count.onSheet", (row) => row.on_sheet),
      ]}
    />
  );
}
