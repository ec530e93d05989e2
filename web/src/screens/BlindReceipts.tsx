// Blind receipts: deliveries that are scanned without seeing what was ordered, and how one is opened.
import { useNavigate } from "@tanstack/react-router";
import type { Row } from "../api/client";
import { Choice, useOptions } from "../house/Choice";
import { columnsOf } from "../house/columns";
import { Dialog } from "../house/Dialog";
import { TextField, useFields } from "../house/fields";
import { ListPage } from "../house/ListPage";
import { useAct } from "../house/useAct";
import { useMay } from "../session";
import { useWords } from "../words";

const receipt = columnsOf<Row<"/api/v1/blind-receipts">>();

function OpenBlindReceipt() {
  const say = useWords();
  const navigate = useNavigate();
  const { form, set, reset } = useFields({ supplier: "", warehouse: "", note: "" });
  const { data: warehouses = [] } = useOptions("warehouses");
  const warehouse = form.warehouse || (warehouses[0]?.value ?? "");
  const open = useAct(
    "/api/v1/blind-receipts",
    (answer) => say("done.created", { number: answer.number }),
    (answer) =>
      navigate({ to: `/stock/blind-receipts/${answer.blind_receipt_id}`, ignoreBlocker: true }),
  );
  return (
    <Dialog
      word="act.openBlindReceipt"
      look="filled"
      busy={open.isPending}
      ready={form.supplier !== "" && warehouse !== ""}
      onOpen={() => reset()}
      act={() =>
        open.mutateAsync({ supplier: form.supplier, warehouse, delivery_note: form.note.trim() })
      }
      body={
        <>
          <Choice
            of="suppliers"
            word="f.supplier"
            required
            value={form.supplier}
            change={set("supplier")}
          />
          <Choice
            of="warehouses"
            word="f.warehouse"
            required
            value={warehouse}
            change={set("warehouse")}
          />
          <TextField word="f.delivery" value={form.note} change={set("note")} />
        </>
      }
    />
  );
}

export default function BlindReceipts() {
  const may = useMay();
  return (
    <ListPage
      path="/api/v1/blind-receipts"
      title="page.blindReceipts"
      rowKey={(row) => row.blind_receipt_id}
      records={{ under: "/stock/blind-receipts", id: "blind_receipt_id" }}
      actions={may("receiving.scan") && <OpenBlindReceipt />}
      filters={[
        { name: "supplier", word: "f.supplier", kind: "text", front: true },
        { name: "state", word: "f.state", kind: ["open", "booked", "cancelled"], front: true },
        { name: "warehouse", word: "f.warehouse", kind: "text" },
      ]}
      empty={{ title: "empty.blindReceipts", text: "empty.blindReceiptsText" }}
      columns={[
        receipt.text("f.number", (row) => row.number, { lead: true }),
        receipt.state("f.state", (row) => row.state),
        receipt.text("f.supplier", (row) => row.supplier_name),
        receipt.text("f.warehouse", (row) => row.warehouse),
        receipt.text("f.delivery", (row) => row.delivery_note),
        receipt.day("f.openedOn", (row) => row.opened_on),
        receipt.text("f.openedBy", (row) => row.opened_by),
        receipt.count("f.scans", (row) => row.scans),
        receipt.count("f.people", (row) => row.people),
      ]}
    />
  );
}
