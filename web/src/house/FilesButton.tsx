// The files of a record that has no page of its own, beside its row.
import { Button, Modal, Title } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { useMay } from "../session";
import { useWords } from "../words";
import { Files } from "./Files";
import { ProofsOf } from "./Proofs";
import type { RecordKind } from "./records";

export function FilesButton({ kind, id, name }: { kind: RecordKind; id: string; name: string }) {
  const say = useWords();
  const [opened, { open, close }] = useDisclosure(false);
  if (!useMay()("documents.read")) return null;
  return (
    <>
      <Button
        variant="default"
        size="compact-xs"
        aria-label={say("files.of", { name })}
        onClick={open}
      >
        {say("record.files")}
      </Button>
      <Modal
        opened={opened}
        onClose={close}
        size="xl"
        title={say("files.of", { name })}
        closeButtonProps={{ "aria-label": say("act.close") }}
      >
        <Files kind={kind} id={id} />
        <Title order={3} size="h5" mt="md" mb="xs">
          {say("f.evidence")}
        </Title>
        <ProofsOf kind={kind} id={id} />
      </Modal>
    </>
  );
}
