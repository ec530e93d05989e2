// The sheet of shortcuts.
import { Group, Kbd, Modal, Stack, Text } from "@mantine/core";
import { AREAS, HOME } from "./areas";
import { useWords, type Word } from "./words";

const KEYS: [string, Word][] = [
  ["Ctrl K", "keys.palette"],
  ["/", "keys.palette"],
  ["?", "keys.help"],
  ["↓", "keys.down"],
  ["↑", "keys.up"],
  ["Enter", "keys.enter"],
  ["F", "keys.filter"],
  ["J", "keys.after"],
  ["K", "keys.before"],
  ["Esc", "record.back"],
  ["Ctrl J", "keys.scheme"],
];

export function Help({ opened, close }: { opened: boolean; close: () => void }) {
  const say = useWords();
  const line = (keys: string, what: string) => (
    <Group key={keys + what} justify="space-between">
      <Text size="sm">{what}</Text>
      <Kbd size="sm">{keys}</Kbd>
    </Group>
  );
  return (
    <Modal
      opened={opened}
      onClose={close}
      title={say("app.shortcuts")}
      closeButtonProps={{ "aria-label": say("act.close") }}
    >
      <Stack gap={6}>
        {KEYS.map(([keys, word]) => line(keys, say(word)))}
        <Text size="sm">{say("keys.scan")}</Text>
        <Text size="sm" c="dimmed" mt="xs">
          g {say("keys.goto")}
        </Text>
        {[HOME, ...AREAS].map(({ letter, word }) => line(`g ${letter}`, say(word)))}
      </Stack>
    </Modal>
  );
}
