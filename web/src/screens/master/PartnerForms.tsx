// Partners are made, changed, and taken out of use; who is to be talked to, and where things go.
import { Button, Text } from "@mantine/core";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import type { Schemas } from "../../api/client";
import { Dialog } from "../../house/Dialog";
import { changed, FormDialog, type FormField } from "../../house/FormDialog";
import { type Cell, emptyLine, type Line, LineEditor, readLines } from "../../house/LineEditor";
import { useAct } from "../../house/useAct";
import { useTongue, useWords } from "../../words";

type Partner = Schemas["PartnerRow"];
type Detail = Schemas["PartnerDetail"];

type Own =
  | "code"
  | "name"
  | "country"
  | "currency"
  | "supplier"
  | "customer"
  | "kind"
  | "category"
  | "email"
  | "days"
  | "tax"
  | "language";
const KINDS = ["business", "consumer"] as const;
const FIELDS: FormField<Own>[] = [
  { name: "code", word: "f.code", required: true },
  { name: "name", word: "f.name", required: true },
  { name: "country", word: "f.country", required: true, hint: "master.countryHint" },
  { name: "currency", word: "f.currency", hint: "master.currencyHint" },
  { name: "supplier", word: "f.supplier", kind: "yes" },
  { name: "customer", word: "f.customer", kind: "yes" },
  { name: "kind", word: "master.customerKind", kind: KINDS },
  { name: "category", word: "f.category", hint: "master.partnerCategoryHint" },
  { name: "email", word: "f.email" },
  { name: "days", word: "f.paymentDays", kind: "whole" },
  { name: "tax", word: "master.taxNumber" },
  { name: "language", word: "master.language", hint: "master.languageHint" },
];

/** The fields as the contract names them. */
const written = (form: Record<Own, string>) => ({
  code: form.code,
  name: form.name,
  country: form.country.toUpperCase(),
  ...(form.currency && { currency: form.currency.toUpperCase() }),
  supplier: form.supplier === "true",
  customer: form.customer === "true",
  customer_kind: KINDS.find((one) => one === form.kind),
  category: form.category,
  email: form.email,
  payment_days: Number(form.days),
  tax_number: form.tax,
  language: form.language,
});

export function CreatePartner({ supplier }: { supplier: boolean }) {
  const say = useWords();
  const navigate = useNavigate();
  const create = useAct(
    "/api/v1/partners",
    () => say("done.saved"),
    ({ partners: [made] }) => {
      if (made?.outcome === "done")
        navigate({ to: `/data/partners/${made.partner_id}`, ignoreBlocker: true });
    },
  );
  return (
    <FormDialog
      word="act.newPartner"
      look="filled"
      fields={FIELDS}
      start={{
        code: "",
        name: "",
        country: "",
        currency: "",
        supplier: supplier ? "true" : "",
        customer: "",
        kind: "business",
        category: "",
        email: "",
        days: "30",
        tax: "",
        language: "",
      }}
      busy={create.isPending}
      act={(form) => create.mutateAsync({ all_or_nothing: true, partners: [written(form)] })}
    />
  );
}

export function AmendPartner({ of }: { of: Partner }) {
  const say = useWords();
  // The partner as it was when the dialog was opened: another's change meanwhile is not written over.
  const [seen, setSeen] = useState(of);
  const amend = useAct("/api/v1/partners/amend", () => say("done.saved"));
  return (
    <FormDialog
      word="act.amend"
      fields={FIELDS}
      start={{
        code: of.code,
        name: of.name,
        country: of.country,
        currency: of.currency,
        supplier: of.supplier ? "true" : "",
        customer: of.customer ? "true" : "",
        kind: of.customer_kind,
        category: of.category,
        email: of.email,
        days: String(of.payment_days),
        tax: of.tax_number,
        language: of.language,
      }}
      busy={amend.isPending}
      amends
      onOpen={() => setSeen(of)}
      act={(form, before) =>
        amend.mutateAsync({
          partner_id: seen.partner_id,
          revision: seen.revision,
          ...changed(written(form), written(before)),
        })
      }
    />
  );
}

/** Takes a partner out of use, or back into it. */
export function RetirePartner({ of }: { of: Partner }) {
  const say = useWords();
  const { partner_id, revision, active } = of;
  const retire = useAct("/api/v1/partners/retire", () => say("done.saved"));
  const restore = useAct("/api/v1/partners/restore", () => say("done.saved"));
  const one = active ? retire : restore;
  return (
    <Button
      variant="default"
      loading={one.isPending}
      onClick={() => one.mutate({ partner_id, revision })}
    >
      {say(active ? "act.retire" : "act.restore")}
    </Button>
  );
}

const BANK: FormField<"account">[] = [
  { name: "account", word: "f.bankAccount", hint: "master.bankHint" },
];

/** Where a partner is paid from then on, once whoever has to has agreed. */
export function ChangeBank({ of }: { of: Detail }) {
  const say = useWords();
  const [seen, setSeen] = useState(of.partner);
  const change = useAct("/api/v1/partners/bank-details", ({ waits }) =>
    waits ? { how: "look", text: say("done.waits") } : say("done.saved"),
  );
  return (
    <FormDialog
      word="act.changeBank"
      fields={BANK}
      start={{ account: of.bank_account }}
      busy={change.isPending}
      // Whoever asks again for the account in force takes back what waits.
      amends={!of.bank_change}
      onOpen={() => setSeen(of.partner)}
      act={({ account }) =>
        change.mutateAsync({
          partner_id: seen.partner_id,
          revision: seen.revision,
          bank_account: account,
        })
      }
    />
  );
}

type Contact = "name" | "job" | "email" | "phone";
const CONTACT: Cell<Contact>[] = [
  { name: "name", word: "f.name" },
  { name: "job", word: "f.role", width: 130 },
  { name: "email", word: "f.email" },
  { name: "phone", word: "f.phone", width: 130 },
];

/** Who is to be talked to, in place of those before; addresses stay as they are. */
export function EditContacts({ of }: { of: Detail }) {
  const say = useWords();
  const { locale } = useTongue();
  const fresh = (): Line<Contact>[] => {
    const known = of.contacts.map(({ name, job = "", email = "", phone = "" }) => {
      return { name, job, email, phone };
    });
    return [...known, emptyLine(CONTACT)];
  };
  const [lines, setLines] = useState(fresh);
  // The partner as it was when the dialog was opened, with the addresses that stay.
  const [seen, setSeen] = useState(of);
  const save = useAct("/api/v1/partners/contacts", () => say("done.saved"));
  const read = readLines(CONTACT, lines, locale);
  return (
    <Dialog
      word="act.editContacts"
      size="xl"
      busy={save.isPending}
      ready={read?.every(({ name }) => name !== "") ?? false}
      onOpen={() => {
        setLines(fresh());
        setSeen(of);
      }}
      act={() =>
        save.mutateAsync({
          partner_id: seen.partner.partner_id,
          revision: seen.partner.revision,
          contacts: read ?? [],
          addresses: seen.addresses,
        })
      }
      body={
        <>
          <Text size="sm">{say("master.contactsText")}</Text>
          <LineEditor cells={CONTACT} lines={lines} change={setLines} />
        </>
      }
    />
  );
}
