// Unknown goods: what stands at the dock without value until somebody says what becomes of it.
import type { Row } from "../api/client";
import { Choice, useOptions } from "../house/Choice";
import { columnsOf } from "../house/columns";
import { Dialog } from "../house/Dialog";
import { DayField, DecimalField, TextField, useDecimal, useFields } from "../house/fields";
import { ListPage } from "../house/ListPage";
import { useAct } from "../house/useAct";
import { useMay } from "../session";
import { useWords } from "../words";

const goods = columnsOf<Row<"/api/v1/unknown-goods">>();
const WHY = ["item_unknown", "not_ordered", "over", "held", "found"] as const;
const START = {
  warehouse: "",
  supplier: "",
  code: "",
  description: "",
  quantity: "1",
  lot: "",
  place: "",
  due: "",
};

function Take() {
  const say = useWords();
  const decimal = useDecimal();
  const { form, set, reset } = useFields(START);
  const { data: warehouses = [] } = useOptions("warehouses");
  const warehouse = form.warehouse || (warehouses[0]?.value ?? "");
  const take = useAct("/api/v1/unknown-goods", ({ number }) => say("done.created", { number }));
  const quantity = decimal(form.quantity);
  const told = form.code.trim() !== "" || form.description.trim() !== "";
  return (
    <Dialog
      word="act.recordUnknown"
      look="filled"
      busy={take.isPending}
      ready={warehouse !== "" && quantity !== undefined && told}
      onOpen={() => reset()}
      act={() =>
        take.mutateAsync({
          warehouse,
          supplier: form.supplier || null,
          code: form.code.trim(),
          description: form.description.trim(),
          quantity: quantity ?? "0",
          lot: form.lot.trim() || null,
          place: form.place.trim() || null,
          due_on: form.due || null,
        })
      }
      body={
        <>
          <TextField
            word="f.code"
            value={form.code}
            change={set("code")}
            hint={say("blind.code")}
          />
          <TextField
            word="f.description"
            value={form.description}
            change={set("description")}
            hint={say("blind.describe")}
          />
          <DecimalField word="f.quantity" required value={form.quantity} change={set("quantity")} />
          <TextField word="f.lot" value={form.lot} change={set("lot")} />
          <Choice
            of="warehouses"
            word="f.warehouse"
            required
            value={warehouse}
            change={set("warehouse")}
          />
          <TextField word="f.place" value={form.place} change={set("place")} />
          <Choice of="suppliers" word="f.supplier" value={form.supplier} change={set("supplier")} />
          <DayField word="f.dueOn" value={form.due} change={set("due")} />
        </>
      }
    />
  );
}

export default function UnknownGoods() {
  const may = useMay();
  return (
    <ListPage
      path="/api/v1/unknown-goods"
      title="page.unknownGoods"
      rowKey={(row) => row.unknown_goods_id}
      records={{ under: "/stock/unknown-goods", id: "unknown_goods_id" }}
      actions={may("receiving.scan") && <Take />}
      filters={[
        { name: "state", word: "f.state", kind: ["waiting", "ended"], front: true },
        { name: "why", word: "f.why", kind: WHY, front: true },
        { name: "supplier", word: "f.supplier", kind: "text" },
        { name: "warehouse", word: "f.warehouse", kind: "text" },
        { name: "sku", word: "f.sku", kind: "text" },
        { name: "owner", word: "f.owner", kind: "text" },
        { name: "due_by", word: "f.dueBy", kind: "day" },
      ]}
      empty={{ title: "empty.unknownGoods", text: "empty.unknownGoodsText" }}
      columns={[
        goods.text("f.number", (row) => row.number, { lead: true }),
        goods.state("f.state", (row) => row.state),
        goods.state("f.why", (row) => row.why),
        goods.text("f.sku", (row) => row.sku || row.code),
        goods.text("f.name", (row) => row.name || row.description),
        goods.quantity("f.waiting", (row) => row.waiting),
        goods.text("f.unit", (row) => row.unit),
        goods.text("f.supplier", (row) => row.supplier_name),
        goods.text("f.place", (row) => row.place),
        goods.text("f.owner", (row) => row.owner),
        goods.day("f.dueOn", (row) => row.due_on),
        goods.count("f.lateDays", (row) => row.late_days),
        goods.quantity("f.quantity", (row) => row.quantity, { hidden: true }),
        goods.day("f.since", (row) => row.found_on, { hidden: true }),
      ]}
    />
  );
}
