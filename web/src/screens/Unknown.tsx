// Unknown goods: what is known of them, for which orders they may have come, and how they end.
import { Checkbox } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { useState } from "react";
import { record, type Schemas } from "../api/client";
import { Choice } from "../house/Choice";
import { DayText, Quantity } from "../house/cells";
import { columnsOf } from "../house/columns";
import { Dialog } from "../house/Dialog";
import {
  DayField,
  DecimalField,
  OneOf,
  ReasonField,
  StockReason,
  TextField,
  useDecimal,
  useFields,
} from "../house/fields";
import { LineTable } from "../house/LineTable";
import { ProofChoice, ProofsOf } from "../house/Proofs";
import { RecordPage } from "../house/RecordPage";
import { useAct } from "../house/useAct";
import { useMay } from "../session";
import { useWords } from "../words";

type Detail = Schemas["UnknownDetail"];
type Goods = Schemas["UnknownRow"];
type Candidate = Schemas["UnknownCandidate"];
const candidate = columnsOf<Candidate>();
const end = columnsOf<Detail["ends"][number]>();
const LEAVING = ["returned", "disposed"] as const;

/** Says what item they are, and how many of it. */
function Identify({ of }: { of: Goods }) {
  const say = useWords();
  const decimal = useDecimal();
  const { form, set, reset } = useFields({ sku: of.sku, quantity: "" });
  const identify = useAct("/api/v1/unknown-goods/identify", () => say("done.identified"));
  const quantity = form.quantity.trim() === "" ? null : decimal(form.quantity);
  return (
    <Dialog
      word="act.identify"
      busy={identify.isPending}
      ready={form.sku.trim() !== "" && quantity !== undefined}
      onOpen={() => reset()}
      act={() =>
        identify.mutateAsync({
          unknown_goods_id: of.unknown_goods_id,
          sku: form.sku.trim(),
          quantity: quantity ?? null,
        })
      }
      body={
        <>
          <TextField word="f.sku" required value={form.sku} change={set("sku")} />
          <DecimalField
            word="f.quantity"
            value={form.quantity}
            change={set("quantity")}
            hint={say("unknown.recount")}
          />
        </>
      }
    />
  );
}

/** Takes them into stock as found. */
function Keep({ of }: { of: Goods }) {
  const say = useWords();
  const decimal = useDecimal();
  const { form, set, reset } = useFields({ reason: "", quantity: "", lot: "", place: "" });
  const [evidence, setEvidence] = useState<string[]>([]);
  const keep = useAct("/api/v1/unknown-goods/keep", ({ adjustment }) =>
    say("done.kept", { number: adjustment }),
  );
  const quantity = form.quantity.trim() === "" ? null : decimal(form.quantity);
  return (
    <Dialog
      word="act.keepUnknown"
      busy={keep.isPending}
      ready={form.reason !== "" && quantity !== undefined}
      onOpen={() => {
        reset();
        setEvidence([]);
      }}
      act={() =>
        keep.mutateAsync({
          unknown_goods_id: of.unknown_goods_id,
          reason: form.reason,
          quantity: quantity ?? null,
          lot: form.lot.trim() || null,
          place: form.place.trim() || null,
          evidence,
        })
      }
      body={
        <>
          <StockReason value={form.reason} change={set("reason")} />
          <DecimalField
            word="f.quantity"
            value={form.quantity}
            change={set("quantity")}
            hint={say("unknown.all")}
          />
          {!of.lot && <TextField word="f.lot" value={form.lot} change={set("lot")} />}
          <TextField word="f.toPlace" value={form.place} change={set("place")} />
          <ProofChoice
            of={[{ kind: "unknown_goods", id: of.unknown_goods_id }]}
            value={evidence}
            change={setEvidence}
          />
        </>
      }
    />
  );
}

/** Gives them back, or away. */
function GiveUp({ of }: { of: Goods }) {
  const say = useWords();
  const decimal = useDecimal();
  const { form, set, reset } = useFields({ quantity: "", reason: "" });
  const [how, setHow] = useState<(typeof LEAVING)[number]>("returned");
  const give = useAct("/api/v1/unknown-goods/give-up", () => say("done.gaveUp"));
  const quantity = form.quantity.trim() === "" ? null : decimal(form.quantity);
  return (
    <Dialog
      word="act.giveUpUnknown"
      look="danger"
      busy={give.isPending}
      ready={form.reason.trim() !== "" && quantity !== undefined}
      onOpen={() => reset()}
      act={() =>
        give.mutateAsync({
          unknown_goods_id: of.unknown_goods_id,
          how,
          quantity: quantity ?? null,
          reason: form.reason.trim(),
        })
      }
      body={
        <>
          <OneOf word="f.outcome" of={LEAVING} value={how} change={setHow} />
          <DecimalField
            word="f.quantity"
            value={form.quantity}
            change={set("quantity")}
            hint={say("unknown.all")}
          />
          <ReasonField value={form.reason} change={set("reason")} required />
        </>
      }
    />
  );
}

/** Who sees to them, and by when. */
function Assign({ of }: { of: Goods }) {
  const say = useWords();
  const { form, set, reset } = useFields({ owner: of.owner_id, due: of.due_on });
  const assign = useAct("/api/v1/unknown-goods/assign", () => say("done.assigned"));
  return (
    <Dialog
      word="act.assign"
      busy={assign.isPending}
      ready={form.due !== ""}
      onOpen={() => reset()}
      act={() =>
        assign.mutateAsync({
          unknown_goods_id: of.unknown_goods_id,
          owner: form.owner || null,
          due_on: form.due,
        })
      }
      body={
        <>
          <Choice of="userIds" word="f.owner" value={form.owner} change={set("owner")} />
          <DayField word="f.dueOn" value={form.due} change={set("due")} />
        </>
      }
    />
  );
}

function Acts({ of }: { of: Goods }) {
  const may = useMay();
  if (of.state !== "waiting") return null;
  return (
    <>
      {may("receiving.match") && <Identify of={of} />}
      {may("receiving.match") && <Assign of={of} />}
      {may("receiving.settle") && may("stock.adjust") && of.sku !== "" && <Keep of={of} />}
      {may("receiving.settle") && <GiveUp of={of} />}
    </>
  );
}

/** Receives them, or a part, for a line of an order. */
function Receive({ of, line }: { of: Goods; line: Candidate }) {
  const say = useWords();
  const decimal = useDecimal();
  const { form, set, reset } = useFields({ quantity: "", lot: "", place: "" });
  const [over, setOver] = useState(false);
  const [evidence, setEvidence] = useState<string[]>([]);
  const receive = useAct("/api/v1/unknown-goods/receive", ({ receipt }) =>
    say("done.received", { number: receipt }),
  );
  const quantity = form.quantity.trim() === "" ? null : decimal(form.quantity);
  return (
    <Dialog
      word="act.receiveUnknown"
      inLine
      busy={receive.isPending}
      ready={quantity !== undefined}
      onOpen={() => {
        reset();
        setOver(false);
        setEvidence([]);
      }}
      act={() =>
        receive.mutateAsync({
          unknown_goods_id: of.unknown_goods_id,
          order_id: line.order_id,
          line: line.line,
          quantity: quantity ?? null,
          lot: form.lot.trim() || null,
          place: form.place.trim() || null,
          confirm_over: over,
          evidence,
        })
      }
      body={
        <>
          <DecimalField
            word="f.quantity"
            value={form.quantity}
            change={set("quantity")}
            hint={say("unknown.all")}
          />
          {!of.lot && <TextField word="f.lot" value={form.lot} change={set("lot")} />}
          <TextField word="f.toPlace" value={form.place} change={set("place")} />
          <Checkbox
            label={say("blind.confirmOver")}
            checked={over}
            onChange={(event) => setOver(event.currentTarget.checked)}
          />
          <ProofChoice
            of={[
              { kind: "unknown_goods", id: of.unknown_goods_id },
              { kind: "purchase_order", id: line.order_id },
            ]}
            value={evidence}
            change={setEvidence}
          />
        </>
      }
    />
  );
}

/** The lines of orders that they may have come for. */
function Candidates({ of }: { of: Detail }) {
  const may = useMay();
  return (
    <LineTable
      rows={of.candidates}
      rowKey={(row) => `${row.order_id}-${row.line}`}
      none="unknown.noCandidates"
      columns={[
        candidate.text("f.order", (row) => row.order),
        candidate.count("f.line", (row) => row.line),
        candidate.quantity("f.stillDue", (row) => row.due),
        candidate.quantity("f.room", (row) => row.room),
        candidate.day("f.expected", (row) => row.expected_on),
        candidate.state("f.state", (row) => (row.held ? "held" : undefined)),
        candidate.node("f.action", (row) =>
          may("purchasing.receive") && !row.held ? (
            <Receive of={of.unknown_goods} line={row} />
          ) : null,
        ),
      ]}
    />
  );
}

function Ends({ of }: { of: Detail["ends"] }) {
  return (
    <LineTable
      rows={of}
      rowKey={(row) => row.number}
      columns={[
        end.state("f.outcome", (row) => row.how),
        end.quantity("f.quantity", (row) => row.quantity),
        end.text("f.receipt", (row) => row.receipt),
        end.text("f.adjustment", (row) => row.adjustment),
        end.text("f.reason", (row) => row.reason),
        end.day("f.day", (row) => row.ended_on),
        end.text("f.doneBy", (row) => row.ended_by),
      ]}
    />
  );
}

export default function Unknown() {
  const { id } = useParams({ strict: false }) as { id: string };
  const may = useMay();
  const query = useQuery({
    queryKey: ["record", "unknown_goods", id],
    queryFn: () => record("/api/v1/unknown-goods/{id}", id),
  });
  return (
    <RecordPage
      // What ended has no lines any more that it may be of: another tab comes first.
      key={query.data?.unknown_goods.state}
      query={query}
      back="/stock/unknown-goods"
      subjects={() => [["unknown_goods", id]]}
      title={({ unknown_goods }) => unknown_goods.number}
      under={({ unknown_goods: of }) => of.name || of.description}
      state={({ unknown_goods }) => unknown_goods.state}
      acts={({ unknown_goods }) => <Acts of={unknown_goods} />}
      facts={({ unknown_goods: of }) => [
        { word: "f.sku", value: of.sku },
        { word: "f.code", value: of.code },
        { word: "f.description", value: of.description },
        { word: "f.waiting", value: <Quantity of={of.waiting} unit={of.unit} /> },
        { word: "f.quantity", value: <Quantity of={of.quantity} unit={of.unit} /> },
        { word: "f.lot", value: of.lot },
        { word: "f.supplier", value: of.supplier_name },
        { word: "f.warehouse", value: of.warehouse },
        { word: "f.place", value: of.place },
        { word: "f.owner", value: of.owner },
        { word: "f.dueOn", value: <DayText of={of.due_on} /> },
        { word: "f.source", value: of.blind_receipt },
      ]}
      tabs={(of) => [
        ...(of.unknown_goods.state === "waiting"
          ? [{ word: "record.fits" as const, body: <Candidates of={of} /> }]
          : []),
        { word: "record.ends", count: of.ends.length, body: <Ends of={of.ends} /> },
        ...(may("documents.read")
          ? [{ word: "f.evidence" as const, body: <ProofsOf kind="unknown_goods" id={id} /> }]
          : []),
      ]}
    />
  );
}
