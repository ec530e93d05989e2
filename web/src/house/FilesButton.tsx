// The files of a record that has no page of its own, beside its row.
import { Modal, Title } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { useMay } from "../session";
import { useWords } from "../words";
import { Files } from "./Files";
import { LineButton } from "./LineButton";
import { ProofsOf } from "./Proofs";
import type { RecordKind } from "./records";
import { useOnce } from "./useOnce";

export function FilesButton({ kind, id, name }: { kind: RecordKind; id: string; name: string }) {
  const say = useWords();
  const [opened, { open, close }] = useDisclosure(false);
  const wanted = useOnce(opened);
  if (!useMay()("documents.read")) return null;
  return (
    <>
      <LineButton aria-label={say("files.of", { name })} onClick={open}>
        {say("record.files")}
      </LineButton>
      {wanted && (
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
      )}
    </>
  );
}
