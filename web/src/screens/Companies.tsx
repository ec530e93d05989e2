// The companies in which the reader works, and a further one.
import type { Row } from "../api/client";
import { columnsOf } from "../house/columns";
import { FormDialog, type FormField } from "../house/FormDialog";
import { ListPage } from "../house/ListPage";
import { useAct } from "../house/useAct";
import { useMay } from "../session";
import { WorkInButton } from "../WorkIn";
import { useWords } from "../words";

const company = columnsOf<Row<"/api/v1/companies">>();

const FIELDS: FormField<"name" | "currency" | "country" | "zone">[] = [
  { name: "name", word: "f.name", required: true },
  { name: "currency", word: "setup.currency", required: true, hint: "company.currencyHint" },
  { name: "country", word: "setup.country", required: true },
  { name: "zone", word: "setup.zone", required: true },
];

function OpenCompany() {
  const say = useWords();
  const open = useAct("/api/v1/companies", () => say("done.saved"));
  return (
    <FormDialog
      word="act.openCompany"
      look="filled"
      fields={FIELDS}
      start={{
        name: "",
        currency: "EUR",
        country: "",
        zone: Intl.DateTimeFormat().resolvedOptions().timeZone,
      }}
      busy={open.isPending}
      act={({ name, currency, country, zone }) =>
        open.mutateAsync({
          name,
          zone,
          currency: currency.toUpperCase(),
          country: country.toUpperCase(),
        })
      }
    />
  );
}

export default function Companies() {
  const opens = useMay()("identity.create_company");
  return (
    <ListPage
      path="/api/v1/companies"
      title="page.companies"
      actions={opens && <OpenCompany />}
      rowKey={(row) => row.company_id}
      filters={[
        { name: "country", word: "f.country", kind: "text", front: true },
        { name: "currency", word: "f.currency", kind: "text", front: true },
      ]}
      columns={[
        company.text("f.name", (row) => row.name, { lead: true, sort: "name" }),
        company.text("f.country", (row) => row.country, { sort: "country" }),
        company.text("f.currency", (row) => row.currency),
        company.text("setup.zone", (row) => row.zone),
        company.yesNo("company.current", (row) => row.is_current),
        company.node("f.action", (row) => (row.is_current ? null : <WorkInButton of={row} />)),
      ]}
    />
  );
}
