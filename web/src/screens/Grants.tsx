// Grants: who has which role, where, and up to which amount.
import type { Row } from "../api/client";
import { Choice, useOptions } from "../house/Choice";
import { columnsOf } from "../house/columns";
import { Dialog } from "../house/Dialog";
import { DecimalField, useDecimal, useFields } from "../house/fields";
import { ListPage } from "../house/ListPage";
import { useAct } from "../house/useAct";
import { useMay, useSession } from "../session";
import { useWords } from "../words";

type Grant = Row<"/api/v1/grants">;
const grant = columnsOf<Grant>();
const NOTHING = { login: "", role: "", warehouse: "", limit: "" };

function GrantRole() {
  const say = useWords();
  const { me } = useSession();
  const decimal = useDecimal();
  const { form, set, reset } = useFields(NOTHING);
  const give = useAct("/api/v1/grants", () => say("done.saved"));
  const amount = form.limit ? decimal(form.limit) : undefined;
  return (
    <Dialog
      word="act.grantRole"
      look="filled"
      busy={give.isPending}
      ready={Boolean(form.login && form.role && (!form.limit || amount))}
      onOpen={() => reset()}
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
          <Choice of="users" word="f.user" required value={form.login} change={set("login")} />
          <Choice of="roles" word="f.roleOf" required value={form.role} change={set("role")} />
          <Choice
            of="warehouseIds"
            word="f.warehouse"
            hint={say("grants.everywhere")}
            clearable
            value={form.warehouse}
            change={set("warehouse")}
          />
          <DecimalField
            word="grants.limit"
            label={say("grants.limit", { currency: me.currency })}
            hint={say("grants.noLimit")}
            value={form.limit}
            change={set("limit")}
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
  const { data: warehouses = [] } = useOptions("warehouseIds");
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
