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

/** A record whose files may prove something. */
interface Owner {
  kind: RecordKind;
  id: string;
}

/** The files that are attached to records; none for whoever may not see any. */
function useFiles(of: Owner[]) {
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
  return may ? asked.flatMap(({ data }) => data?.lines ?? []) : undefined;
}

interface ProofChoiceProps {
  /** The records whose files may prove it. */
  of: Owner[];
  value: string[];
  change: (ids: string[]) => void;
}

/** Chooses among the files of records. */
export function ProofChoice({ of, value, change }: ProofChoiceProps) {
  const say = useWords();
  const files = useFiles(of);
  if (!files) return null;
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

/** Which lines each file proves, by the file's id. */
export type Proven = Record<string, string[]>;

interface ProofLinesProps {
  of: Owner[];
  /** The lines, and what each is called. */
  lines: { value: string; label: string }[];
  value: Proven;
  change: (proven: Proven) => void;
}

/** Says of each file of records which lines it proves. */
export function ProofLines({ of, lines, value, change }: ProofLinesProps) {
  const say = useWords();
  const files = useFiles(of);
  return files?.map(({ document_id, name }) => (
    <MultiSelect
      key={document_id}
      label={`${say("f.evidence")}: ${name}`}
      description={say("proof.lines")}
      data={lines}
      value={value[document_id] ?? []}
      onChange={(chosen) => change({ ...value, [document_id]: chosen })}
    />
  ));
}

/** The files that prove a line. */
export function proofsOn(proven: Proven, line: string) {
  return Object.keys(proven).filter((id) => proven[id]?.includes(line));
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
