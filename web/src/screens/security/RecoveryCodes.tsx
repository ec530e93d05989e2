// Recovery codes, shown once: they stay until the reader says that they are kept.
import { Button, Code, Group, SimpleGrid, Stack, Text, Title } from "@mantine/core";
import { useEffect, useState } from "react";
import { useUnsaved } from "../../house/Unsaved";
import { useWords } from "../../words";

export function RecoveryCodes({ codes, done }: { codes: string[]; done: () => void }) {
  const say = useWords();
  const [address, setAddress] = useState<string>();
  useUnsaved(true);
  useEffect(() => {
    const made = URL.createObjectURL(new Blob([`${codes.join("\n")}\n`], { type: "text/plain" }));
    setAddress(made);
    return () => URL.revokeObjectURL(made);
  }, [codes]);
  return (
    <Stack gap="sm" data-loaded="true">
      <Title order={2}>{say("factor.keep")}</Title>
      <Text size="sm">{say("factor.keepText")}</Text>
      <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="xs" verticalSpacing={4}>
        {codes.map((code) => (
          <Code key={code} fz="sm">
            {code}
          </Code>
        ))}
      </SimpleGrid>
      <Group gap="xs">
        <Button variant="default" component="a" href={address} download="purser-recovery-codes.txt">
          {say("factor.save")}
        </Button>
        <Button onClick={done}>{say("factor.kept")}</Button>
      </Group>
    </Stack>
  );
}
