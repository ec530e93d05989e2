// Why a number is what it is: what it was decided from, line by line.
import { Box, Group, Stack, Text } from "@mantine/core";
import type { ReactNode } from "react";

export interface EvidenceLine {
  key: string;
  name: ReactNode;
  value: ReactNode;
  strong?: boolean;
}

export function Evidence({ title, lines }: { title: ReactNode; lines: EvidenceLine[] }) {
  return (
    <Box>
      <Text fw={600} size="sm" mb={4}>
        {title}
      </Text>
      <Stack gap={0} className="sheet" px="sm">
        {lines.map(({ key, name, value, strong }, at) => (
          <Group
            key={key}
            justify="space-between"
            py={5}
            style={at ? { borderTop: "1px solid var(--desk-line)" } : undefined}
          >
            <Text size="sm" fw={strong ? 600 : 400}>
              {name}
            </Text>
            <Text size="sm" component="div" fw={strong ? 600 : 400}>
              {value}
            </Text>
          </Group>
        ))}
      </Stack>
    </Box>
  );
}
