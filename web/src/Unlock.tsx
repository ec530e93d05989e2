// The desk without a network: what was taken along is opened by the phrase of whoever took it.
import { Alert, Button, NativeSelect, PasswordInput, Stack, Text } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import { Door } from "./screens/SignIn";
import type { Head } from "./shift/device";
import { look, openByPhrase, useKeeper } from "./shift/keeper";
import { useWords } from "./words";

/** Opens one of the vaults by its phrase. */
export function PhraseForm({ heads, opened }: { heads: Head[]; opened?: () => void }) {
  const say = useWords();
  const [chosen, setChosen] = useState("");
  const [phrase, setPhrase] = useState("");
  const head = heads.find(({ id }) => id === chosen) ?? heads[0];
  const unlock = useMutation({
    networkMode: "always",
    mutationFn: async () => (head ? openByPhrase(head, phrase) : false),
    onSuccess: (isRight) => isRight && opened?.(),
  });
  if (!head) return null;
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        unlock.mutate();
      }}
    >
      <Stack gap="sm">
        {heads.length > 1 && (
          <NativeSelect
            label={say("shift.whose")}
            value={head.id}
            onChange={(event) => setChosen(event.currentTarget.value)}
            data={heads.map(({ id, name, company }) => ({
              value: id,
              label: `${name}, ${company}`,
            }))}
          />
        )}
        <PasswordInput
          label={say("shift.phraseOf", { name: head.name })}
          autoComplete="off"
          autoFocus
          value={phrase}
          onChange={(event) => setPhrase(event.currentTarget.value)}
        />
        {unlock.data === false && (
          <Alert color="red" role="alert">
            {say("shift.wrongPhrase")}
          </Alert>
        )}
        <Button type="submit" loading={unlock.isPending} disabled={phrase === ""}>
          {say("shift.unlock")}
        </Button>
      </Stack>
    </form>
  );
}

export default function Unlock({ retry }: { retry: () => void }) {
  const say = useWords();
  const navigate = useNavigate();
  const { heads, looked } = useKeeper();
  useEffect(() => {
    look();
  }, []);
  return (
    <Door title={say("shift.away")}>
      <Stack gap="sm" data-loaded={looked}>
        <Text size="sm">{say(heads.length > 0 ? "shift.awayText" : "shift.awayNothing")}</Text>
        <PhraseForm heads={heads} opened={() => navigate({ to: "/shift" })} />
        <Button variant="default" onClick={retry}>
          {say("act.retry")}
        </Button>
      </Stack>
    </Door>
  );
}
