// Documents: the files of all records, with what runs out.

import { columnsOf } from "../house/columns";
import { FILE_COLUMNS, FileActs, type FileRow } from "../house/Files";
import { ListPage } from "../house/ListPage";
import { DOCUMENT_TYPES, kindWithFiles, RECORD_KINDS, recordAddress } from "../house/records";

const file = columnsOf<FileRow>();

export default function Documents() {
  return (
    <ListPage
      path="/api/v1/documents"
      title="page.documents"
      rowKey={(row) => row.document_id}
      open={(row) => recordAddress(row.record_kind, row.record_id)}
      filters={[
        { name: "record_kind", word: "f.kind", kind: RECORD_KINDS, front: true },
        { name: "type", word: "f.type", kind: DOCUMENT_TYPES, front: true },
        { name: "expires_before", word: "files.expiresBefore", kind: "day" },
        { name: "current", word: "files.current", kind: "yes", front: true },
        { name: "uploaded_by", word: "f.uploadedBy", kind: "text" },
      ]}
      columns={[
        file.state("f.kind", (row) => row.record_kind),
        file.text("f.record", (row) => row.record, { lead: true }),
        ...FILE_COLUMNS,
        file.node("f.action", (row) => <FileActs of={row} kind={kindWithFiles(row.record_kind)} />),
      ]}
    />
  );
}
