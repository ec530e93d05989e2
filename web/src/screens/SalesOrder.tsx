// A customer's order: what is reserved, shipped, invoiced and still lacking.
import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useNavigate, useParams } from "@tanstack/react-router";
import { useState } from "react";
import { record, type Schemas } from "../api/client";
import { isZero } from "../format";
import { DayText, Moment, Money, State, YesNo } from "../house/cells";
import { columnsOf } from "../house/columns";
import { Dialog } from "../house/Dialog";
import { OneOf, TextField, useFields } from "../house/fields";
import { LineTable } from "../house/LineTable";
import { RecordPage } from "../house/RecordPage";
import { useAct } from "../house/useAct";
import { RETURN_REASONS } from "../returned";
import { useMay } from "../session";
import { useWords } from "../words";
import { Capture } from "./money/Capture";
import { CancelRest, RouteOrder, RoutesOf, SupplyOrder } from "./OrderFill";
import { PickLinesOf } from "./OrderPicks";
import { PackagesOf } from "./Packages";
import { SuppliesOf } from "./Supplies";

type Order = Schemas["SalesOrderDetail"];
const line = columnsOf<Order["lines"][number]>();
const shipment = columnsOf<Order["shipments"][number]>();
const invoice = columnsOf<Order["invoices"][number]>();

function Ship({ id }: { id: string }) {
  const say = useWords();
  const { form, set, reset } = useFields({ carrier: "", tracking: "" });
  const ship = useAct("/api/v1/shipments", (answer) =>
    say("done.shipped", { number: answer.number }),
  );
  return (
    <Dialog
      word="act.ship"
      look="filled"
      busy={ship.isPending}
      ready
      onOpen={() => reset()}
      act={() =>
        ship.mutateAsync({
          order_id: id,
          carrier: form.carrier || null,
          tracking: form.tracking || null,
        })
      }
      body={
        <>
          <TextField word="f.carrier" value={form.carrier} focus change={set("carrier")} />
          <TextField word="f.tracking" value={form.tracking} change={set("tracking")} />
        </>
      }
    />
  );
}

type Reason = (typeof RETURN_REASONS)[number];

/** Lets the customer send back all that has left. */
function Authorize({ id }: { id: string }) {
  const say = useWords();
  const navigate = useNavigate();
  const [reason, setReason] = useState<Reason>("changed_mind");
  const authorize = useAct(
    "/api/v1/returns",
    (answer) => say("done.created", { number: answer.number }),
    (answer) => navigate({ to: `/sales/returns/${answer.return_id}`, ignoreBlocker: true }),
  );
  return (
    <Dialog
      word="act.authorize"
      busy={authorize.isPending}
      ready
      act={() => authorize.mutateAsync({ order_id: id, reason })}
      body={<OneOf word="f.reason" of={RETURN_REASONS} value={reason} change={setReason} />}
    />
  );
}

function Acts({ of }: { of: Order }) {
  const say = useWords();
  const may = useMay();
  const { order_id, state, shipped, invoiced } = of.head;
  const bill = useAct("/api/v1/invoices", (answer) =>
    say("done.invoiced", { number: answer.number }),
  );
  const lacks = of.lines.some((one) => !isZero(one.back_order));
  const back = shipped !== "none" && may("quality.authorize") && <Authorize id={order_id} />;
  if (state !== "accepted") return back;
  return (
    <>
      {back}
      {of.head.prepaid && may("payments.capture") && <Capture of={of.head} />}
      {shipped !== "fully" && may("sales.ship") && <Ship id={order_id} />}
      {shipped !== "none" && invoiced !== "fully" && may("sales.invoice") && (
        <Button
          variant="default"
          loading={bill.isPending}
          onClick={() => bill.mutate({ order_id })}
        >
          {say("act.invoice")}
        </Button>
      )}
      {lacks && may("fulfilment.route") && <RouteOrder id={order_id} />}
      {lacks && may("fulfilment.supply") && <SupplyOrder of={of} />}
      {shipped !== "fully" && may("sales.cancel") && <CancelRest id={order_id} />}
    </>
  );
}

export default function SalesOrder() {
  const { id } = useParams({ strict: false }) as { id: string };
  const may = useMay();
  const query = useQuery({
    queryKey: ["record", "sales-order", id],
    queryFn: () => record("/api/v1/sales-orders/{id}", id),
  });
  return (
    <RecordPage
      query={query}
      back="/sales/orders"
      subjects={({ head, shipments, invoices }) => [
        ["sales_order", head.order_id],
        ...shipments.map((one) => ["shipment", one.shipment_id] as const),
        ...invoices.map((one) => ["invoice", one.invoice_id] as const),
      ]}
      title={({ head }) => head.number}
      under={({ head }) => [head.channel, head.external_ref].filter(Boolean).join(" · ")}
      state={({ head }) => head.state}
      acts={(order) => <Acts of={order} />}
      facts={({ head, accepted_at }) => [
        { word: "f.gross", value: <Money of={head.gross} /> },
        { word: "f.net", value: <Money of={head.net} /> },
        { word: "f.tax", value: <Money of={head.tax} /> },
        { word: "f.customer", value: head.partner },
        { word: "f.country", value: head.country },
        { word: "f.warehouse", value: head.warehouse },
        { word: "f.orderedOn", value: <DayText of={head.ordered_on} /> },
        { word: "f.acceptedAt", value: <Moment of={accepted_at} /> },
        { word: "f.dueOn", value: <DayText of={head.due_on} /> },
        { word: "f.shipped", value: <State of={head.shipped} /> },
        { word: "f.invoiced", value: <State of={head.invoiced} /> },
        { word: "f.prepaid", value: <YesNo of={head.prepaid} /> },
      ]}
      tabs={({ head, lines, shipments, invoices }) => [
        {
          word: "record.lines",
          count: lines.length,
          body: (
            <LineTable
              rows={lines}
              rowKey={(row) => row.line}
              columns={[
                line.count("f.line", (row) => row.line),
                line.text("f.sku", (row) => row.sku),
                line.text("f.description", (row) => row.description),
                line.quantity("f.quantity", (row) => row.quantity),
                line.price("f.price", (row) => row.price),
                line.percent("f.tax", (row) => row.tax_rate),
                line.money("f.gross", (row) => row.gross),
                line.quantity("f.reserved", (row) => row.reserved),
                line.quantity("f.backOrder", (row) => row.back_order),
                line.quantity("f.shipped", (row) => row.shipped),
                line.quantity("f.invoiced", (row) => row.invoiced),
                line.quantity("f.cancelled", (row) => row.cancelled),
              ]}
            />
          ),
        },
        {
          word: "page.shipments",
          count: shipments.length,
          body: (
            <LineTable
              rows={shipments}
              rowKey={(row) => row.shipment_id}
              columns={[
                shipment.text("f.number", (row) => row.number),
                shipment.day("f.shipped", (row) => row.happened_on),
                shipment.text("f.carrier", (row) => row.carrier),
                shipment.text("f.tracking", (row) => row.tracking),
              ]}
            />
          ),
        },
        {
          word: "page.invoices",
          count: invoices.length,
          body: (
            <LineTable
              rows={invoices}
              rowKey={(row) => row.invoice_id}
              columns={[
                invoice.text("f.number", (row) => row.number),
                invoice.state("f.kind", (row) => row.kind),
                invoice.day("f.invoiced", (row) => row.invoiced_on),
                invoice.day("f.dueOn", (row) => row.due_on),
                invoice.money("f.net", (row) => row.net),
                invoice.money("f.tax", (row) => row.tax),
                invoice.money("f.gross", (row) => row.gross),
              ]}
            />
          ),
        },
        ...(may("picking.read")
          ? ([
              { word: "page.pickLines", body: <PickLinesOf id={head.order_id} /> },
              { word: "page.packages", body: <PackagesOf query={{ order_id: head.order_id }} /> },
            ] as const)
          : []),
        ...(may("fulfilment.read")
          ? ([
              { word: "page.supplies", body: <SuppliesOf query={{ order_id: head.order_id }} /> },
              { word: "page.routes", body: <RoutesOf id={head.order_id} /> },
            ] as const)
          : []),
      ]}
    />
  );
}
