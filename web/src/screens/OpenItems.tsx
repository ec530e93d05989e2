// Open items, what is paid of them, and who looks after those that are old.
import { Button } from "@mantine/core";
import type { Row } from "../api/client";
import { columnsOf } from "../house/columns";
import { Dialog } from "../house/Dialog";
import { TextField, useFields } from "../house/fields";
import { ListPage } from "../house/ListPage";
import { useAct } from "../house/useAct";
import { Way } from "../house/Way";
import { useMay, useSession } from "../session";
import { roleWord, useWords } from "../words";
import { RefundOpen } from "./money/Refund";

type Item = Row<"/api/v1/open-documents">;
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

/** Leads to the payment of what was selected, when it is open with one partner. */
function PayThem({ of }: { of: Item[] }) {
  const say = useWords();
  const may = useMay();
  const [first] = of;
  const alike = of.every((row) => row.role === first?.role && row.partner_id === first?.partner_id);
  if (!first?.partner_id || !alike) return null;
  const open = of.map((row) => `${row.kind}-${row.source_id}-${row.agreed.currency}`).join(",");
  const search = new URLSearchParams({ partner: first.partner_id, open });
  if (first.role === "payable" && may("payments.pay")) {
    return (
      <Button component={Way} to={`/books/payments/pay?${search}`}>
        {say("act.paySupplier")}
      </Button>
    );
  }
  if (first.role === "receivable" && may("payments.receive")) {
    return (
      <Button component={Way} to={`/books/payments/receive?${search}`}>
        {say("act.receivePayment")}
      </Button>
    );
  }
  return null;
}

/** What is given back: deposits of customers, and refunds that were decided. */
const GIVEN_BACK = ["customer_deposits", "refunds_payable"];
const ROLES = [
  "payable",
  "receivable",
  "grni",
  "customer_deposits",
  "supplier_deposits",
  "refunds_payable",
  "channel_clearing",
  "supplier_claims",
] as const;

export default function OpenItems() {
  const may = useMay();
  const pays = may("payments.pay") || may("payments.receive");
  const names = may("accounting.name_owner");
  return (
    <ListPage
      path="/api/v1/open-documents"
      title="page.openItems"
      rowKey={(row) => `${row.account_id}-${row.kind}-${row.source_id}-${row.agreed.currency}`}
      filters={[
        { name: "role", word: "f.role", kind: ROLES, tell: roleWord, front: true },
        { name: "partner", word: "f.partnerCode", kind: "text", front: true },
        { name: "settled", word: "f.settled", kind: "yes", front: true },
        { name: "due_through", word: "f.dueOn", kind: "day" },
        { name: "unowned_through", word: "close.unownedThrough", kind: "day" },
      ]}
      bulk={
        names || pays
          ? (rows, done) => (
              <>
                <PayThem of={rows} />
                {names && <NameOwner of={rows} done={done} />}
              </>
            )
          : undefined
      }
      columns={[
        open.text("f.account", (row) => row.code),
        open.role("f.role", (row) => row.role),
        open.text(
          "f.source",
          (row) => `${row.kind.replaceAll("_", " ")} ${row.number || row.source_id}`,
        ),
        open.text("settle.theirNumber", (row) => row.reference),
        open.text("f.partner", (row) => row.partner_name),
        open.day("f.openedOn", (row) => row.opened_on),
        open.day("f.dueOn", (row) => row.due_on),
        open.text("f.owner", (row) => row.owner),
        open.text("close.whyOpen", (row) => row.reason),
        open.ledger("f.agreed", (row) => row.agreed),
        open.ledger("f.stillOpen", (row) => row.amount),
        open.node("f.action", (row) =>
          GIVEN_BACK.includes(row.role ?? "") && may("payments.refund") ? (
            <RefundOpen of={row} />
          ) : null,
        ),
      ]}
    />
  );
}
