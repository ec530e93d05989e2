// Packages on their way to the carrier, and the file for it.
import { Button, Group } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { type Filters, list, type Row } from "../api/client";
import { type Column, columnsOf } from "../house/columns";
import { ReasonDialog } from "../house/Dialog";
import { AskedTable } from "../house/LineTable";
import { ListPage } from "../house/ListPage";
import { useAct } from "../house/useAct";
import { Way } from "../house/Way";
import { useMay } from "../session";
import { useWords } from "../words";
import { LabelPackage } from "./Label";

type Package = Row<"/api/v1/packages">;
const pack = columnsOf<Package>();
const STATES = ["open", "ready", "shipped", "unpacked"] as const;

/** Sends packages off, each order's in one shipment. */
export function ShipPackages({ of, done }: { of: Package[]; done?: () => void }) {
  const say = useWords();
  const ship = useAct(
    "/api/v1/packages/ship",
    ({ shipments }) =>
      say("done.packagesShipped", {
        numbers: shipments.map((one) => one.shipment.number).join(", "),
      }),
    done,
  );
  return (
    <Button
      loading={ship.isPending}
      onClick={() => ship.mutate({ package_ids: of.map((one) => one.package_id) })}
    >
      {say("act.shipPackages")}
    </Button>
  );
}

/** Takes the goods out again. */
export function Unpack({ of, inLine }: { of: Package; inLine?: boolean }) {
  const say = useWords();
  const unpack = useAct("/api/v1/packages/unpack", ({ number }) =>
    say("done.unpacked", { number }),
  );
  return (
    <ReasonDialog
      word="act.unpack"
      look="danger"
      inLine={inLine}
      busy={unpack.isPending}
      act={(reason) => unpack.mutateAsync({ package_id: of.package_id, reason })}
    />
  );
}

function Acts({ of }: { of: Package }) {
  const may = useMay();
  if (of.state === "unpacked" || !may("picking.pack")) return null;
  return (
    <Group gap={6} wrap="nowrap">
      <LabelPackage of={of} inLine />
      {of.state !== "shipped" && <Unpack of={of} inLine />}
    </Group>
  );
}

const COLUMNS: Column<Package>[] = [
  pack.state("f.state", (row) => row.state),
  pack.text("f.carrier", (row) => row.carrier),
  pack.text("f.service", (row) => row.service),
  pack.text("f.tracking", (row) => row.tracking),
  pack.count("f.weight", (row) => row.weight_grams),
  pack.text("f.shipment", (row) => row.shipment_number),
  pack.moment("f.packedAt", (row) => row.packed_at),
];

const number = pack.node("f.package", (row) => (
  <Way to={`/stock/packages/${row.package_id}`} className="plain-link">
    {row.number}
  </Way>
));

/** The packages of an order. */
export function PackagesOf({ query }: { query: Filters<"/api/v1/packages"> }) {
  const asked = useQuery({
    queryKey: ["list", "/api/v1/packages", query],
    queryFn: () => list("/api/v1/packages", { ...query, limit: "200" }),
  });
  return (
    <AskedTable
      asked={asked}
      rowKey={(row) => row.package_id}
      none="empty.packagesOf"
      columns={[number, ...COLUMNS]}
      end={(row) => <Acts of={row} />}
    />
  );
}

/** The carrier's file goes out, and its numbers come back. */
function CarrierFile() {
  const say = useWords();
  const navigate = useNavigate();
  return (
    <>
      <Button variant="default" onClick={() => navigate({ to: "/stock/ready-packages" })}>
        {say("act.carrierFile")}
      </Button>
      <Button
        variant="default"
        onClick={() => navigate({ to: "/data/import", search: { of: "tracking" } })}
      >
        {say("act.importTracking")}
      </Button>
    </>
  );
}

export default function Packages() {
  const may = useMay();
  return (
    <ListPage
      path="/api/v1/packages"
      title="page.packages"
      rowKey={(row) => row.number}
      records={{ under: "/stock/packages", id: "package_id" }}
      actions={may("picking.pack") && <CarrierFile />}
      bulk={may("sales.ship") ? (rows, done) => <ShipPackages of={rows} done={done} /> : undefined}
      filters={[
        { name: "state", word: "f.state", kind: STATES, front: true },
        { name: "number", word: "f.number", kind: "text", front: true },
        { name: "without_tracking", word: "f.withoutTracking", kind: "yes", front: true },
        { name: "tracking", word: "f.tracking", kind: "text" },
        { name: "carrier", word: "f.carrier", kind: "text" },
        { name: "warehouse", word: "f.warehouse", kind: "text" },
      ]}
      columns={[
        pack.text("f.package", (row) => row.number, { lead: true }),
        pack.text("f.order", (row) => row.order_number),
        pack.text("f.externalRef", (row) => row.external_ref, { hidden: true }),
        pack.text("f.customer", (row) => row.partner_name || row.partner),
        pack.text("f.country", (row) => row.country),
        ...COLUMNS,
        pack.text("f.warehouse", (row) => row.warehouse, { hidden: true }),
        pack.text("f.channel", (row) => row.channel, { hidden: true }),
        pack.text("f.packedBy", (row) => row.packed_by, { hidden: true }),
        pack.node("f.action", (row) => <Acts of={row} />),
      ]}
    />
  );
}

const ready = columnsOf<Row<"/api/v1/ready-packages">>();

/** What the carrier is told of the packages that wait for it. */
export function ReadyPackages() {
  return (
    <ListPage
      path="/api/v1/ready-packages"
      title="page.readyPackages"
      rowKey={(row) => row.package_number}
      filters={[
        { name: "carrier", word: "f.carrier", kind: "text", front: true },
        { name: "warehouse", word: "f.warehouse", kind: "text", front: true },
        { name: "with_tracking", word: "f.withTracking", kind: "yes" },
      ]}
      columns={[
        ready.text("f.package", (row) => row.package_number, { lead: true }),
        ready.text("f.order", (row) => row.order_number),
        ready.text("f.carrier", (row) => row.carrier),
        ready.text("f.service", (row) => row.service),
        ready.text("f.tracking", (row) => row.tracking),
        ready.text("f.name", (row) => row.name),
        ready.text("f.street", (row) => row.street),
        ready.text("f.postcode", (row) => row.postcode),
        ready.text("f.city", (row) => row.city),
        ready.text("f.country", (row) => row.country),
        ready.count("f.weight", (row) => row.weight_grams),
        ready.count("f.length", (row) => row.length_mm, { hidden: true }),
        ready.count("f.width", (row) => row.width_mm, { hidden: true }),
        ready.count("f.height", (row) => row.height_mm, { hidden: true }),
        ready.text("f.email", (row) => row.email, { hidden: true }),
        ready.text("f.externalRef", (row) => row.external_ref, { hidden: true }),
      ]}
    />
  );
}
