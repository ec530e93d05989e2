// An empty place that says what fills it.
import { Stack, Text } from "@mantine/core";
import { IconAnchor } from "@tabler/icons-react";
import { useWords, type Word } from "../words";

export function Empty({ title, text }: { title: Word; text: Word }) {
  const say = useWords();
  return (
    <Stack className="sheet" align="center" gap={6} py={48} px="md" mt="xs" data-loaded="true">
      <IconAnchor size={28} stroke={1.3} aria-hidden style={{ opacity: 0.55 }} />
      <Text fw={600}>{say(title)}</Text>
      <Text c="dimmed" size="sm" ta="center" maw={420}>
        {say(text)}
      </Text>
    </Stack>
  );
}
