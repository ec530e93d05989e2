// By which codes an item is scanned, in which packagings it comes, and what a kit is made of.
import { Box, Group } from "@mantine/core";
import { useQueries } from "@tanstack/react-query";
import { useState } from "react";
import { list, Refusal, record, type Schemas } from "../../api/client";
import { columnsOf } from "../../house/columns";
import { Dialog } from "../../house/Dialog";
import { FormDialog, type FormField } from "../../house/FormDialog";
import { OneOf, TextField, useFields } from "../../house/fields";
import { type Cell, emptyLine, type Line, LineEditor, readLines } from "../../house/LineEditor";
import { LineTable } from "../../house/LineTable";
import { told } from "../../house/Problem";
import { tell } from "../../house/tell";
import { useAct } from "../../house/useAct";
import { useMay } from "../../session";
import { useTongue, useWords } from "../../words";

type Detail = Schemas["ItemDetail"];
interface CodesProps {
  of: Detail;
}

const barcode = columnsOf<Detail["barcodes"][number]>();
const packaging = columnsOf<Detail["packagings"][number]>();

function AddBarcode({ of }: CodesProps) {
  const say = useWords();
  const add = useAct("/api/v1/barcodes", () => say("done.saved"));
  const { form, set, reset } = useFields({ code: "", on: "" });
  const names = ["", ...of.packagings.map(({ name }) => name)];
  return (
    <Dialog
      word="act.addBarcode"
      busy={add.isPending}
      ready={form.code.trim() !== ""}
      onOpen={() => reset()}
      act={() =>
        add.mutateAsync({
          item_id: of.item.item_id,
          code: form.code.trim(),
          packaging_id: of.packagings.find(({ name }) => name === form.on)?.packaging_id ?? null,
        })
      }
      body={
        <>
          <TextField
            word="f.code"
            hint={say("master.codeHint")}
            required
            focus
            value={form.code}
            change={set("code")}
          />
          {names.length > 1 && (
            <OneOf
              word="f.packaging"
              hint={say("master.onHint")}
              of={names}
              value={form.on}
              change={set("on")}
            />
          )}
        </>
      }
    />
  );
}

const PACKAGING: FormField<"name" | "quantity">[] = [
  { name: "name", word: "f.name", required: true, hint: "master.packagingHint" },
  { name: "quantity", word: "f.quantity", kind: "decimal", required: true },
];

function AddPackaging({ of }: CodesProps) {
  const say = useWords();
  const add = useAct("/api/v1/packagings", () => say("done.saved"));
  return (
    <FormDialog
      word="act.addPackaging"
      fields={PACKAGING}
      start={{ name: "", quantity: "" }}
      busy={add.isPending}
      act={(form) => add.mutateAsync({ item_id: of.item.item_id, ...form })}
    />
  );
}

/** The codes and packagings of an item. */
export function Codes({ of }: CodesProps) {
  const edits = useMay()("catalog.edit");
  const on = (id: string | null | undefined) =>
    of.packagings.find(({ packaging_id }) => packaging_id === id)?.name ?? "";
  return (
    <Box>
      {edits && (
        <Group gap="xs" mb="xs">
          <AddBarcode of={of} />
          <AddPackaging of={of} />
        </Group>
      )}
      <LineTable
        rows={of.barcodes}
        rowKey={(row) => row.barcode_id}
        columns={[
          barcode.text("f.code", (row) => row.code),
          barcode.state("f.kind", (row) => row.kind),
          barcode.text("f.packaging", (row) => on(row.packaging_id)),
        ]}
      />
      <Box mt="sm">
        <LineTable
          rows={of.packagings}
          rowKey={(row) => row.packaging_id}
          columns={[
            packaging.text("f.packaging", (row) => row.name),
            packaging.quantity("f.quantity", (row) => row.quantity),
          ]}
        />
      </Box>
    </Box>
  );
}

type Name = "sku" | "quantity";
const CELLS: Cell<Name>[] = [
  { name: "sku", word: "f.sku" },
  { name: "quantity", word: "f.quantity", decimal: true, width: 120 },
];

/** What a kit is made of, in place of what it was. */
function DefineKit({ of }: CodesProps) {
  const say = useWords();
  const { locale } = useTongue();
  const [lines, setLines] = useState<Line<Name>[]>([emptyLine(CELLS)]);
  // The item as it was when the dialog was opened.
  const [seen, setSeen] = useState(of.item);
  const define = useAct("/api/v1/kits", () => say("done.saved"));
  const read = readLines(CELLS, lines, locale);
  /** The components by their ids; what there is no item of is told. */
  const components = async () => {
    const asked = read ?? [];
    const skus = asked.map(({ sku }) => sku).join("\n");
    const { lines: known } = await list("/api/v1/item-codes", { skus });
    return asked.map(({ sku, quantity }) => {
      const item_id = known.find((one) => one.sku === sku)?.item_id;
      if (item_id) return { item_id, quantity };
      throw new Refusal("unknown", say("scan.unknown", { code: sku }), 422, undefined);
    });
  };
  const save = async () => {
    const found = await components().catch((error) => {
      tell(say, "wrong", told(say, error));
      throw error;
    });
    const { item_id, revision } = seen;
    await define.mutateAsync({ item_id, revision, components: found });
  };
  return (
    <Dialog
      word="act.defineKit"
      busy={define.isPending}
      ready={Boolean(read?.length && read.every(({ sku, quantity }) => sku && quantity))}
      onOpen={() => {
        setLines([emptyLine(CELLS)]);
        setSeen(of.item);
      }}
      act={save}
      body={<LineEditor cells={CELLS} lines={lines} change={setLines} />}
    />
  );
}

const component = columnsOf<Detail["components"][number] & { sku: string }>();

/** What a kit is made of. */
export function Components({ of }: CodesProps) {
  const edits = useMay()("catalog.edit");
  const items = useQueries({
    queries: of.components.map(({ item_id: id }) => ({
      queryKey: ["record", "item", id],
      queryFn: () => record("/api/v1/items/{id}", id),
    })),
  });
  const sku = (at: number) => items[at]?.data?.item.sku ?? "";
  return (
    <Box>
      {edits && (
        <Box mb="xs">
          <DefineKit of={of} />
        </Box>
      )}
      <LineTable
        rows={of.components.map((one, at) => ({ ...one, sku: sku(at) }))}
        rowKey={(row) => row.item_id}
        columns={[
          component.text("f.sku", (row) => row.sku),
          component.quantity("f.quantity", (row) => row.quantity),
        ]}
      />
    </Box>
  );
}
