// What was typed and not saved is not lost by going elsewhere without a question.
import { Button, Group, Modal, Stack, Text } from "@mantine/core";
import { useBlocker } from "@tanstack/react-router";
import { useEffect } from "react";
import { useWords } from "../words";

/** What on the page holds something that was not saved. */
const unsaved = new Set<object>();

/** Says whether a form or a sheet holds something that was not saved. */
export function useUnsaved(holds: boolean) {
  useEffect(() => {
    if (!holds) return;
    const mark = {};
    unsaved.add(mark);
    return () => {
      unsaved.delete(mark);
    };
  }, [holds]);
}

/** Asks before another page is shown, or this one is closed. */
export function Unsaved() {
  const say = useWords();
  const { status, proceed, reset } = useBlocker({
    shouldBlockFn: ({ current, next }) => unsaved.size > 0 && current.pathname !== next.pathname,
    enableBeforeUnload: () => unsaved.size > 0,
    withResolver: true,
  });
  return (
    <Modal
      opened={status === "blocked"}
      onClose={() => reset?.()}
      title={say("unsaved.title")}
      zIndex={400}
      closeButtonProps={{ "aria-label": say("act.close") }}
    >
      <Stack gap="sm">
        <Text size="sm">{say("unsaved.text")}</Text>
        <Group justify="flex-end" gap="xs">
          <Button variant="default" color="red" onClick={() => proceed?.()}>
            {say("unsaved.leave")}
          </Button>
          <Button data-autofocus onClick={() => reset?.()}>
            {say("unsaved.stay")}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
