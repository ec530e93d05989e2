// Grants: who has which role, where, and up to which amount.
import { Select, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { list, type Row } from "../api/client";
import { readDecimal } from "../format";
import { columnsOf } from "../house/columns";
import { Dialog } from "../house/Dialog";
import { ListPage } from "../house/ListPage";
import { useAct } from "../house/useAct";
import { useMay, useSession } from "../session";
import { useTongue, useWords } from "../words";

type Grant = Row<"/api/v1/grants">;
const grant = columnsOf<Grant>();
const NOTHING = { login: "", role: "", warehouse: "", limit: "" };

function useChoices(enabled: boolean) {
  const users = useQuery({
    queryKey: ["list", "/api/v1/users", {}],
    queryFn: () => list("/api/v1/users", {}),
    enabled,
  });
  const roles = useQuery({
    queryKey: ["list", "/api/v1/roles", {}],
    queryFn: () => list("/api/v1/roles", {}),
    enabled,
  });
  return {
    users: (users.data?.lines ?? []).map((one) => ({ value: one.login, label: one.display_name })),
    roles: (roles.data?.lines ?? []).map((one) => one.name),
  };
}

function useWarehouses(enabled: boolean) {
  const may = useMay();
  const { data } = useQuery({
    queryKey: ["list", "/api/v1/warehouses", {}],
    queryFn: () => list("/api/v1/warehouses", {}),
    enabled: enabled && may("stock.read"),
  });
  return (data?.lines ?? []).map((one) => ({ value: one.warehouse_id, label: one.name }));
}

function GrantRole() {
  const say = useWords();
  const { me } = useSession();
  const { locale } = useTongue();
  const [opened, setOpened] = useState(false);
  const [form, setForm] = useState(NOTHING);
  const { users, roles } = useChoices(opened);
  const warehouses = useWarehouses(opened);
  const give = useAct("/api/v1/grants", () => say("done.saved"));
  const set = (name: keyof typeof NOTHING) => (value: string | null) =>
    setForm((before) => ({ ...before, [name]: value ?? "" }));
  const amount = form.limit ? readDecimal(form.limit, locale) : undefined;
  return (
    <Dialog
      word="act.grantRole"
      look="filled"
      busy={give.isPending}
      ready={Boolean(form.login && form.role && (!form.limit || amount))}
      onOpen={() => {
        setOpened(true);
        setForm(NOTHING);
      }}
      act={() =>
        give.mutateAsync({
          login: form.login,
          role: form.role,
          warehouse_id: form.warehouse || null,
          amount_limit: amount ? { amount, currency: me.currency } : null,
        })
      }
      body={
        <>
          <Select
            label={say("f.user")}
            required
            searchable
            value={form.login || null}
            onChange={set("login")}
            data={users}
          />
          <Select
            label={say("f.roleOf")}
            required
            searchable
            value={form.role || null}
            onChange={set("role")}
            data={roles}
          />
          <Select
            label={say("f.warehouse")}
            description={say("grants.everywhere")}
            clearable
            value={form.warehouse || null}
            onChange={set("warehouse")}
            data={warehouses}
          />
          <TextInput
            label={say("grants.limit", { currency: me.currency })}
            description={say("grants.noLimit")}
            inputMode="decimal"
            value={form.limit}
            onChange={(event) => set("limit")(event.currentTarget.value)}
          />
        </>
      }
    />
  );
}

function Revoke({ of }: { of: Grant }) {
  const say = useWords();
  const take = useAct("/api/v1/grants/revoke", () => say("done.saved"));
  const { login, role, warehouse_id } = of;
  return (
    <Dialog
      word="act.revokeRole"
      inLine
      look="danger"
      busy={take.isPending}
      ready
      act={() => take.mutateAsync({ login, role, warehouse_id })}
      body={say("grants.revoke", { login, role })}
    />
  );
}

export default function Grants() {
  const may = useMay();
  const warehouses = useWarehouses(true);
  const name = (id: string) => warehouses.find(({ value }) => value === id)?.label ?? id;
  return (
    <ListPage
      path="/api/v1/grants"
      title="page.grants"
      rowKey={(row) => `${row.user_id}-${row.role}-${row.warehouse_id}`}
      whole
      actions={may("identity.grant") && <GrantRole />}
      columns={[
        grant.text("f.user", (row) => row.login),
        grant.text("f.roleOf", (row) => row.role),
        grant.text("f.warehouse", (row) => row.warehouse_id && name(row.warehouse_id)),
        grant.money("f.limit", (row) => row.amount_limit),
        grant.moment("f.createdOn", (row) => row.granted_at),
        grant.node("f.action", (row) => may("identity.revoke") && <Revoke of={row} />),
      ]}
    />
  );
}
