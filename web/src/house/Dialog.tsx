// A question before an act: what it needs to know, and a way back.
import { Button, Group, Modal, type ModalProps, Stack } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { type ReactNode, useState } from "react";
import { useWords, type Word } from "../words";
import { ReasonField } from "./fields";
import { LineButton } from "./LineButton";
import { useUnsaved } from "./Unsaved";
import { useOnce } from "./useOnce";

interface DialogProps {
  /** The button that asks, and the act. */
  word: Word;
  body: ReactNode;
  ready: boolean;
  busy: boolean;
  /** Does it; the dialog closes when it is done. */
  act: () => Promise<unknown>;
  onOpen?: () => void;
  look?: "filled" | "default" | "danger";
  /** Small enough for a line of a list. */
  inLine?: boolean;
  size?: ModalProps["size"];
}

export function Dialog({ word, body, ready, busy, act, onOpen, look, size, inLine }: DialogProps) {
  const say = useWords();
  const [opened, { open, close }] = useDisclosure(false);
  const [typed, setTyped] = useState(false);
  useUnsaved(opened && typed);
  const wanted = useOnce(opened);
  // Dark enough for white letters.
  const colour = look === "danger" ? "red.9" : undefined;
  const ask = () => {
    onOpen?.();
    setTyped(false);
    open();
  };
  return (
    <>
      {inLine ? (
        <LineButton onClick={ask}>{say(word)}</LineButton>
      ) : (
        <Button variant={look === "filled" ? "filled" : "default"} onClick={ask}>
          {say(word)}
        </Button>
      )}
      {wanted && (
        <Modal
          opened={opened}
          onClose={close}
          title={say(word)}
          size={size ?? "md"}
          // What was typed goes only by the button that says so.
          closeOnClickOutside={!typed}
          closeOnEscape={!typed}
          closeButtonProps={{ "aria-label": say("act.close") }}
        >
          <form
            onInput={() => setTyped(true)}
            onSubmit={(event) => {
              event.preventDefault();
              if (ready) act().then(close, () => undefined);
            }}
          >
            <Stack gap="sm">
              {body}
              <Group justify="flex-end" gap="xs">
                <Button variant="default" onClick={close}>
                  {say("act.cancel")}
                </Button>
                <Button type="submit" loading={busy} disabled={!ready} color={colour}>
                  {say(word)}
                </Button>
              </Group>
            </Stack>
          </form>
        </Modal>
      )}
    </>
  );
}

interface ReasonDialogProps {
  word: Word;
  busy: boolean;
  act: (reason: string) => Promise<unknown>;
  /** The reason may be left out. */
  optional?: boolean;
  look?: DialogProps["look"];
  inLine?: boolean;
}

/** Asks for the reason, which stays in the audit trail. */
export function ReasonDialog({ word, busy, act, optional, look, inLine }: ReasonDialogProps) {
  const [reason, setReason] = useState("");
  return (
    <Dialog
      word={word}
      look={look}
      inLine={inLine}
      busy={busy}
      ready={optional || reason.trim() !== ""}
      onOpen={() => setReason("")}
      act={() => act(reason.trim())}
      body={<ReasonField value={reason} change={setReason} required={!optional} focus />}
    />
  );
}
