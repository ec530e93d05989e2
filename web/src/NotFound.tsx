import { Anchor, Center, Stack, Text, Title } from "@mantine/core";
import { useWords } from "./words";

export function NotFound() {
  const say = useWords();
  return (
    <Center mih="60vh" component="main">
      <Stack align="center" gap="xs" data-loaded="true">
        <Title order={1}>{say("app.notFound")}</Title>
        <Text c="dimmed">{say("app.notFoundText")}</Text>
        <Anchor href="/">{say("app.goHome")}</Anchor>
      </Stack>
    </Center>
  );
}
