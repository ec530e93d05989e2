// Mails that go out: to whom, what became of them, and trying again what failed.
import type { Row } from "../api/client";
import { columnsOf } from "../house/columns";
import { Dialog } from "../house/Dialog";
import { TextField, useFields } from "../house/fields";
import { ListPage } from "../house/ListPage";
import { recordAddress } from "../house/records";
import { useAct } from "../house/useAct";
import { useMay } from "../session";
import { type Say, useWords } from "../words";

type Mail = Row<"/api/v1/mails">;
const mail = columnsOf<Mail>();

function purposeText(say: Say, purpose: string): string {
  return say(purpose === "reminder" ? "mails.reminder" : "mails.order");
}

function Purpose({ of }: { of: string }) {
  return purposeText(useWords(), of);
}

/** Tries a failed mail again, perhaps to another address. */
function Retry({ of }: { of: Mail }) {
  const say = useWords();
  const { form, set, reset } = useFields({ recipient: "" });
  const retry = useAct("/api/v1/mails/retry", () => say("mails.queued"));
  return (
    <Dialog
      word="act.retry"
      inLine
      busy={retry.isPending}
      ready={form.recipient.trim() !== ""}
      onOpen={() => reset({ recipient: of.recipient })}
      act={() => {
        const to = form.recipient.trim();
        return retry.mutateAsync({
          mail_id: of.mail_id,
          recipient: to === of.recipient ? null : to,
        });
      }}
      body={
        <TextField
          word="act.sendTo"
          hint={say("mails.retryHint")}
          required
          focus
          value={form.recipient}
          change={set("recipient")}
        />
      }
    />
  );
}

export default function Mails() {
  const may = useMay();
  return (
    <ListPage
      path="/api/v1/mails"
      title="page.mails"
      rowKey={(row) => row.mail_id}
      open={(row) => recordAddress(row.record_kind, row.record_id)}
      filters={[
        { name: "state", word: "f.state", kind: ["queued", "sent", "failed"], front: true },
        { name: "purpose", word: "f.purpose", kind: ["order", "reminder"], tell: purposeText },
        { name: "recipient", word: "act.sendTo", kind: "text", front: true },
      ]}
      columns={[
        mail.text("f.record", (row) => row.record, { lead: true }),
        mail.node("f.purpose", (row) => <Purpose of={row.purpose} />),
        mail.state("f.state", (row) => row.state),
        mail.text("act.sendTo", (row) => row.recipient),
        mail.text("mails.subject", (row) => row.subject),
        mail.text("f.file", (row) => row.file_name),
        mail.moment("mails.queuedAt", (row) => row.queued_at),
        mail.moment("f.sent", (row) => row.sent_at),
        mail.count("mails.attempts", (row) => row.attempts),
        mail.text("mails.answer", (row) => row.answer),
        mail.node("f.action", (row) =>
          row.state === "failed" && may("mail.retry") ? <Retry of={row} /> : null,
        ),
      ]}
    />
  );
}
