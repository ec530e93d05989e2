// The first start: the company and its administrator, with the token that the server printed.
import { Button, PasswordInput, Stack, Text, TextInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { act } from "../api/client";
import { Problem } from "../house/Problem";
import { useWords, type Word } from "../words";
import { Door } from "./SignIn";

const FIELDS = [
  ["token", "setup.token"],
  ["company", "sign.company"],
  ["currency", "setup.currency"],
  ["country", "setup.country"],
  ["zone", "setup.zone"],
  ["name", "setup.name"],
  ["login", "sign.login"],
] as const satisfies readonly (readonly [string, Word])[];

type Name = (typeof FIELDS)[number][0];

export default function SetUp() {
  const say = useWords();
  const [form, setForm] = useState<Record<Name, string>>(() => ({
    token: new URLSearchParams(window.location.hash.slice(1)).get("token") ?? "",
    company: "",
    currency: "EUR",
    country: "",
    zone: Intl.DateTimeFormat().resolvedOptions().timeZone,
    name: "",
    login: "",
  }));
  const [password, setPassword] = useState("");
  const setUp = useMutation({
    mutationFn: () =>
      act("/api/v1/session/set-up", {
        token: form.token.trim(),
        set_up: {
          company: {
            name: form.company,
            currency: form.currency,
            country: form.country,
            zone: form.zone,
          },
          display_name: form.name,
          login: form.login,
          password,
        },
      }),
    onSuccess: () => window.location.assign("/"),
  });
  const ready = FIELDS.every(([name]) => form[name].trim()) && password.length >= 12;
  return (
    <Door title={say("setup.title")}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          setUp.mutate();
        }}
      >
        <Stack gap="xs" data-loaded="true">
          <Text size="sm">{say("setup.text")}</Text>
          {FIELDS.map(([name, word]) => (
            <TextInput
              key={name}
              size="sm"
              label={say(word)}
              value={form[name]}
              onChange={(event) => {
                const { value } = event.currentTarget;
                setForm((before) => ({ ...before, [name]: value }));
              }}
            />
          ))}
          <PasswordInput
            label={say("sign.password")}
            description={say("setup.passwordHint")}
            autoComplete="new-password"
            value={password}
            onChange={(event) => setPassword(event.currentTarget.value)}
          />
          {setUp.error && <Problem error={setUp.error} />}
          <Button type="submit" size="sm" loading={setUp.isPending} disabled={!ready}>
            {say("setup.do")}
          </Button>
        </Stack>
      </form>
    </Door>
  );
}
