// A refusal, as the server tells it: what is wrong, with the numbers, and what to do.
import { Alert, Button, Text } from "@mantine/core";
import { IconAlertCircle } from "@tabler/icons-react";
import { Refusal } from "../api/client";
import { type Say, useWords } from "../words";

/** An error in words. */
export function told(say: Say, error: unknown): string {
  return error instanceof Refusal && error.message ? error.message : say("problem.offline");
}

export function Problem({ error, retry }: { error: Error; retry?: () => void }) {
  const say = useWords();
  const place = error instanceof Refusal ? error.place : undefined;
  const title =
    error instanceof Refusal && error.status === 403 ? say("app.mayNot") : say("problem.title");
  return (
    <Alert
      color="red"
      variant="light"
      icon={<IconAlertCircle size={18} />}
      title={title}
      role="alert"
      my="xs"
      data-loaded="true"
    >
      <Text size="sm">{told(say, error)}</Text>
      {place?.line && <Text size="sm">{say("problem.line", { n: place.line })}</Text>}
      {retry && (
        <Button variant="default" mt="xs" onClick={retry}>
          {say("act.retry")}
        </Button>
      )}
    </Alert>
  );
}
