// A package: what is in it, from where it was taken, and where it goes.
import { useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { record, type Schemas } from "../api/client";
import { Count, Moment } from "../house/cells";
import { columnsOf } from "../house/columns";
import { LineTable } from "../house/LineTable";
import { LabelsButton, PdfButton } from "../house/Pdf";
import { RecordPage } from "../house/RecordPage";
import { Way } from "../house/Way";
import { useMay } from "../session";
import { LabelPackage } from "./Label";
import { ShipPackages, Unpack } from "./Packages";

type Detail = Schemas["PackageDetail"];
const line = columnsOf<Detail["lines"][number]>();

function Acts({ of }: { of: Detail["package"] }) {
  const may = useMay();
  if (of.state === "unpacked") return null;
  return (
    <>
      {of.state === "ready" && may("sales.ship") && <ShipPackages of={[of]} />}
      {may("picking.pack") && <LabelPackage of={of} />}
      {of.state !== "shipped" && may("picking.pack") && <Unpack of={of} />}
    </>
  );
}

/** What is in a package. */
export function PackageLines({ of }: { of: Detail["lines"] }) {
  return (
    <LineTable
      rows={of}
      rowKey={(row) => row.line}
      columns={[
        line.count("f.line", (row) => row.line),
        line.text("f.sku", (row) => row.sku),
        line.text("f.name", (row) => row.name),
        line.text("f.lot", (row) => row.lot),
        line.quantity("f.quantity", (row) => row.quantity),
        line.text("f.fromPlace", (row) => row.place),
        line.text("f.pickList", (row) => row.list_number),
      ]}
    />
  );
}

export default function Package() {
  const { id } = useParams({ strict: false }) as { id: string };
  const query = useQuery({
    queryKey: ["record", "package", id],
    queryFn: () => record("/api/v1/packages/{id}", id),
  });
  return (
    <RecordPage
      query={query}
      back="/stock/packages"
      subjects={() => [["package", id]]}
      title={(one) => one.package.number}
      under={(one) => [one.package.partner_name, one.package.country].filter(Boolean).join(" · ")}
      state={(one) => one.package.state}
      acts={(one) => (
        <>
          <PdfButton word="act.packingSlip" path={`/packages/${id}/packing-slip`} />
          <LabelsButton path={`/packages/${id}/label`} />
          <Acts of={one.package} />
        </>
      )}
      facts={({ package: of }) => [
        {
          word: "f.order",
          value: (
            <Way to={`/sales/orders/${of.order_id}`} className="plain-link">
              {of.order_number}
            </Way>
          ),
        },
        { word: "f.carrier", value: of.carrier },
        { word: "f.service", value: of.service },
        { word: "f.tracking", value: of.tracking },
        { word: "f.weight", value: <Count of={of.weight_grams} /> },
        { word: "f.length", value: <Count of={of.length_mm} /> },
        { word: "f.width", value: <Count of={of.width_mm} /> },
        { word: "f.height", value: <Count of={of.height_mm} /> },
        { word: "f.warehouse", value: of.warehouse },
        { word: "f.shipment", value: of.shipment_number },
        { word: "f.packedAt", value: <Moment of={of.packed_at} /> },
        { word: "f.packedBy", value: of.packed_by },
      ]}
      tabs={({ lines }) => [
        { word: "record.lines", count: lines.length, body: <PackageLines of={lines} /> },
      ]}
    />
  );
}
