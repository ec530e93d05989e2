// Sending an order to its supplier: by mail or only noted, as the company has it, and to whom.
import { Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { list, type Schemas } from "../api/client";
import { Dialog } from "../house/Dialog";
import { TextField } from "../house/fields";
import { useAct } from "../house/useAct";
import { useMay } from "../session";
import { useWords } from "../words";

type Order = Schemas["OrderDetail"];

/** Whether the company mails its orders; not known to whoever may not read its policies. */
function useByMail(enabled: boolean): boolean | undefined {
  const asked = useQuery({
    queryKey: ["list", "/api/v1/policies", {}],
    queryFn: () => list("/api/v1/policies", {}),
    enabled: useMay()("identity.read") && enabled,
  });
  const policy = asked.data?.lines.find(({ name }) => name === "send_orders_by_mail");
  return policy && policy.value === "yes";
}

/** The supplier's own address, for those who may see partners. */
function useEmail(supplier: string, enabled: boolean): string | undefined {
  const query = { supplier: "true", text: supplier, limit: "20" };
  const asked = useQuery({
    queryKey: ["list", "/api/v1/partners", query],
    queryFn: () => list("/api/v1/partners", query),
    enabled: useMay()("partners.read") && enabled,
  });
  return asked.data?.lines.find(({ code }) => code === supplier)?.email;
}

export function SendOrder({ of }: { of: Order }) {
  const say = useWords();
  const [asked, setAsked] = useState(false);
  const [recipient, setRecipient] = useState("");
  const byMail = useByMail(asked);
  const email = useEmail(of.supplier, asked);
  const send = useAct("/api/v1/purchase-orders/send", (answer) =>
    say(answer.mail_id ? "send.mailed" : "send.only", { recipient: answer.recipient }),
  );
  const to = recipient.trim() || email || say("send.email");
  const word = byMail === undefined ? "send.maybe" : byMail ? "send.byMail" : "send.noted";
  return (
    <Dialog
      word="act.send"
      look="filled"
      busy={send.isPending}
      ready
      onOpen={() => {
        setAsked(true);
        setRecipient("");
      }}
      act={() => send.mutateAsync({ order_id: of.order_id, recipient: recipient.trim() || null })}
      body={
        <>
          <TextField word="act.sendTo" hint={email} value={recipient} focus change={setRecipient} />
          <Text size="sm">{say(word, { recipient: to })}</Text>
        </>
      }
    />
  );
}
