// Open items, and who looks after those that are old.
import type { Row } from "../api/client";
import { columnsOf } from "../house/columns";
import { Dialog } from "../house/Dialog";
import { TextField, useFields } from "../house/fields";
import { ListPage } from "../house/ListPage";
import { useAct } from "../house/useAct";
import { useMay, useSession } from "../session";
import { useWords } from "../words";

type Item = Row<"/api/v1/open-items">;
const open = columnsOf<Item>();

function NameOwner({ of, done }: { of: Item[]; done: () => void }) {
  const say = useWords();
  const { me } = useSession();
  const { form, set, reset } = useFields({ owner: me.login, reason: "" });
  const { owner, reason } = form;
  const name = useAct(
    "/api/v1/open-items/owner",
    (answer) => say("done.owned", { n: answer.items }),
    done,
  );
  return (
    <Dialog
      word="act.nameOwner"
      look="filled"
      busy={name.isPending}
      ready={owner.trim() !== "" && reason.trim() !== ""}
      onOpen={() => reset()}
      act={() =>
        name.mutateAsync({
          items: of.map(({ account_id, kind, source_id, agreed }) => ({
            account_id,
            kind,
            source_id,
            currency: agreed.currency,
          })),
          owner: owner.trim(),
          reason: reason.trim(),
        })
      }
      body={
        <>
          <TextField
            word="f.owner"
            hint={say("close.ownerHint")}
            value={owner}
            change={set("owner")}
          />
          <TextField word="close.whyOpen" value={reason} focus change={set("reason")} />
        </>
      }
    />
  );
}

export default function OpenItems() {
  const may = useMay();
  return (
    <ListPage
      path="/api/v1/open-items"
      title="page.openItems"
      rowKey={(row) => `${row.account_id}-${row.kind}-${row.source_id}-${row.agreed.currency}`}
      filters={[
        { name: "role", word: "f.role", kind: ["payable", "receivable", "grni"], front: true },
        { name: "settled", word: "f.settled", kind: "yes", front: true },
        { name: "due_through", word: "f.dueOn", kind: "day" },
        { name: "unowned_through", word: "close.unownedThrough", kind: "day" },
      ]}
      bulk={
        may("accounting.name_owner")
          ? (rows, done) => <NameOwner of={rows} done={done} />
          : undefined
      }
      columns={[
        open.text("f.account", (row) => row.code),
        open.role("f.role", (row) => row.role),
        open.text("f.source", (row) => `${row.kind.replaceAll("_", " ")} ${row.source_id}`),
        open.day("f.openedOn", (row) => row.opened_on),
        open.day("f.dueOn", (row) => row.due_on),
        open.text("f.owner", (row) => row.owner),
        open.text("close.whyOpen", (row) => row.reason),
        open.ledger("f.agreed", (row) => row.agreed),
        open.ledger("f.stillOpen", (row) => row.amount),
      ]}
    />
  );
}
