// A partner: who it is, how to reach it, and what is traded with it.
import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { list, type Row, record, type Schemas } from "../api/client";
import { daysOfMonth } from "../format";
import { Count, State, YesNo } from "../house/cells";
import { columnsOf } from "../house/columns";
import { AskedTable, LineTable } from "../house/LineTable";
import { RecordPage, type Tab } from "../house/RecordPage";
import { Way } from "../house/Way";
import { useMay, useSession } from "../session";
import { AmendPartner, ChangeBank, EditContacts, RetirePartner } from "./master/PartnerForms";

type Detail = Schemas["PartnerDetail"];
const contact = columnsOf<Detail["contacts"][number]>();
const address = columnsOf<Detail["addresses"][number]>();
const order = columnsOf<Row<"/api/v1/purchase-orders">>();
const how = columnsOf<Row<"/api/v1/reports/supplier-performance">>();
const offer = columnsOf<Row<"/api/v1/offers">>();
const bank = columnsOf<Row<"/api/v1/partners/bank-changes">>();

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

/** How well a supplier delivers, month by month; a month leads to its lines. */
function Performance({ supplier }: { supplier: string }) {
  const query = { supplier, by: "supplier_month", limit: "24" };
  const asked = useQuery({
    queryKey: ["list", "/api/v1/reports/supplier-performance", query],
    queryFn: () => list("/api/v1/reports/supplier-performance", query),
  });
  const { me } = useSession();
  return (
    <AskedTable
      asked={asked}
      rowKey={(row) => `${row.month}-${row.currency}`}
      columns={[
        how.node("f.month", (row) => (
          <Link
            to="/reports/supplier-performance/lines"
            search={{ supplier, ...daysOfMonth(row.month, {}, me.today) }}
            className="plain-link"
          >
            {row.month}
          </Link>
        )),
        how.count("f.lines", (row) => row.lines),
        how.share("f.onTimeInFull", (row) => row.on_time_in_full_percent),
        how.share("f.onTimeFirst", (row) => row.on_time_first_percent),
        how.share("f.onTimeLast", (row) => row.on_time_last_percent),
        how.share("f.inFull", (row) => row.in_full_percent),
        how.count("f.leadMedian", (row) => row.lead_median),
        how.money("f.priceDeviation", (row) => row.price_deviation),
        how.share("f.failedShare", (row) => row.failed_percent),
      ]}
    />
  );
}

/** Who asked for which bank account, and who agreed; of each account only the end is told. */
function BankChanges({ partner }: { partner: string }) {
  const query = { partner_id: partner };
  const asked = useQuery({
    queryKey: ["list", "/api/v1/partners/bank-changes", query],
    queryFn: () => list("/api/v1/partners/bank-changes", query),
  });
  return (
    <AskedTable
      asked={asked}
      none="partner.noBankChanges"
      rowKey={(row) => row.bank_change_id}
      columns={[
        bank.count("f.change", (row) => row.number),
        bank.state("f.state", (row) => row.state),
        bank.text("partner.before", (row) => row.before),
        bank.text("partner.after", (row) => row.after),
        bank.moment("f.requestedAt", (row) => row.requested_at),
        bank.text("partner.requestedBy", (row) => row.requested_by_name),
        bank.moment("f.decidedAt", (row) => row.decided_at),
        bank.text("partner.decidedBy", (row) => row.decided_by_name),
        bank.text("f.reason", (row) => row.reason),
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
    { word: "page.supplierPerformance", body: <Performance supplier={code} /> },
  ];
  return (
    <RecordPage
      query={query}
      back="/data/partners"
      subjects={() => [["partner", id]]}
      title={({ partner }) => partner.name}
      under={({ partner }) => partner.code}
      state={({ partner }) => (partner.active ? "active" : "off")}
      acts={(detail) => (
        <>
          {may("partners.edit") && (
            <>
              <AmendPartner of={detail.partner} />
              <EditContacts of={detail} />
              <RetirePartner of={detail.partner} />
            </>
          )}
          {may("partners.change_bank") && <ChangeBank of={detail} />}
        </>
      )}
      facts={({ partner, bank_account, bank_change }) => [
        { word: "f.supplier", value: <YesNo of={partner.supplier} /> },
        { word: "f.customer", value: <YesNo of={partner.customer} /> },
        { word: "f.country", value: partner.country },
        { word: "f.currency", value: partner.currency },
        { word: "f.paymentDays", value: <Count of={partner.payment_days} /> },
        { word: "f.email", value: partner.email },
        { word: "f.bankAccount", value: bank_account },
        { word: "f.bankWaits", value: bank_change?.after },
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
        { word: "partner.bankChanges", body: <BankChanges partner={partner.partner_id} /> },
      ]}
    />
  );
}
