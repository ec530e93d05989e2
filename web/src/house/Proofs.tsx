// Documents as evidence: which of those attached to records prove a line, and what a record's lines were
// proven by.
import { Anchor, MultiSelect } from "@mantine/core";
import { useQueries, useQuery } from "@tanstack/react-query";
import { list, type Row } from "../api/client";
import { useMay } from "../session";
import { useWords } from "../words";
import { columnsOf } from "./columns";
import { AskedTable } from "./LineTable";
import type { RecordKind } from "./records";

const proof = columnsOf<Row<"/api/v1/evidence">>();

interface ProofChoiceProps {
  /** The records whose files may prove it. */
  of: { kind: RecordKind; id: string }[];
  value: string[];
  change: (ids: string[]) => void;
}

/** Chooses among the files of records. */
export function ProofChoice({ of, value, change }: ProofChoiceProps) {
  const say = useWords();
  const may = useMay()("documents.read");
  const asked = useQueries({
    queries: of.map(({ kind, id }) => {
      const query = { record_kind: kind, record_id: id, current: "true" };
      return {
        queryKey: ["list", "/api/v1/documents", query],
        queryFn: () => list("/api/v1/documents", query),
        enabled: may,
      };
    }),
  });
  if (!may) return null;
  const files = asked.flatMap(({ data }) => data?.lines ?? []);
  return (
    <MultiSelect
      label={say("f.evidence")}
      description={say(files.length > 0 ? "proof.hint" : "proof.none")}
      data={files.map((file) => ({ value: file.document_id, label: file.name }))}
      value={value}
      onChange={change}
    />
  );
}

/** What the lines of a record were proven by. */
export function ProofsOf({ kind, id }: { kind: RecordKind; id: string }) {
  const query = { record_kind: kind, record_id: id };
  const asked = useQuery({
    queryKey: ["list", "/api/v1/evidence", query],
    queryFn: () => list("/api/v1/evidence", query),
  });
  return (
    <AskedTable
      asked={asked}
      rowKey={(row) => `${row.line}-${row.document_id}`}
      none="proof.nothing"
      columns={[
        proof.text("f.line", (row) => row.line || ""),
        proof.node("f.name", (row) => (
          <Anchor
            href={`/api/v1/documents/${row.document_id}/content`}
            target="_blank"
            rel="noopener"
            className="plain-link"
            size="sm"
          >
            {row.name}
          </Anchor>
        )),
        proof.text("f.doneBy", (row) => row.named_by),
        proof.moment("f.doneAt", (row) => row.named_at),
      ]}
    />
  );
}
