// Openings of the books, and the documents that they made.
import { Button } from "@mantine/core";
import type { Row } from "../../api/client";
import { columnsOf } from "../../house/columns";
import { ListPage } from "../../house/ListPage";
import { recordAddress } from "../../house/records";
import { Way } from "../../house/Way";
import { useMay } from "../../session";
import { useWords } from "../../words";

const opening = columnsOf<Row<"/api/v1/openings">>();
const made = columnsOf<Row<"/api/v1/opening-documents">>();

export const OPENED_KINDS = ["purchase_order", "bill", "invoice", "sales_order"] as const;

export function Openings() {
  const say = useWords();
  const may = useMay();
  return (
    <ListPage
      path="/api/v1/openings"
      title="page.openings"
      rowKey={(row) => row.opening_id}
      records={{ under: "/books/openings", id: "opening_id" }}
      actions={
        may("opening.open") && (
          <Button component={Way} to="/books/openings/new">
            {say("opening.open")}
          </Button>
        )
      }
      columns={[
        opening.day("opening.openedOn", (row) => row.opened_on, { lead: true }),
        opening.state("f.state", (row) => (row.undone_at ? "undone" : "stands")),
        opening.count("f.documents", (row) => row.documents),
        opening.money("f.difference", (row) => row.difference),
        opening.text("opening.openedBy", (row) => row.opened_by),
        opening.moment("opening.recordedAt", (row) => row.recorded_at),
        opening.moment("opening.undoneAt", (row) => row.undone_at),
        opening.text("f.reason", (row) => row.reason),
      ]}
    />
  );
}

export function OpenedDocuments() {
  return (
    <ListPage
      path="/api/v1/opening-documents"
      title="page.openedDocuments"
      rowKey={(row) => `${row.opening_id}-${row.kind}-${row.record_id}`}
      open={(row) => recordAddress(row.kind, row.record_id)}
      filters={[{ name: "kind", word: "f.kind", kind: OPENED_KINDS, front: true }]}
      columns={[
        made.text("f.number", (row) => row.number, { lead: true }),
        made.state("f.kind", (row) => row.kind),
        made.text("f.partner", (row) => row.partner_name || row.partner),
        made.day("f.day", (row) => row.happened_on),
        made.money("f.amount", (row) => row.amount),
      ]}
    />
  );
}
