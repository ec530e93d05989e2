// A blind receipt: several people scan what came, then somebody sees for which orders, and books it.
import { Alert, Box, Checkbox } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { useState } from "react";
import { Refusal, record, type Schemas } from "../api/client";
import { DayText, Moment } from "../house/cells";
import { columnsOf } from "../house/columns";
import { Dialog, ReasonDialog } from "../house/Dialog";
import { DecimalField, TextField, useDecimal, useFields } from "../house/fields";
import { LineTable } from "../house/LineTable";
import { Problem, told } from "../house/Problem";
import { ProofChoice } from "../house/Proofs";
import { RecordPage } from "../house/RecordPage";
import { useAct } from "../house/useAct";
import { useMay } from "../session";
import { useFormats, useWords } from "../words";
import { MatchLines, ShortLines } from "./BlindMatch";
import { ScanBar } from "./Scan";

type Detail = Schemas["BlindReceiptDetail"];
type Scan = Schemas["ScanRow"];
const scan = columnsOf<Scan>();
const booked = columnsOf<Detail["booked"][number]>();

/** A piece that no code or item says, or that came damaged: it is described. */
function Describe({ id }: { id: string }) {
  const say = useWords();
  const decimal = useDecimal();
  const start = { code: "", quantity: "1", lot: "", description: "" };
  const { form, set, reset } = useFields(start);
  const [damaged, setDamaged] = useState(false);
  const [evidence, setEvidence] = useState<string[]>([]);
  const take = useAct("/api/v1/blind-receipts/scan", ({ lines }) =>
    say("done.scanned", { goods: lines[0]?.name ?? "" }),
  );
  const quantity = decimal(form.quantity);
  return (
    <Dialog
      word="act.describeGoods"
      busy={take.isPending}
      ready={quantity !== undefined && form.description.trim() !== ""}
      onOpen={() => {
        reset();
        setDamaged(false);
        setEvidence([]);
      }}
      act={() =>
        take.mutateAsync({
          blind_receipt_id: id,
          scans: [
            {
              code: form.code.trim(),
              quantity: quantity ?? null,
              lot: form.lot.trim() || null,
              description: form.description.trim(),
              damaged,
              evidence,
            },
          ],
        })
      }
      body={
        <>
          <TextField
            word="f.code"
            value={form.code}
            change={set("code")}
            hint={say("blind.code")}
          />
          <DecimalField word="f.quantity" required value={form.quantity} change={set("quantity")} />
          <TextField word="f.lot" value={form.lot} change={set("lot")} />
          <TextField
            word="f.description"
            required
            value={form.description}
            change={set("description")}
            hint={say("blind.describe")}
          />
          <Checkbox
            label={say("s.damaged")}
            checked={damaged}
            onChange={(event) => setDamaged(event.currentTarget.checked)}
          />
          <ProofChoice of={[{ kind: "blind_receipt", id }]} value={evidence} change={setEvidence} />
        </>
      }
    />
  );
}

/** Takes down what is scanned, one after the other. */
function Scanning({ id }: { id: string }) {
  const say = useWords();
  const { quantity } = useFormats();
  const take = useAct("/api/v1/blind-receipts/scan", ({ lines }) => {
    const [line] = lines;
    if (!line) return "";
    const goods = [quantity(line.quantity), line.unit, line.sku, line.lot].filter(Boolean);
    return say("done.scanned", { goods: goods.join(" ") });
  });
  return (
    <ScanBar
      hint={say("blind.hint")}
      // A scan whose answer was lost is the same act when it is scanned again: nothing in it is new.
      send={(scan) => take.mutateAsync({ blind_receipt_id: id, scans: [scan] })}
    />
  );
}

function Scans({ of, id }: { of: Detail; id: string }) {
  const say = useWords();
  const may = useMay();
  const isOpen = of.blind_receipt.state === "open";
  const undo = useAct("/api/v1/blind-receipts/void", () => say("done.scanVoided"));
  return (
    <>
      {isOpen && may("receiving.scan") && <Scanning id={id} />}
      <LineTable
        rows={[...of.scans].reverse()}
        rowKey={(row) => row.line}
        none="blind.nothing"
        columns={[
          scan.count("f.line", (row) => row.line),
          scan.text("f.sku", (row) => row.sku || row.code),
          scan.text("f.name", (row) => row.name || row.description),
          scan.quantity("f.quantity", (row) => row.quantity),
          scan.text("f.unit", (row) => row.unit),
          scan.node("f.packs", (row) => (row.packaging ? <PackOf row={row} /> : null)),
          scan.text("f.lot", (row) => row.lot),
          scan.day("f.expiresOn", (row) => row.expires_on),
          scan.state("f.state", (row) =>
            row.voided_at ? "void" : row.damaged ? "damaged" : undefined,
          ),
          scan.text("f.doneBy", (row) => row.scanned_by),
          scan.node("f.action", (row) =>
            isOpen && !row.voided_at && may("receiving.scan") ? (
              <ReasonDialog
                word="act.voidScan"
                inLine
                busy={undo.isPending}
                act={(reason) => undo.mutateAsync({ blind_receipt_id: id, line: row.line, reason })}
              />
            ) : (
              row.void_reason
            ),
          ),
        ]}
      />
    </>
  );
}

/** A pack is told with what it holds. */
function PackOf({ row }: { row: Scan }) {
  const { quantity } = useFormats();
  return (
    <span>
      {quantity(row.packs)} × {row.packaging}
    </span>
  );
}

/** What the goods came for, and booking it as it is seen. */
function Match({ id }: { id: string }) {
  const say = useWords();
  const may = useMay();
  const [over, setOver] = useState(false);
  const asked = useQuery({
    queryKey: ["record", "blind_match", id],
    queryFn: () => record("/api/v1/blind-matches/{id}", id),
  });
  const book = useAct("/api/v1/blind-receipts/book", ({ receipts, unknown }) =>
    say("done.blindBooked", { receipts: receipts.length, unknown: unknown.length }),
  );
  if (asked.error) return <Problem error={asked.error} retry={() => asked.refetch()} />;
  const match = asked.data;
  if (!match) return null;
  const beyond = match.lines.some((line) => line.fit === "over");
  const changed = book.error instanceof Refusal && book.error.code === "blind_receipt_changed";
  return (
    <Box data-loaded={!asked.isFetching}>
      {changed && (
        <Alert color="orange" mb="xs" role="alert">
          {told(say, book.error)}
        </Alert>
      )}
      <MatchLines of={match.lines} />
      <ShortLines of={match.short} />
      {beyond && (
        <Checkbox
          my="sm"
          label={say("blind.confirmOver")}
          checked={over}
          onChange={(event) => setOver(event.currentTarget.checked)}
        />
      )}
      {match.lines.length > 0 && may("purchasing.receive") && (
        <Box mt="sm">
          <Dialog
            word="act.bookBlindReceipt"
            look="filled"
            busy={book.isPending}
            ready
            act={() =>
              book.mutateAsync({
                blind_receipt_id: id,
                seq: match.seq,
                fingerprint: match.fingerprint,
                confirm_over: over,
              })
            }
            body={say("blind.bookWhat")}
          />
        </Box>
      )}
    </Box>
  );
}

function Acts({ of, id }: { of: Detail; id: string }) {
  const say = useWords();
  const may = useMay();
  const cancel = useAct("/api/v1/blind-receipts/cancel", () => say("done.cancelled"));
  if (of.blind_receipt.state !== "open") return null;
  return (
    <>
      {may("receiving.scan") && <Describe id={id} />}
      {may("receiving.match") && (
        <ReasonDialog
          word="act.cancelBlindReceipt"
          look="danger"
          busy={cancel.isPending}
          act={(reason) => cancel.mutateAsync({ blind_receipt_id: id, reason })}
        />
      )}
    </>
  );
}

function Booked({ of }: { of: Detail["booked"] }) {
  return (
    <LineTable
      rows={of}
      rowKey={(row) =>
        `${row.receipt}${row.unknown_goods}${row.sku}${row.lot}${row.line}${row.fit}`
      }
      columns={[
        booked.text("f.sku", (row) => row.sku || row.code),
        booked.text("f.lot", (row) => row.lot),
        booked.quantity("f.quantity", (row) => row.quantity),
        booked.state("f.fit", (row) => row.fit),
        booked.text("f.order", (row) => row.order),
        booked.text("f.receipt", (row) => row.receipt),
        booked.text("f.unknownGoods", (row) => row.unknown_goods),
      ]}
    />
  );
}

export default function BlindReceipt() {
  const { id } = useParams({ strict: false }) as { id: string };
  const may = useMay();
  const query = useQuery({
    queryKey: ["record", "blind_receipt", id],
    queryFn: () => record("/api/v1/blind-receipts/{id}", id),
  });
  return (
    <RecordPage
      query={query}
      back="/stock/blind-receipts"
      subjects={() => [["blind_receipt", id]]}
      title={({ blind_receipt }) => blind_receipt.number}
      under={({ blind_receipt }) => `${blind_receipt.supplier_name} → ${blind_receipt.warehouse}`}
      state={({ blind_receipt }) => blind_receipt.state}
      acts={(of) => <Acts of={of} id={id} />}
      facts={({ blind_receipt }) => [
        { word: "f.openedOn", value: <DayText of={blind_receipt.opened_on} /> },
        { word: "f.openedBy", value: blind_receipt.opened_by },
        { word: "f.delivery", value: blind_receipt.delivery_note },
        { word: "f.people", value: blind_receipt.people },
        { word: "f.doneAt", value: <Moment of={blind_receipt.closed_at} /> },
        { word: "f.reason", value: blind_receipt.reason },
      ]}
      tabs={(of) => [
        {
          word: "record.scans",
          count: of.blind_receipt.scans,
          body: <Scans of={of} id={id} />,
        },
        ...(of.blind_receipt.state === "open" && may("receiving.match")
          ? [{ word: "record.fits" as const, body: <Match id={id} /> }]
          : []),
        ...(of.booked.length > 0
          ? [{ word: "record.fits" as const, body: <Booked of={of.booked} /> }]
          : []),
      ]}
    />
  );
}
