// Papers of records: each opens in a tab of its own, from where it is printed or saved.
import { Button } from "@mantine/core";
import { useWords, type Word } from "../words";
import { Dialog } from "./Dialog";
import { TextField, useFields } from "./fields";

export function PdfButton({ word, path }: { word: Word; path: string }) {
  const say = useWords();
  return (
    <Button component="a" variant="default" href={`/api/v1${path}`} target="_blank" rel="noopener">
      {say(word)}
    </Button>
  );
}

/** Labels, as many as are wanted. */
export function LabelsButton({ path, inLine }: { path: string; inLine?: boolean }) {
  const { form, set, reset } = useFields({ copies: "1" });
  const copies = form.copies.trim();
  return (
    <Dialog
      word="act.printLabels"
      inLine={inLine}
      ready={/^[1-9]\d*$/.test(copies)}
      busy={false}
      onOpen={() => reset()}
      act={async () => {
        window.open(`/api/v1${path}?copies=${copies}`, "_blank", "noopener");
      }}
      body={<TextField word="f.copies" required focus value={form.copies} change={set("copies")} />}
    />
  );
}
