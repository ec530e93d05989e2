// The lists of sales.
import type { Row } from "../api/client";
import { columnsOf } from "../house/columns";
import { FilesButton } from "../house/FilesButton";
import { ListPage } from "../house/ListPage";
import { RETURN_REASONS } from "../returned";

const order = columnsOf<Row<"/api/v1/sales-orders">>();

export function SalesOrders() {
  return (
    <ListPage
      path="/api/v1/sales-orders"
      title="page.salesOrders"
      rowKey={(row) => row.order_id}
      records={{ under: "/sales/orders", id: "order_id" }}
      filters={[
        { name: "external_ref", word: "f.externalRef", kind: "text", front: true },
        { name: "sku", word: "f.sku", kind: "text", front: true },
        { name: "state", word: "f.state", kind: ["accepted", "closed", "cancelled"], front: true },
        { name: "channel", word: "f.channel", kind: "text" },
        { name: "partner", word: "f.customer", kind: "text" },
        { name: "from_day", word: "f.from", kind: "day" },
        { name: "to_day", word: "f.to", kind: "day" },
      ]}
      columns={[
        order.text("f.number", (row) => row.number, { lead: true }),
        order.text("f.externalRef", (row) => row.external_ref),
        order.text("f.channel", (row) => row.channel),
        order.text("f.customer", (row) => row.partner),
        order.text("f.country", (row) => row.country),
        order.day("f.orderedOn", (row) => row.ordered_on),
        order.state("f.state", (row) => row.state),
        order.state("f.shipped", (row) => row.shipped),
        order.state("f.invoiced", (row) => row.invoiced),
        order.money("f.gross", (row) => row.gross),
      ]}
    />
  );
}

const shipment = columnsOf<Row<"/api/v1/shipments">>();

export function Shipments() {
  return (
    <ListPage
      path="/api/v1/shipments"
      title="page.shipments"
      rowKey={(row) => row.shipment_id}
      records={{ under: "/sales/orders", id: "order_id" }}
      filters={[
        { name: "external_ref", word: "f.externalRef", kind: "text", front: true },
        { name: "sku", word: "f.sku", kind: "text", front: true },
        { name: "from_day", word: "f.from", kind: "day" },
        { name: "to_day", word: "f.to", kind: "day" },
      ]}
      columns={[
        shipment.text("f.number", (row) => row.number),
        shipment.text("f.order", (row) => row.order_number, { lead: true }),
        shipment.text("f.customer", (row) => row.partner),
        shipment.day("f.shipped", (row) => row.happened_on),
        shipment.text("f.warehouse", (row) => row.warehouse),
        shipment.text("f.carrier", (row) => row.carrier),
        shipment.text("f.tracking", (row) => row.tracking),
        shipment.node("record.files", (row) => (
          <FilesButton kind="shipment" id={row.shipment_id} name={row.number} />
        )),
      ]}
    />
  );
}

const invoice = columnsOf<Row<"/api/v1/invoices">>();

export function Invoices() {
  return (
    <ListPage
      path="/api/v1/invoices"
      title="page.invoices"
      rowKey={(row) => row.invoice_id}
      records={{ under: "/sales/orders", id: "order_id" }}
      filters={[
        { name: "external_ref", word: "f.externalRef", kind: "text", front: true },
        { name: "kind", word: "f.kind", kind: ["invoice", "credit_note"], front: true },
        { name: "from_day", word: "f.from", kind: "day" },
        { name: "to_day", word: "f.to", kind: "day" },
      ]}
      columns={[
        invoice.text("f.number", (row) => row.number),
        invoice.text("f.order", (row) => row.order_number, { lead: true }),
        invoice.state("f.kind", (row) => row.kind),
        invoice.text("f.customer", (row) => row.partner),
        invoice.day("f.invoiced", (row) => row.invoiced_on),
        invoice.day("f.dueOn", (row) => row.due_on),
        invoice.money("f.net", (row) => row.net),
        invoice.money("f.tax", (row) => row.tax),
        invoice.money("f.gross", (row) => row.gross),
        invoice.node("record.files", (row) => (
          <FilesButton kind={row.kind} id={row.invoice_id} name={row.number} />
        )),
      ]}
    />
  );
}

const back = columnsOf<Row<"/api/v1/returns">>();

export function Returns() {
  return (
    <ListPage
      path="/api/v1/returns"
      title="page.returns"
      rowKey={(row) => row.return_id}
      records={{ under: "/sales/returns", id: "return_id" }}
      filters={[
        { name: "undecided", word: "f.undecidedOnly", kind: "yes", front: true },
        { name: "reason", word: "f.reason", kind: RETURN_REASONS, front: true },
        { name: "partner", word: "f.customer", kind: "text" },
      ]}
      empty={{ title: "empty.returns", text: "empty.returnsText" }}
      columns={[
        back.text("f.number", (row) => row.number, { lead: true }),
        back.text("f.order", (row) => row.order_number),
        back.text("f.customer", (row) => row.partner),
        back.state("f.reason", (row) => row.reason),
        back.day("f.authorizedOn", (row) => row.authorized_on),
        back.quantity("f.expected", (row) => row.expected),
        back.quantity("f.received", (row) => row.received),
        back.quantity("f.undecided", (row) => row.undecided),
        back.quantity("f.refunded", (row) => row.refunded),
      ]}
    />
  );
}

const route = columnsOf<Row<"/api/v1/routes">>();
const CHOICES = ["reserved", "here", "elsewhere", "split", "waits"] as const;

export function OrderRoutes() {
  return (
    <ListPage
      path="/api/v1/routes"
      title="page.routes"
      rowKey={(row) => row.route_id}
      records={{ under: "/sales/orders", id: "order_id" }}
      filters={[
        { name: "choice", word: "f.choice", kind: CHOICES, front: true },
        { name: "channel", word: "f.channel", kind: "text", front: true },
        { name: "warehouse", word: "f.warehouse", kind: "text" },
      ]}
      columns={[
        route.text("f.order", (row) => row.order_number, { lead: true }),
        route.text("f.channel", (row) => row.channel),
        route.state("f.choice", (row) => row.choice),
        route.text("f.warehouse", (row) => row.warehouse),
        route.quantity("f.reserved", (row) => row.reserved),
        route.state("f.cause", (row) => row.reason),
        route.moment("f.decidedAt", (row) => row.decided_at),
      ]}
    />
  );
}
