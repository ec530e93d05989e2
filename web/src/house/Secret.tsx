// A secret that the server tells once.
import { Button, Code, CopyButton, Modal, Stack, Text } from "@mantine/core";
import { useWords, type Word } from "../words";

interface SecretProps {
  title: Word;
  hint: Word;
  of: string | undefined;
  close: () => void;
}

/** Shows a secret this once. */
export function Secret({ title, hint, of, close }: SecretProps) {
  const say = useWords();
  return (
    <Modal
      opened={of !== undefined}
      onClose={close}
      title={say(title)}
      closeOnClickOutside={false}
      closeButtonProps={{ "aria-label": say("act.close") }}
    >
      <Stack gap="sm">
        <Text size="sm">{say(hint)}</Text>
        <Code style={{ overflowWrap: "anywhere" }}>{of}</Code>
        <CopyButton value={of ?? ""}>
          {({ copied, copy }) => (
            <Button onClick={copy}>{say(copied ? "hooks.copied" : "act.copy")}</Button>
          )}
        </CopyButton>
      </Stack>
    </Modal>
  );
}
