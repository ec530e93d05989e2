// A count sheet: what somebody sees is entered, by hand or scanner, and what differs is reviewed. It is
// shown in pages, however long it is; what was typed on one stays there until it is saved.
import { Alert, Box, Button, Group, SegmentedControl, Title } from "@mantine/core";
import { useParams } from "@tanstack/react-router";
import { useState } from "react";
import { list } from "../api/client";
import { ReasonDialog } from "../house/Dialog";
import { Files } from "../house/Files";
import { Neighbours } from "../house/Neighbours";
import { PdfButton } from "../house/Pdf";
import { Trail } from "../house/Trail";
import { useAct } from "../house/useAct";
import { useScanner } from "../house/useScanner";
import { useMay } from "../session";
import { useWords } from "../words";
import { Conflicts, Resolve } from "./CountConflicts";
import { Entry, Review, SheetFilters, SheetPages } from "./CountLines";
import { type Reasons, Why } from "./CountReasons";
import { type Narrowed, useDraft, useSheet } from "./countDraft";
import { DecideOn, useWaiting } from "./Decide";

/** What can be done with the whole sheet. */
function Acts({ id, reasons }: { id: string; reasons: Reasons }) {
  const say = useWords();
  const may = useMay();
  const apply = useAct("/api/v1/counts/apply", (answer) => {
    if (answer.conflicts.length > 0) return { how: "look", text: say("conflict.title") };
    return answer.waits ? say("done.waits") : say("done.applied", { n: answer.differences });
  });
  const approve = useAct("/api/v1/counts/approve", () => say("done.approved"));
  const cancel = useAct("/api/v1/counts/cancel", () => say("done.cancelled"));
  const waits = useWaiting("count", id);
  const asked = { count_id: id, skip_uncounted: true, reasons: Object.values(reasons) };
  return (
    <>
      {may("counting.apply") && (
        <Button variant="default" loading={apply.isPending} onClick={() => apply.mutate(asked)}>
          {say("act.apply")}
        </Button>
      )}
      <DecideOn of={waits} />
      {may("counting.approve") && !waits && (
        <Button variant="default" loading={approve.isPending} onClick={() => approve.mutate(asked)}>
          {say("act.approve")}
        </Button>
      )}
      {may("counting.count") && (
        <ReasonDialog
          word="act.cancelCount"
          look="danger"
          busy={cancel.isPending}
          act={(reason) => cancel.mutateAsync({ count_id: id, reason })}
        />
      )}
    </>
  );
}

/** Finds what was scanned: on the page, else wherever it is on the sheet. */
function useFound(id: string, narrow: (to: Narrowed) => void) {
  const may = useMay();
  const [unknown, setUnknown] = useState<string>();
  const find = async (code: string) => {
    const lines = async (sku: string) =>
      (await list("/api/v1/count-lines", { count_id: id, sku, limit: "1" })).lines;
    const scans = may("catalog.read") ? await list("/api/v1/scans", { code }) : { lines: [] };
    const sku = scans.lines[0]?.sku ?? code;
    const there = (await lines(sku)).length > 0;
    if (there) narrow({ sku });
    setUnknown(there ? undefined : code);
  };
  return { unknown, find: (code: string) => find(code).catch(() => setUnknown(code)) };
}

function Sheet({ id }: { id: string }) {
  const say = useWords();
  const may = useMay();
  const [view, setView] = useState("enter");
  const [narrowed, narrow] = useState<Narrowed>({});
  const [reasons, setReasons] = useState<Reasons>({});
  const sheet = useSheet(id, narrowed);
  const draft = useDraft(id);
  const { unknown, find } = useFound(id, (to) => {
    setView("enter");
    narrow(to);
  });
  const { rows, isOpen } = sheet;
  useScanner((code, into) => {
    // A code that was scanned into a line's field is no quantity.
    const typedIn = rows.find((row) => String(row.line) === into?.field.dataset.scan);
    if (into && typedIn) draft.set(typedIn, into.before);
    const fields = [
      ...document.querySelectorAll<HTMLInputElement>(`[data-sku="${CSS.escape(code)}"] input`),
    ];
    // The same goods may lie at several places: the first that nothing was typed of.
    const field = fields.find((one) => one.value === "") ?? fields[0];
    if (field) field.focus();
    else find(code);
  });
  return (
    <Box>
      <Neighbours back="/stock/counts" />
      <Group justify="space-between" my="sm">
        <Title order={1}>{sheet.number ?? say("page.counts")}</Title>
        <Group gap="xs">
          <SegmentedControl
            size="xs"
            aria-label={say("list.views")}
            value={view}
            onChange={setView}
            data={[
              { value: "enter", label: say("count.enter") },
              { value: "review", label: say("count.review") },
              ...(may("documents.read") ? [{ value: "files", label: say("record.files") }] : []),
              ...(may("identity.audit")
                ? [{ value: "history", label: say("record.history") }]
                : []),
            ]}
          />
          <PdfButton word="act.print" path={`/counts/${id}/pdf`} />
          {isOpen && <Acts id={id} reasons={reasons} />}
        </Group>
      </Group>
      {unknown && (
        <Alert color="orange" mb="xs" role="alert">
          {say("count.notOnSheet", { code: unknown })}
        </Alert>
      )}
      {view === "history" && <Trail of={[["count", id]]} />}
      {view === "files" && <Files kind="count" id={id} />}
      {(view === "enter" || view === "review") && (
        <>
          {isOpen && rows.some(({ state }) => state === "conflict") && <Conflicts id={id} />}
          <SheetFilters value={narrowed} change={narrow} />
          <SheetPages of={sheet}>
            {view === "enter" && isOpen && draft.isRead ? (
              <Entry id={id} rows={rows} draft={draft} />
            ) : (
              <Review
                rows={rows}
                reasons={reasons}
                why={
                  isOpen && may("counting.apply")
                    ? (row) =>
                        row.state === "conflict" && may("counting.resolve") ? (
                          <Resolve id={id} line={row.line} />
                        ) : (
                          <Why
                            id={id}
                            row={row}
                            give={(reason) => setReasons({ ...reasons, [row.line]: reason })}
                          />
                        )
                    : undefined
                }
              />
            )}
          </SheetPages>
        </>
      )}
    </Box>
  );
}

export default function CountSheet() {
  const { id } = useParams({ strict: false }) as { id: string };
  // Another sheet has another draft.
  return <Sheet key={id} id={id} />;
}
