// Open items, and who looks after those that are old.
import { TextInput } from "@mantine/core";
import { useState } from "react";
import type { Row } from "../api/client";
import { columnsOf } from "../house/columns";
import { Dialog } from "../house/Dialog";
import { ListPage } from "../house/ListPage";
import { useAct } from "../house/useAct";
import { useMay, useSession } from "../session";
import { useWords } from "../words";

type Item = Row<"/api/v1/open-items">;
const open = columnsOf<Item>();

function NameOwner({ of, done }: { of: Item[]; done: () => void }) {
  const say = useWords();
  const { me } = useSession();
  const [owner, setOwner] = useState(me.login);
  const [reason, setReason] = useState("");
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
          <TextInput
            label={say("f.owner")}
            description={say("close.ownerHint")}
            value={owner}
            onChange={(event) => setOwner(event.currentTarget.value)}
          />
          <TextInput
            label={say("close.whyOpen")}
            value={reason}
            data-autofocus
            onChange={(event) => setReason(event.currentTarget.value)}
          />
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
        open.state("f.role", (row) => row.role),
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
