// A partner: who it is, how to reach it, and what is traded with it.
import { useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { list, type Row, record, type Schemas } from "../api/client";
import { Count, State, YesNo } from "../house/cells";
import { columnsOf } from "../house/columns";
import { LineTable } from "../house/LineTable";
import { RecordPage, type Tab } from "../house/RecordPage";
import { Way } from "../house/Way";
import { useMay } from "../session";

type Detail = Schemas["PartnerDetail"];
const contact = columnsOf<Detail["contacts"][number]>();
const address = columnsOf<Detail["addresses"][number]>();
const order = columnsOf<Row<"/api/v1/purchase-orders">>();
const offer = columnsOf<Row<"/api/v1/offers">>();

function Orders({ supplier }: { supplier: string }) {
  const asked = useQuery({
    queryKey: ["partner", "orders", supplier],
    queryFn: () => list("/api/v1/purchase-orders", { supplier, limit: "100" }),
  });
  return (
    <LineTable
      rows={asked.data?.lines ?? []}
      rowKey={(row) => row.order_id}
      columns={[
        order.node("f.number", (row) => (
          <Way to={`/buying/orders/${row.order_id}`} className="plain-link">
            {row.number}
          </Way>
        )),
        order.state("f.state", (row) => row.state),
        order.day("f.orderedOn", (row) => row.ordered_on),
        order.day("f.nextDue", (row) => row.next_due),
        order.state("f.received", (row) => row.received),
        order.state("f.billed", (row) => row.billed),
        order.money("f.total", (row) => row.total),
      ]}
    />
  );
}

function Offers({ supplier }: { supplier: string }) {
  const asked = useQuery({
    queryKey: ["partner", "offers", supplier],
    queryFn: () => list("/api/v1/offers", { supplier, limit: "200" }),
  });
  return (
    <LineTable
      rows={asked.data?.lines ?? []}
      rowKey={(row) => row.offer_id}
      columns={[
        offer.text("f.sku", (row) => row.sku),
        offer.quantity("f.minQuantity", (row) => row.min_quantity),
        offer.text("f.unit", (row) => row.unit),
        offer.price("f.price", (row) => row.price),
        offer.text("f.currency", (row) => row.currency),
        offer.count("f.leadDays", (row) => row.lead_days),
      ]}
    />
  );
}

export default function Partner() {
  const { id } = useParams({ strict: false }) as { id: string };
  const may = useMay();
  const query = useQuery({
    queryKey: ["record", "partner", id],
    queryFn: () => record("/api/v1/partners/{id}", id),
  });
  const buying = (code: string): Tab[] => [
    { word: "page.purchaseOrders", body: <Orders supplier={code} /> },
    { word: "page.offers", body: <Offers supplier={code} /> },
  ];
  return (
    <RecordPage
      query={query}
      back="/data/partners"
      subjects={() => [["partner", id]]}
      title={({ partner }) => partner.name}
      under={({ partner }) => partner.code}
      state={({ partner }) => (partner.active ? "active" : "off")}
      facts={({ partner }) => [
        { word: "f.supplier", value: <YesNo of={partner.supplier} /> },
        { word: "f.customer", value: <YesNo of={partner.customer} /> },
        { word: "f.country", value: partner.country },
        { word: "f.currency", value: partner.currency },
        { word: "f.paymentDays", value: <Count of={partner.payment_days} /> },
        { word: "f.email", value: partner.email },
      ]}
      tabs={({ partner, contacts, addresses }) => [
        ...(partner.supplier && may("purchasing.read") ? buying(partner.code) : []),
        {
          word: "f.contacts",
          count: contacts.length,
          body: (
            <LineTable
              rows={contacts}
              rowKey={(row) => row.name}
              columns={[
                contact.text("f.name", (row) => row.name),
                contact.text("f.role", (row) => row.job),
                contact.text("f.email", (row) => row.email),
                contact.text("f.phone", (row) => row.phone),
              ]}
            />
          ),
        },
        {
          word: "f.addresses",
          count: addresses.length,
          body: (
            <LineTable
              rows={addresses}
              rowKey={(row) => row.kind + row.city}
              columns={[
                address.node("f.kind", (row) => <State of={row.kind} />),
                address.text("f.street", (row) => row.street),
                address.text("f.postcode", (row) => row.postcode),
                address.text("f.city", (row) => row.city),
                address.text("f.country", (row) => row.country),
              ]}
            />
          ),
        },
      ]}
    />
  );
}
