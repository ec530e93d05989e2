// What the shelf has more or less than the books: how much of what at which place, why, and the files that
// prove it.
import { FileInput, Text } from "@mantine/core";
import { useState } from "react";
import { isZero } from "../format";
import { Choice } from "../house/Choice";
import { Dialog } from "../house/Dialog";
import { TextField, useFields } from "../house/fields";
import { type Cell, emptyLine, type Line, LineEditor, readLines } from "../house/LineEditor";
import { useAct } from "../house/useAct";
import { useAttach } from "../house/useAttach";
import { useMay } from "../session";
import { useTongue, useWords } from "../words";

type Name = "sku" | "place" | "lot" | "quantity";
const CELLS: Cell<Name>[] = [
  { name: "sku", word: "f.sku", width: 150 },
  { name: "place", word: "f.place", width: 180 },
  { name: "lot", word: "f.lot", width: 110 },
  { name: "quantity", word: "f.difference", decimal: true, width: 100 },
];

/** Books differences; of an item when one is given. */
export function AdjustStock({ sku = "" }: { sku?: string }) {
  const say = useWords();
  const may = useMay();
  const { locale } = useTongue();
  const fresh = () => [{ ...emptyLine(CELLS), sku }];
  const [lines, setLines] = useState<Line<Name>[]>(fresh);
  const [files, setFiles] = useState<File[]>([]);
  const { form, set, reset } = useFields({ reason: "", memo: "" });
  const attach = useAttach();
  const adjust = useAct("/api/v1/adjustments", ({ number, state }) =>
    state === "waiting"
      ? { how: "look", text: say("adjust.waits", { number }) }
      : say("adjust.done", { number }),
  );
  const read = readLines(CELLS, lines, locale);
  const isWhole = read?.every((line) => line.sku && line.place && !isZero(line.quantity || "0"));
  /** The files are the first item's from now on, and prove every line. */
  const proofs = async (record: string) => {
    const ids: string[] = [];
    for (const file of files) {
      const to = { record_kind: "item", record, type: "photo", name: file.name } as const;
      ids.push((await attach.mutateAsync({ to, file })).document_id);
    }
    return ids;
  };
  return (
    <Dialog
      word="act.adjust"
      look={sku ? "default" : "filled"}
      size="xl"
      busy={adjust.isPending || attach.isPending}
      ready={Boolean(read?.length && isWhole && form.reason)}
      onOpen={() => {
        setLines(fresh());
        setFiles([]);
        reset();
      }}
      act={async () => {
        const [first] = read ?? [];
        if (!read || !first) return;
        const evidence = await proofs(first.sku);
        await adjust.mutateAsync({
          memo: form.memo.trim(),
          lines: read.map(({ sku: of, place, lot, quantity }) => {
            return { sku: of, place, lot: lot || null, quantity, reason: form.reason, evidence };
          }),
        });
      }}
      body={
        <>
          <Text size="sm">{say("adjust.text")}</Text>
          <LineEditor cells={CELLS} lines={lines} change={setLines} />
          <Choice
            of="allReasons"
            word="f.reason"
            hint={say("adjust.reasonHint")}
            required
            value={form.reason}
            change={set("reason")}
          />
          <TextField word="f.note" value={form.memo} change={set("memo")} />
          {may("documents.attach") && (
            <FileInput
              multiple
              label={say("f.evidence")}
              description={say("adjust.evidenceHint")}
              value={files}
              onChange={setFiles}
            />
          )}
        </>
      }
    />
  );
}
