// Users: who may sign in.
import { Button, Group, PasswordInput } from "@mantine/core";
import type { Row } from "../api/client";
import { Moment, State } from "../house/cells";
import { columnsOf } from "../house/columns";
import { Dialog, ReasonDialog } from "../house/Dialog";
import { TextField, useFields } from "../house/fields";
import { ListPage } from "../house/ListPage";
import { useAct } from "../house/useAct";
import { useMay, useSession } from "../session";
import { useWords } from "../words";

type User = Row<"/api/v1/users">;
const user = columnsOf<User>();

function CreateUser() {
  const say = useWords();
  const { form, set, reset } = useFields({ login: "", display_name: "", password: "" });
  const create = useAct("/api/v1/users", () => say("done.created", { number: form.login }));
  return (
    <Dialog
      word="act.createUser"
      look="filled"
      busy={create.isPending}
      ready={Boolean(form.login && form.display_name && form.password.length >= 12)}
      onOpen={() => reset()}
      act={() => create.mutateAsync(form)}
      body={
        <>
          <TextField word="f.login" value={form.login} change={set("login")} />
          <TextField word="f.name" value={form.display_name} change={set("display_name")} />
          <PasswordInput
            label={say("sign.password")}
            description={say("setup.passwordHint")}
            autoComplete="new-password"
            value={form.password}
            onChange={(event) => set("password")(event.currentTarget.value)}
          />
        </>
      }
    />
  );
}

function Switch({ of }: { of: User }) {
  const say = useWords();
  const { me } = useSession();
  const set = useAct("/api/v1/users/active", () => say("done.saved"));
  if (of.user_id === me.user_id) return null;
  return (
    <Button
      variant="subtle"
      size="compact-xs"
      loading={set.isPending}
      onClick={() => set.mutate({ user_id: of.user_id, active: !of.active })}
    >
      {say(of.active ? "act.deactivate" : "act.activate")}
    </Button>
  );
}

/** Lets somebody in again who lost phone and recovery codes. */
function ResetFactor({ of }: { of: User }) {
  const say = useWords();
  const { me } = useSession();
  const reset = useAct("/api/v1/users/reset-second-factor", () => say("done.saved"));
  if (of.user_id === me.user_id || !of.is_own || of.second_factor !== "on") return null;
  return (
    <ReasonDialog
      word="act.resetFactor"
      look="danger"
      inLine
      busy={reset.isPending}
      act={(reason) => reset.mutateAsync({ user_id: of.user_id, reason })}
    />
  );
}

function LastReset({ of }: { of: NonNullable<User["second_factor_reset"]> }) {
  return (
    <>
      <Moment of={of.reset_at} /> · {of.reset_by && `${of.reset_by}: `}
      {of.reason}
    </>
  );
}

export default function Users() {
  const may = useMay();
  return (
    <ListPage
      path="/api/v1/users"
      title="page.users"
      rowKey={(row) => row.user_id}
      whole
      filters={[
        { name: "active_only", word: "f.active", kind: "yes", front: true },
        {
          name: "second_factor",
          word: "f.secondFactor",
          kind: ["on", "off", "missing"],
          front: true,
        },
      ]}
      actions={may("identity.create_user") && <CreateUser />}
      columns={[
        user.text("f.login", (row) => row.login),
        user.text("f.name", (row) => row.display_name),
        user.yesNo("f.password", (row) => row.has_password),
        user.state("f.secondFactor", (row) => row.second_factor),
        user.node(
          "f.factorReset",
          (row) => row.second_factor_reset && <LastReset of={row.second_factor_reset} />,
        ),
        user.node("f.state", (row) => <State of={row.active ? "active" : "off"} />),
        user.node("f.action", (row) => (
          <Group gap={4} wrap="nowrap">
            {may("identity.set_active") && <Switch of={row} />}
            {may("identity.reset_second_factor") && <ResetFactor of={row} />}
          </Group>
        )),
      ]}
    />
  );
}
