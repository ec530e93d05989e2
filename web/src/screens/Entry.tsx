// An entry of the books: its lines, each with the ledger of its account, and what it comes from.
import { useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { record, type Schemas } from "../api/client";
import { DayText, Moment, Money } from "../house/cells";
import { columnsOf } from "../house/columns";
import { LineTable } from "../house/LineTable";
import { RecordPage } from "../house/RecordPage";
import { recordAddress } from "../house/records";
import { Way } from "../house/Way";
import { useMay } from "../session";
import { stateWord, useWords } from "../words";
import { ReverseEntry } from "./master/BookForms";

type Detail = Schemas["EntryDetail"];
const line = columnsOf<Detail["lines"][number]>();

function Lines({ of }: { of: Detail }) {
  return (
    <LineTable
      rows={of.lines}
      rowKey={(row) => row.line}
      columns={[
        line.count("f.line", (row) => row.line),
        line.node("f.account", (row) => (
          <Way to={`/books/ledger?account_id=${row.account_id}`} className="plain-link">
            {row.code} {row.name}
          </Way>
        )),
        line.money("f.debit", (row) => row.debit),
        line.money("f.credit", (row) => row.credit),
        line.money("entry.agreedIn", (row) => row.foreign),
        line.node("entry.openAs", (row) => <OpenAs of={row} />),
        line.day("f.dueOn", (row) => row.due_on),
        line.text("f.tax", (row) => row.tax_code),
        line.money("entry.taxBase", (row) => row.tax_base),
        line.node("page.items", (row) =>
          row.item_id ? (
            <Way to={`/stock/items/${row.item_id}`} className="plain-link">
              {row.item_id}
            </Way>
          ) : null,
        ),
      ]}
    />
  );
}

/** The open line that it belongs to, or the record that it is of where that has a page. */
function OpenAs({ of }: { of: Detail["lines"][number] }) {
  const say = useWords();
  if (!of.open_kind) return null;
  return <>{stateWord(say, of.open_kind)}</>;
}

/** What it comes from. */
function Source({ kind, id }: { kind: string; id: string }) {
  const say = useWords();
  const name = stateWord(say, kind);
  const to = recordAddress(kind, id);
  if (!to) return <>{name}</>;
  return (
    <Way to={to} className="plain-link">
      {name}
    </Way>
  );
}

export default function Entry() {
  const say = useWords();
  const { id } = useParams({ strict: false }) as { id: string };
  const mayEnter = useMay()("accounting.enter");
  const query = useQuery({
    queryKey: ["record", "entry", id],
    queryFn: () => record("/api/v1/entries/{id}", id),
  });
  return (
    <RecordPage
      query={query}
      back="/books/journal"
      subjects={() => [["entry", id]]}
      title={({ head }) => head.number}
      under={({ head }) => head.memo}
      acts={({ head, reversed_by }) =>
        head.source_kind === "manual" && !head.reverses && !reversed_by && mayEnter ? (
          <ReverseEntry id={id} />
        ) : null
      }
      facts={({ head, reversed_by }) => [
        { word: "f.total", value: <Money of={head.total} /> },
        { word: "f.postedOn", value: <DayText of={head.posted_on} /> },
        { word: "f.day", value: <DayText of={head.happened_on} /> },
        { word: "f.kind", value: stateWord(say, head.kind) },
        { word: "f.area", value: stateWord(say, head.area) },
        {
          word: "f.source",
          value: <Source kind={head.source_kind} id={String(head.source_id)} />,
        },
        { word: "f.doneAt", value: <Moment of={head.recorded_at} /> },
        { word: "entry.reverses", value: <ToEntry id={head.reverses} /> },
        { word: "entry.reversedBy", value: <ToEntry id={reversed_by} /> },
        { word: "f.reason", value: head.lock_reason },
      ]}
      tabs={(detail) => [
        { word: "record.lines", count: detail.lines.length, body: <Lines of={detail} /> },
      ]}
    />
  );
}

function ToEntry({ id }: { id: string | null | undefined }) {
  if (!id) return null;
  return (
    <Way to={`/books/journal/${id}`} className="plain-link">
      {id}
    </Way>
  );
}
