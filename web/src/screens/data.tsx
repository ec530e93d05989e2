// The lists of master data.
import { Group } from "@mantine/core";
import type { Row } from "../api/client";
import { columnsOf } from "../house/columns";
import { FilesButton } from "../house/FilesButton";
import type { Filter } from "../house/filters";
import { ListPage } from "../house/ListPage";
import { LabelsButton } from "../house/Pdf";
import { useMay } from "../session";
import { type ListTitle, useWords } from "../words";
import { ACCOUNT_KINDS, DefineAccount } from "./master/BookForms";
import { DefineChannel, termWord } from "./master/ChannelForm";
import { CreatePartner } from "./master/PartnerForms";
import { CreatePlace, CreateWarehouse } from "./master/PlaceForms";
import { DefineReason } from "./master/ReasonForm";
import { DefineCategory, DefineUnit } from "./master/WordForms";
import { ReceiptSteps } from "./ReceiptSteps";

type PartnerPath = "/api/v1/partners";
const partner = columnsOf<Row<PartnerPath>>();

const ROLES: Filter<PartnerPath>[] = [
  { name: "supplier", word: "f.supplier", kind: "yes", front: true },
  { name: "customer", word: "f.customer", kind: "yes", front: true },
];

function PartnerList({ title, only }: { title: ListTitle; only?: { supplier: string } }) {
  const edits = useMay()("partners.edit");
  return (
    <ListPage
      path="/api/v1/partners"
      title={title}
      actions={edits && <CreatePartner supplier={only !== undefined} />}
      rowKey={(row) => row.partner_id}
      records={{ under: "/data/partners", id: "partner_id" }}
      always={only}
      filters={[
        { name: "text", word: "f.text", kind: "text", front: true },
        ...(only ? [] : ROLES),
        { name: "country", word: "f.country", kind: "text" },
        { name: "active", word: "f.active", kind: "yes" },
      ]}
      columns={[
        partner.text("f.code", (row) => row.code, { lead: true, sort: "code" }),
        partner.text("f.name", (row) => row.name, { sort: "name" }),
        partner.text("f.country", (row) => row.country),
        partner.text("f.currency", (row) => row.currency),
        partner.count("f.paymentDays", (row) => row.payment_days),
        partner.text("f.email", (row) => row.email),
        partner.yesNo("f.active", (row) => row.active),
      ]}
    />
  );
}

export const Partners = () => <PartnerList title="page.partners" />;
export const Suppliers = () => <PartnerList title="page.suppliers" only={{ supplier: "true" }} />;

const warehouse = columnsOf<Row<"/api/v1/warehouses">>();

export function Warehouses() {
  const edits = useMay()("stock.edit_places");
  return (
    <ListPage
      path="/api/v1/warehouses"
      title="page.warehouses"
      actions={edits && <CreateWarehouse />}
      rowKey={(row) => row.code}
      open={(row) => `/stock/places?warehouse=${encodeURIComponent(row.code)}`}
      whole
      columns={[
        warehouse.text("f.code", (row) => row.code, { lead: true }),
        warehouse.text("f.name", (row) => row.name),
        warehouse.count("f.receiptSteps", (row) => row.receipt_steps),
        warehouse.node("f.action", (row) => (edits ? <ReceiptSteps of={row} /> : null)),
        warehouse.node("record.files", (row) => (
          <FilesButton kind="warehouse" id={row.warehouse_id} name={row.code} />
        )),
      ]}
    />
  );
}

const place = columnsOf<Row<"/api/v1/places">>();
const PLACE_KINDS = ["internal", "transit", "supplier", "customer", "loss"] as const;

export function Places() {
  const edits = useMay()("stock.edit_places");
  return (
    <ListPage
      path="/api/v1/places"
      title="page.places"
      actions={edits && <CreatePlace />}
      rowKey={(row) => row.place_id}
      filters={[
        { name: "path", word: "f.pathBegins", kind: "text", front: true },
        { name: "warehouse", word: "f.warehouse", kind: "text", front: true },
        { name: "kind", word: "f.kind", kind: PLACE_KINDS, front: true },
      ]}
      columns={[
        place.text("f.place", (row) => row.path),
        place.text("f.warehouse", (row) => row.warehouse),
        place.state("f.kind", (row) => row.kind),
        place.state("f.class", (row) => row.class),
        place.node("f.action", (row) =>
          row.kind === "internal" ? (
            <Group gap={6} wrap="nowrap">
              <LabelsButton path={`/places/${row.place_id}/label`} inLine />
              {edits && <CreatePlace parent={row.path} />}
            </Group>
          ) : null,
        ),
      ]}
    />
  );
}

const category = columnsOf<Row<"/api/v1/categories">>();

export function Categories() {
  const edits = useMay()("catalog.edit");
  return (
    <ListPage
      path="/api/v1/categories"
      title="page.categories"
      actions={edits && <DefineCategory />}
      rowKey={(row) => row.category_id}
      open={(row) => `/stock/items?category=${encodeURIComponent(row.code)}`}
      whole
      columns={[
        category.text("f.code", (row) => row.code, { lead: true }),
        category.text("f.name", (row) => row.name),
        category.node("f.action", (row) => (edits ? <DefineCategory of={row} /> : null)),
      ]}
    />
  );
}

const unit = columnsOf<Row<"/api/v1/units">>();

export function Units() {
  const edits = useMay()("catalog.edit");
  return (
    <ListPage
      path="/api/v1/units"
      title="page.units"
      actions={edits && <DefineUnit />}
      rowKey={(row) => row.unit_id}
      whole
      columns={[
        unit.text("f.code", (row) => row.code),
        unit.text("f.name", (row) => row.name),
        unit.text("f.quantity", (row) => row.ratio),
      ]}
    />
  );
}

const channel = columnsOf<Row<"/api/v1/channels">>();

export function Channels() {
  const say = useWords();
  const edits = useMay()("sales.configure");
  return (
    <ListPage
      path="/api/v1/channels"
      title="page.channels"
      actions={edits && <DefineChannel />}
      rowKey={(row) => row.channel_id}
      open={(row) => `/sales/orders?channel=${encodeURIComponent(row.code)}`}
      filters={[
        { name: "warehouse", word: "f.warehouse", kind: "text", front: true },
        { name: "active", word: "f.active", kind: "yes", front: true },
      ]}
      columns={[
        channel.text("f.code", (row) => row.code, { lead: true }),
        channel.text("f.name", (row) => row.name),
        channel.text("f.warehouse", (row) => row.warehouse),
        channel.text("channel.whenShort", (row) => termWord(say, row.when_short)),
        channel.text("channel.reserveAt", (row) => termWord(say, row.reserve_at), { hidden: true }),
        channel.text("channel.prices", (row) => termWord(say, row.prices)),
        channel.text("channel.revenueAt", (row) => termWord(say, row.revenue_at)),
        channel.yesNo("f.prepaid", (row) => row.prepaid),
        channel.count("f.paymentDays", (row) => row.terms_days),
        channel.text("channel.taxCode", (row) => row.tax_code, { hidden: true }),
        channel.yesNo("f.active", (row) => row.active),
        channel.node("f.action", (row) => (edits ? <DefineChannel of={row} /> : null)),
      ]}
    />
  );
}

const account = columnsOf<Row<"/api/v1/accounts">>();

export function Accounts() {
  const defines = useMay()("accounting.define_account");
  return (
    <ListPage
      path="/api/v1/accounts"
      title="page.accounts"
      actions={defines && <DefineAccount />}
      rowKey={(row) => row.account_id}
      open={(row) => `/books/ledger?account_id=${row.account_id}`}
      whole
      filters={[
        { name: "kind", word: "f.kind", kind: ACCOUNT_KINDS, front: true },
        { name: "with_role", word: "f.withRole", kind: "yes", front: true },
      ]}
      columns={[
        account.text("f.code", (row) => row.code, { lead: true }),
        account.text("f.name", (row) => row.name),
        account.state("f.kind", (row) => row.kind),
        account.role("f.role", (row) => row.role),
      ]}
    />
  );
}

const reason = columnsOf<Row<"/api/v1/reasons">>();

export function Reasons() {
  const edits = useMay()("stock.edit_reasons");
  return (
    <ListPage
      path="/api/v1/reasons"
      title="page.reasons"
      actions={edits && <DefineReason />}
      rowKey={(row) => row.reason_id}
      whole
      columns={[
        reason.text("f.code", (row) => row.code),
        reason.text("f.name", (row) => row.name),
        reason.role("f.account", (row) => row.role),
        reason.yesNo("f.mustExplain", (row) => row.must_explain),
        reason.yesNo("f.active", (row) => row.active),
        reason.node("f.action", (row) => (edits ? <DefineReason of={row} /> : null)),
      ]}
    />
  );
}
