// The company asks for a second factor that the reader does not have: nothing else can be done before.
import { Button, Stack, Text } from "@mantine/core";
import { act } from "../../api/client";
import { useWords } from "../../words";
import { Door } from "../SignIn";
import { OwnFactor } from "./Security";

export default function FirstFactor({ done }: { done: () => void }) {
  const say = useWords();
  const leave = () =>
    act("/api/v1/session/end", undefined).finally(() => window.location.assign("/sign-in"));
  return (
    <Door title={say("factor.missingTitle")}>
      <Stack gap="sm">
        <Text size="sm">{say("factor.missingText")}</Text>
        <OwnFactor done={done} />
        <Button variant="subtle" onClick={leave}>
          {say("app.signOut")}
        </Button>
      </Stack>
    </Door>
  );
}
