// Roles: what each gives, and what it does not give all the same.
import { Button, Group, TagsInput } from "@mantine/core";
import { useState } from "react";
import type { Row } from "../api/client";
import { columnsOf } from "../house/columns";
import { Dialog } from "../house/Dialog";
import { TextField } from "../house/fields";
import { ListPage } from "../house/ListPage";
import { useAct } from "../house/useAct";
import { useMay, useSession } from "../session";
import { useWords } from "../words";

type Role = Row<"/api/v1/roles">;
const role = columnsOf<Role>();

/** What the reader may hand on: whole areas, single rights, and single ones left out. */
function useRights(): string[] {
  const { permissions } = useSession();
  const areas = new Set(permissions.map((one) => `${one.split(".")[0]}.*`));
  return [...areas, ...permissions, ...permissions.map((one) => `-${one}`)];
}

function Permissions({ value, change }: { value: string[]; change: (value: string[]) => void }) {
  const say = useWords();
  return (
    <TagsInput
      label={say("f.permissions")}
      description={say("roles.hint")}
      data={useRights()}
      value={value}
      onChange={change}
      withScrollArea={false}
      styles={{ options: { maxHeight: 260, overflowY: "auto" } }}
      limit={200}
      clearable
      clearButtonProps={{ "aria-label": say("list.clear") }}
    />
  );
}

function CreateRole() {
  const say = useWords();
  const [name, setName] = useState("");
  const [permissions, setPermissions] = useState<string[]>([]);
  const create = useAct("/api/v1/roles", () => say("done.created", { number: name }));
  return (
    <Dialog
      word="act.createRole"
      look="filled"
      size="lg"
      busy={create.isPending}
      ready={name.trim() !== "" && permissions.length > 0}
      onOpen={() => {
        setName("");
        setPermissions([]);
      }}
      act={() => create.mutateAsync({ name: name.trim(), permissions })}
      body={
        <>
          <TextField word="f.name" value={name} change={setName} />
          <Permissions value={permissions} change={setPermissions} />
        </>
      }
    />
  );
}

function ChangeRole({ of }: { of: Role }) {
  const say = useWords();
  const [permissions, setPermissions] = useState(of.permissions);
  const change = useAct("/api/v1/roles/change", () => say("done.saved"));
  return (
    <Dialog
      word="act.changeRole"
      inLine
      size="lg"
      busy={change.isPending}
      ready={permissions.length > 0}
      onOpen={() => setPermissions(of.permissions)}
      act={() => change.mutateAsync({ name: of.name, permissions })}
      body={<Permissions value={permissions} change={setPermissions} />}
    />
  );
}

/** Whether whoever holds the role has to have a second factor, where the policy leaves that to roles. */
function RequireFactor({ of }: { of: Role }) {
  const say = useWords();
  const require = useAct("/api/v1/roles/second-factor", () => say("done.saved"));
  return (
    <Button
      variant="subtle"
      size="compact-xs"
      loading={require.isPending}
      onClick={() => require.mutate({ name: of.name, required: !of.second_factor })}
    >
      {say(of.second_factor ? "act.waiveFactor" : "act.requireFactor")}
    </Button>
  );
}

export default function Roles() {
  const may = useMay();
  return (
    <ListPage
      path="/api/v1/roles"
      title="page.roles"
      rowKey={(row) => row.role_id}
      whole
      actions={may("identity.create_role") && <CreateRole />}
      columns={[
        role.text("f.name", (row) => row.name),
        role.yesNo("f.builtIn", (row) => row.built_in),
        role.text("f.permissions", (row) => row.permissions.join(" · ")),
        role.yesNo("f.secondFactor", (row) => row.second_factor),
        role.node("f.action", (row) => (
          <Group gap={4} wrap="nowrap">
            {!row.built_in && may("identity.change_role") && <ChangeRole of={row} />}
            {may("identity.require_second_factor") && <RequireFactor of={row} />}
          </Group>
        )),
      ]}
    />
  );
}
