// The files of a record: what is attached, in which version and until when it holds; choosing or
// dropping one attaches it.
import {
  Anchor,
  Box,
  Button,
  FileButton,
  FileInput,
  Group,
  Stack,
  Switch,
  Text,
} from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { type DragEvent, useState } from "react";
import { list, type Row } from "../api/client";
import { useMay } from "../session";
import { useWords } from "../words";
import { columnsOf } from "./columns";
import { Dialog, ReasonDialog } from "./Dialog";
import { DayField, OneOf, TextField, useFields } from "./fields";
import { AskedTable } from "./LineTable";
import { DOCUMENT_TYPES, type RecordKind } from "./records";
import { useUnsaved } from "./Unsaved";
import { useAct } from "./useAct";
import { useAttach } from "./useAttach";

export type FileRow = Row<"/api/v1/documents">;
type Type = FileRow["type"];
const file = columnsOf<FileRow>();

/** Opens the file in a tab of its own, or has it saved. */
function FileLink({ of, save }: { of: FileRow; save?: boolean }) {
  const say = useWords();
  const address = `/api/v1/documents/${of.document_id}/content`;
  if (save) {
    return (
      <Button
        component="a"
        variant="default"
        size="compact-xs"
        href={`${address}?download=true`}
        aria-label={say("files.saveName", { name: of.name })}
      >
        {say("act.download")}
      </Button>
    );
  }
  return (
    <Anchor href={address} target="_blank" rel="noopener" className="plain-link" size="sm">
      {of.name}
    </Anchor>
  );
}

/** Whether it is attached, was replaced by a later version, or was detached and why. */
function Standing({ of }: { of: FileRow }) {
  const say = useWords();
  if (of.current) return say("files.current");
  if (!of.detached_at) return <span className="faint">{say("files.replaced")}</span>;
  const values = { by: of.detached_by, reason: of.detach_reason };
  return <span className="faint">{say("files.detachedBy", values)}</span>;
}

export const FILE_COLUMNS = [
  file.node("f.file", (row: FileRow) => <FileLink of={row} />),
  file.state("f.type", (row: FileRow) => row.type),
  file.count("f.version", (row: FileRow) => row.version),
  file.day("f.expiresOn", (row: FileRow) => row.expires_on),
  file.node("f.state", (row: FileRow) => <Standing of={row} />),
  file.count("f.bytes", (row: FileRow) => row.size),
  file.moment("f.uploadedAt", (row: FileRow) => row.uploaded_at),
  file.text("f.uploadedBy", (row: FileRow) => row.uploaded_by_name || row.uploaded_by),
  file.text("f.note", (row: FileRow) => row.note),
];

/** The next version of a file; what it replaces stays. */
function NewVersion({ of, kind }: { of: FileRow; kind: RecordKind }) {
  const say = useWords();
  const [chosen, setChosen] = useState<File | null>(null);
  const { form, set, reset } = useFields({ expires: "", note: "" });
  const attach = useAttach();
  return (
    <Dialog
      word="act.newVersion"
      inLine
      busy={attach.isPending}
      ready={chosen !== null}
      onOpen={() => {
        setChosen(null);
        reset();
      }}
      act={async () => {
        if (!chosen) return;
        const to = {
          record_kind: kind,
          record_id: of.record_id,
          type: of.type,
          name: chosen.name,
          replaces: of.document_id,
          expires_on: form.expires || null,
          note: form.note.trim(),
        };
        await attach.mutateAsync({ to, file: chosen });
      }}
      body={
        <>
          <FileInput label={say("f.file")} required value={chosen} onChange={setChosen} />
          <DayField word="f.expiresOn" value={form.expires} change={set("expires")} />
          <TextField word="f.note" value={form.note} change={set("note")} />
        </>
      }
    />
  );
}

/** What can be done with a file that is attached. */
export function FileActs({ of, kind }: { of: FileRow; kind: RecordKind | undefined }) {
  const say = useWords();
  const may = useMay();
  const detach = useAct("/api/v1/documents/detach", () => say("files.detached"));
  return (
    <Group gap={6} wrap="nowrap" justify="flex-end">
      <FileLink of={of} save />
      {of.current && kind && may("documents.attach") && <NewVersion of={of} kind={kind} />}
      {!of.detached_at && may("documents.detach") && (
        <ReasonDialog
          word="act.detach"
          inLine
          look="danger"
          busy={detach.isPending}
          act={(reason) => detach.mutateAsync({ document_id: of.document_id, reason })}
        />
      )}
    </Group>
  );
}

interface FilesProps {
  kind: RecordKind;
  id: string;
}

/** Takes a file that is chosen or dropped, asks what it is, and attaches it. */
function Attach({ kind, id }: FilesProps) {
  const say = useWords();
  const [chosen, setChosen] = useState<File | null>(null);
  const [over, setOver] = useState(false);
  const [type, setType] = useState<Type>("other");
  const { form, set, reset } = useFields({ expires: "", note: "" });
  const attach = useAttach();
  useUnsaved(chosen !== null);
  const leave = () => {
    setChosen(null);
    reset();
  };
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    setChosen(event.dataTransfer.files[0] ?? null);
  };
  const send = () => {
    if (!chosen) return;
    const to = {
      record_kind: kind,
      record_id: id,
      type,
      name: chosen.name,
      expires_on: form.expires || null,
      note: form.note.trim(),
    };
    attach.mutateAsync({ to, file: chosen }).then(leave, () => undefined);
  };
  return (
    <Box
      className="sheet"
      p="sm"
      mb="xs"
      data-over={over}
      style={over ? { outline: "2px dashed currentColor" } : undefined}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
    >
      {chosen ? (
        <Stack gap="xs">
          <Text size="sm" fw={500}>
            {chosen.name}
          </Text>
          <Group align="flex-end" gap="sm">
            <OneOf word="f.type" of={DOCUMENT_TYPES} value={type} change={setType} />
            <DayField word="f.expiresOn" value={form.expires} change={set("expires")} />
            <TextField word="f.note" value={form.note} change={set("note")} />
            <Button loading={attach.isPending} onClick={send}>
              {say("act.attach")}
            </Button>
            <Button variant="default" onClick={leave}>
              {say("act.cancel")}
            </Button>
          </Group>
        </Stack>
      ) : (
        <Group gap="sm">
          <FileButton onChange={setChosen}>
            {(props) => (
              <Button variant="default" {...props}>
                {say("files.choose")}
              </Button>
            )}
          </FileButton>
          <Text size="sm" c="dimmed">
            {say("files.drop")}
          </Text>
        </Group>
      )}
    </Box>
  );
}

export function Files({ kind, id }: FilesProps) {
  const say = useWords();
  const may = useMay();
  const [all, setAll] = useState(false);
  const query = {
    record_kind: kind,
    record_id: id,
    limit: "200",
    ...(!all && { current: "true" }),
  };
  const asked = useQuery({
    queryKey: ["list", "/api/v1/documents", query],
    queryFn: () => list("/api/v1/documents", query),
  });
  return (
    <Box>
      {may("documents.attach") && <Attach kind={kind} id={id} />}
      <Switch
        mb="xs"
        label={say("files.all")}
        checked={all}
        onChange={(event) => setAll(event.currentTarget.checked)}
      />
      <AskedTable
        asked={asked}
        rowKey={(row) => row.document_id}
        none="files.none"
        columns={FILE_COLUMNS}
        end={(row) => <FileActs of={row} kind={kind} />}
      />
    </Box>
  );
}
