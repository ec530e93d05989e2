// Users: who may sign in.
import { Button, PasswordInput } from "@mantine/core";
import type { Row } from "../api/client";
import { State } from "../house/cells";
import { columnsOf } from "../house/columns";
import { Dialog } from "../house/Dialog";
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

export default function Users() {
  const may = useMay();
  return (
    <ListPage
      path="/api/v1/users"
      title="page.users"
      rowKey={(row) => row.user_id}
      whole
      filters={[{ name: "active_only", word: "f.active", kind: "yes", front: true }]}
      actions={may("identity.create_user") && <CreateUser />}
      columns={[
        user.text("f.login", (row) => row.login),
        user.text("f.name", (row) => row.display_name),
        user.yesNo("f.password", (row) => row.has_password),
        user.node("f.state", (row) => <State of={row.active ? "active" : "off"} />),
        user.node("f.action", (row) => may("identity.set_active") && <Switch of={row} />),
      ]}
    />
  );
}
