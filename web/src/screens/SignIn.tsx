// Signing in: with login and password, or with a link that works once.
import {
  Alert,
  Button,
  Card,
  Center,
  Group,
  PasswordInput,
  Stack,
  Text,
  TextInput,
  Title,
} from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useSearch } from "@tanstack/react-router";
import { type ReactNode, useEffect, useState } from "react";
import { act, Refusal } from "../api/client";
import { Problem } from "../house/Problem";
import { useWords } from "../words";

/** A card in the middle of an empty page. */
export function Door({ title, children }: { title: string; children: ReactNode }) {
  return (
    <Center mih="100vh" p="md" component="main">
      <Card w={380} withBorder padding="lg" radius="md">
        <Group gap="sm" mb="md" wrap="nowrap">
          <img src="/mark.svg" alt="" width={36} height={36} />
          <Title order={1}>{title}</Title>
        </Group>
        {children}
      </Card>
    </Center>
  );
}

/** Only to a page of ours, whatever the address says. */
function goOn(then: string | undefined) {
  const own = window.location.origin;
  const to = URL.parse(then ?? "/", own);
  window.location.assign(to?.origin === own ? to.pathname + to.search : "/");
}

export default function SignIn() {
  const say = useWords();
  const { then } = useSearch({ strict: false }) as { then?: string };
  const [login, setLogin] = useState("");
  const [password, setPassword] = useState("");
  const [company, setCompany] = useState("");
  const [code, setCode] = useState("");
  const [token] = useState(() => new URLSearchParams(window.location.hash.slice(1)).get("link"));
  const byPassword = useMutation({
    mutationFn: () =>
      act("/api/v1/session", { login, password, company: company || null, code: code || null }),
    onSuccess: () => goOn(then),
  });
  const byLink = useMutation({
    mutationFn: (link: string) => act("/api/v1/session/link", { token: link }),
    onSuccess: () => goOn(then),
    onSettled: () => window.history.replaceState(null, "", window.location.pathname),
  });
  const enter = byLink.mutate;
  useEffect(() => {
    if (token) enter(token);
  }, [token, enter]);
  const refused = byPassword.error;
  const asksCompany =
    company !== "" || (refused instanceof Refusal && refused.code === "company_needed");
  const needsCode = refused instanceof Refusal && refused.code === "second_factor_needed";
  const asksCode =
    code !== "" ||
    needsCode ||
    (refused instanceof Refusal && refused.code === "wrong_second_factor");
  if (byLink.isPending || byLink.isSuccess) {
    return (
      <Door title="Purser">
        <Text>{say("sign.byLink")}</Text>
      </Door>
    );
  }
  return (
    <Door title={say("sign.title")}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          byPassword.mutate();
        }}
      >
        <Stack gap="sm" data-loaded="true">
          {then && !refused && <Text size="sm">{say("sign.over")}</Text>}
          {byLink.error && (
            <Alert color="orange" title={say("sign.linkFailed")}>
              {byLink.error.message}
            </Alert>
          )}
          <TextInput
            size="sm"
            label={say("sign.login")}
            autoComplete="username"
            autoFocus
            value={login}
            onChange={(event) => setLogin(event.currentTarget.value)}
          />
          <PasswordInput
            label={say("sign.password")}
            autoComplete="current-password"
            value={password}
            onChange={(event) => setPassword(event.currentTarget.value)}
          />
          {asksCompany && (
            <TextInput
              size="sm"
              label={say("sign.company")}
              value={company}
              onChange={(event) => setCompany(event.currentTarget.value)}
            />
          )}
          {asksCode && (
            <TextInput
              size="sm"
              label={say("factor.anyCode")}
              description={say("factor.anyCodeHint")}
              autoComplete="one-time-code"
              autoFocus
              value={code}
              onChange={(event) => setCode(event.currentTarget.value)}
            />
          )}
          {needsCode && (
            <Text size="sm" role="status">
              {say("sign.codeNeeded")}
            </Text>
          )}
          {refused && !needsCode && <Problem error={refused} />}
          <Button
            type="submit"
            size="sm"
            loading={byPassword.isPending}
            disabled={!login || !password || (needsCode && !code.trim())}
          >
            {say("sign.in")}
          </Button>
        </Stack>
      </form>
    </Door>
  );
}
