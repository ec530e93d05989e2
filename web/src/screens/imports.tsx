// Files that were taken over: what each made and changed, and how one is taken back.
import { Button, Text } from "@mantine/core";
import { useState } from "react";
import type { Row, VerbPath } from "../api/client";
import { columnsOf } from "../house/columns";
import { Dialog } from "../house/Dialog";
import { ReasonField } from "../house/fields";
import { ListPage } from "../house/ListPage";
import { Rehearsal } from "../house/Rehearsal";
import { useAct } from "../house/useAct";
import { Way } from "../house/Way";
import { useMay } from "../session";
import { fieldWord, type Say, useWords } from "../words";

type UndoPath = Extract<VerbPath, `${string}-imports/undo`>;
type ItemImport = Row<"/api/v1/item-imports">;
type PartnerImport = Row<"/api/v1/partner-imports">;
const items = columnsOf<ItemImport>();
const partners = columnsOf<PartnerImport>();
const item = columnsOf<Row<"/api/v1/item-import-lines">>();
const partner = columnsOf<Row<"/api/v1/partner-import-lines">>();

const stateOf = ({ undone_at }: ItemImport | PartnerImport) => (undone_at ? "undone" : "applied");

/** What is told beforehand asks for a reason as the act does; it is kept nowhere. */
const UNKEPT = "-";

/** Takes an import back; what that comes to, or what stands against it, is told before. */
function Undo({ path, id }: { path: UndoPath; id: string }) {
  const say = useWords();
  const [reason, setReason] = useState("");
  const undo = useAct(path, (done) =>
    say("done.undone", { retired: done.retired, changed: done.put_back }),
  );
  return (
    <Dialog
      word="act.undoImport"
      inLine
      look="danger"
      busy={undo.isPending}
      ready={reason.trim() !== ""}
      onOpen={() => setReason("")}
      act={() => undo.mutateAsync({ import_id: id, reason: reason.trim() })}
      body={
        <>
          <Text size="sm">{say("imports.undoText")}</Text>
          <Rehearsal path={`${path}/rehearse`} request={{ import_id: id, reason: UNKEPT }}>
            {(told) => (
              <Text size="sm" fw={600}>
                {say("imports.would", { retired: told.retired, changed: told.put_back })}
              </Text>
            )}
          </Rehearsal>
          <ReasonField required value={reason} change={setReason} focus />
        </>
      }
    />
  );
}

function Import({ of }: { of: string }) {
  const say = useWords();
  return (
    <Button component={Way} to={`/data/import?of=${of}`} variant="default">
      {say("page.import")}
    </Button>
  );
}

export function ItemImports() {
  const may = useMay();
  const undoes = may("catalog.undo_import");
  return (
    <ListPage
      path="/api/v1/item-imports"
      title="page.itemImports"
      rowKey={(row) => row.import_id}
      open={(row) => `/data/item-imports/lines?import_id=${row.import_id}`}
      actions={may("catalog.import") && <Import of="items" />}
      filters={[
        { name: "undone", word: "imports.undone", kind: "yes", front: true },
        { name: "login", word: "f.login", kind: "text", front: true },
      ]}
      columns={[
        items.moment("imports.at", (row) => row.imported_at, { lead: true }),
        items.text("f.doneBy", (row) => row.imported_by),
        items.state("f.state", stateOf),
        items.count("import.rows", (row) => row.rows),
        items.count("import.created", (row) => row.created),
        items.count("import.changed", (row) => row.changed),
        items.moment("imports.undoneAt", (row) => row.undone_at),
        items.text("imports.undoneBy", (row) => row.undone_by),
        items.text("f.reason", (row) => row.reason, { hidden: true }),
        items.node(
          "f.action",
          (row) =>
            undoes &&
            !row.undone_at && <Undo path="/api/v1/item-imports/undo" id={row.import_id} />,
        ),
      ]}
    />
  );
}

export function PartnerImports() {
  const say = useWords();
  const may = useMay();
  const undoes = may("partners.undo_import");
  const what = ({ supplier }: PartnerImport) =>
    say(supplier ? "import.of.suppliers" : "import.of.customers");
  return (
    <ListPage
      path="/api/v1/partner-imports"
      title="page.partnerImports"
      rowKey={(row) => row.import_id}
      open={(row) => `/data/partner-imports/lines?import_id=${row.import_id}`}
      actions={may("partners.import") && <Import of="suppliers" />}
      filters={[
        { name: "supplier", word: "import.of.suppliers", kind: "yes", front: true },
        { name: "undone", word: "imports.undone", kind: "yes", front: true },
        { name: "login", word: "f.login", kind: "text", front: true },
      ]}
      columns={[
        partners.moment("imports.at", (row) => row.imported_at, { lead: true }),
        partners.text("f.kind", what),
        partners.text("f.doneBy", (row) => row.imported_by),
        partners.state("f.state", stateOf),
        partners.count("import.rows", (row) => row.rows),
        partners.count("import.created", (row) => row.created),
        partners.count("import.changed", (row) => row.changed),
        partners.moment("imports.undoneAt", (row) => row.undone_at),
        partners.text("imports.undoneBy", (row) => row.undone_by),
        partners.text("f.reason", (row) => row.reason, { hidden: true }),
        partners.node(
          "f.action",
          (row) =>
            undoes &&
            !row.undone_at && <Undo path="/api/v1/partner-imports/undo" id={row.import_id} />,
        ),
      ]}
    />
  );
}

/** What a file changed, field by field, as it was and as it became. */
function changes(say: Say, fields: string): string {
  if (fields === "") return "";
  const told = Object.entries(JSON.parse(fields) as Record<string, [unknown, unknown]>);
  return told
    .map(([name, [was, is]]) => `${fieldWord(say, name)}: ${plain(was)} → ${plain(is)}`)
    .join(" · ");
}

const plain = (value: unknown) => (typeof value === "string" ? value : JSON.stringify(value));

export function ItemImportLines() {
  const say = useWords();
  return (
    <ListPage
      path="/api/v1/item-import-lines"
      title="page.itemImportLines"
      rowKey={(row) => `${row.import_id}/${row.item_id}`}
      open={(row) => `/stock/items/${row.item_id}`}
      filters={[
        { name: "sku", word: "f.sku", kind: "text", front: true },
        { name: "made", word: "imports.made", kind: "yes", front: true },
        { name: "changed_since", word: "imports.changedSince", kind: "yes", front: true },
        { name: "import_id", word: "imports.one", kind: "text" },
      ]}
      columns={[
        item.text("f.sku", (row) => row.sku, { lead: true }),
        item.text("f.name", (row) => row.name),
        item.yesNo("imports.made", (row) => row.made),
        item.text("imports.fields", (row) => changes(say, row.fields)),
        item.moment("imports.at", (row) => row.imported_at),
        item.yesNo("imports.changedSince", (row) => row.changed_since),
      ]}
    />
  );
}

export function PartnerImportLines() {
  const say = useWords();
  return (
    <ListPage
      path="/api/v1/partner-import-lines"
      title="page.partnerImportLines"
      rowKey={(row) => `${row.import_id}/${row.partner_id}`}
      open={(row) => `/data/partners/${row.partner_id}`}
      filters={[
        { name: "code", word: "f.code", kind: "text", front: true },
        { name: "made", word: "imports.made", kind: "yes", front: true },
        { name: "changed_since", word: "imports.changedSince", kind: "yes", front: true },
        { name: "import_id", word: "imports.one", kind: "text" },
      ]}
      columns={[
        partner.text("f.code", (row) => row.code, { lead: true }),
        partner.text("f.name", (row) => row.name),
        partner.yesNo("imports.made", (row) => row.made),
        partner.text("imports.fields", (row) => changes(say, row.fields)),
        partner.moment("imports.at", (row) => row.imported_at),
        partner.yesNo("imports.changedSince", (row) => row.changed_since),
      ]}
    />
  );
}
