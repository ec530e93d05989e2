// What was ordered from suppliers for customers' orders, and the word that it went straight to them.
import { useQuery } from "@tanstack/react-query";
import { type Filters, list, type Row } from "../api/client";
import { isZero, typeDecimal } from "../format";
import { columnsOf } from "../house/columns";
import { Dialog } from "../house/Dialog";
import { DayField, DecimalField, TextField, useDecimal, useFields } from "../house/fields";
import { AskedTable } from "../house/LineTable";
import { ListPage } from "../house/ListPage";
import { useAct } from "../house/useAct";
import { Way } from "../house/Way";
import { useMay, useSession } from "../session";
import { useTongue, useWords } from "../words";

type Supply = Row<"/api/v1/supplies">;
const supply = columnsOf<Supply>();
const UNDER_WAY = ["approved", "sent", "acknowledged"];

/** Confirms that the supplier sent goods to the customer. */
function ShipDirect({ of }: { of: Supply }) {
  const say = useWords();
  const { me } = useSession();
  const { locale } = useTongue();
  const decimal = useDecimal();
  const fresh = () => ({
    quantity: typeDecimal(of.due, locale),
    day: me.today,
    delivery: "",
    carrier: "",
    tracking: "",
  });
  const { form, set, reset } = useFields(fresh());
  const quantity = decimal(form.quantity);
  const ship = useAct("/api/v1/supplies/ship", ({ shipment }) =>
    say("done.shipped", { number: shipment.number }),
  );
  return (
    <Dialog
      word="act.shipDirect"
      inLine
      busy={ship.isPending}
      ready={Boolean(quantity && form.day)}
      onOpen={() => reset(fresh())}
      act={() =>
        ship.mutateAsync({
          purchase_order_id: of.purchase_order_id,
          happened_on: form.day,
          delivery_note: form.delivery.trim(),
          carrier: form.carrier.trim() || null,
          tracking: form.tracking.trim() || null,
          lines: [{ line: of.purchase_line, quantity }],
        })
      }
      body={
        <>
          <DecimalField word="f.quantity" required value={form.quantity} change={set("quantity")} />
          <DayField word="f.day" required value={form.day} change={set("day")} />
          <TextField word="f.delivery" value={form.delivery} change={set("delivery")} />
          <TextField word="f.carrier" value={form.carrier} change={set("carrier")} />
          <TextField word="f.tracking" value={form.tracking} change={set("tracking")} />
        </>
      }
    />
  );
}

function Act({ of }: { of: Supply }) {
  const may = useMay();
  const open = of.direct && !isZero(of.due) && UNDER_WAY.includes(of.purchase_state);
  return open && may("fulfilment.ship_direct") ? <ShipDirect of={of} /> : null;
}

const purchase = supply.node("f.purchaseOrder", (row: Supply) => (
  <Way to={`/buying/orders/${row.purchase_order_id}`} className="plain-link">
    {row.purchase_number}
  </Way>
));
const sold = supply.node("f.order", (row: Supply) => (
  <Way to={`/sales/orders/${row.order_id}`} className="plain-link">
    {row.order_number}
  </Way>
));
const COLUMNS = [
  supply.text("f.sku", (row: Supply) => row.sku),
  supply.state("f.state", (row: Supply) => row.purchase_state),
  supply.yesNo("f.direct", (row: Supply) => row.direct),
  supply.quantity("f.quantity", (row: Supply) => row.quantity),
  supply.quantity("f.received", (row: Supply) => row.received),
  supply.quantity("f.stillDue", (row: Supply) => row.due),
  supply.quantity("f.wanted", (row: Supply) => row.wanted),
  supply.yesNo("f.closedShort", (row: Supply) => row.closed_short),
];

/** What was ordered for a customer's order, or what an order to a supplier is for. */
export function SuppliesOf({ query }: { query: Filters<"/api/v1/supplies"> }) {
  const asked = useQuery({
    queryKey: ["list", "/api/v1/supplies", query],
    queryFn: () => list("/api/v1/supplies", { ...query, limit: "200" }),
  });
  return (
    <AskedTable
      asked={asked}
      rowKey={(row) => row.supply_id}
      none="empty.suppliesOf"
      columns={[purchase, sold, ...COLUMNS]}
      end={(row) => <Act of={row} />}
    />
  );
}

export default function Supplies() {
  return (
    <ListPage
      path="/api/v1/supplies"
      title="page.supplies"
      rowKey={(row) => row.supply_id}
      records={{ under: "/sales/orders", id: "order_id" }}
      filters={[{ name: "due", word: "f.dueOnly", kind: "yes", front: true }]}
      columns={[
        supply.text("f.order", (row) => row.order_number, { lead: true }),
        purchase,
        ...COLUMNS,
        supply.moment("f.orderedOn", (row) => row.recorded_at),
        supply.node("f.action", (row) => <Act of={row} />),
      ]}
    />
  );
}
