// Lots by expiry, and how a day that was misread is set right.
import { Text } from "@mantine/core";
import type { Row } from "../api/client";
import { columnsOf } from "../house/columns";
import { Dialog } from "../house/Dialog";
import { DayField, ReasonField, useFields } from "../house/fields";
import { ListPage } from "../house/ListPage";
import { useAct } from "../house/useAct";
import { useMay } from "../session";
import { useWords } from "../words";

type Lot = Row<"/api/v1/lots">;
const lot = columnsOf<Lot>();

function SetRight({ of }: { of: Lot }) {
  const say = useWords();
  const { form, set, reset } = useFields({ expires: "", reason: "" });
  const date = useAct("/api/v1/lots/date", (answer) =>
    answer.kept_past === "0"
      ? say("done.saved")
      : say("done.keptPast", { quantity: answer.kept_past, sku: of.sku }),
  );
  return (
    <Dialog
      word="act.dateLot"
      inLine
      busy={date.isPending}
      ready={form.reason.trim() !== ""}
      onOpen={() => reset({ expires: (of.stated && of.expires_on) || "", reason: "" })}
      act={() =>
        date.mutateAsync({
          sku: of.sku,
          lot: of.lot,
          expires_on: form.expires || null,
          reason: form.reason,
        })
      }
      body={
        <>
          <Text size="sm">
            {of.sku} · {of.lot}
          </Text>
          <DayField
            word="f.expiresOn"
            hint={say("lot.expiresHint")}
            value={form.expires}
            change={set("expires")}
          />
          <ReasonField required value={form.reason} change={set("reason")} />
        </>
      }
    />
  );
}

export default function Lots() {
  const may = useMay();
  return (
    <ListPage
      path="/api/v1/lots"
      title="page.lots"
      rowKey={(row) => `${row.sku}/${row.lot}`}
      filters={[
        { name: "sku", word: "f.sku", kind: "text", front: true },
        { name: "alert_by", word: "f.alertBy", kind: "day", front: true },
      ]}
      columns={[
        lot.text("f.sku", (row) => row.sku, { lead: true }),
        lot.text("f.name", (row) => row.name),
        lot.text("f.lot", (row) => row.lot),
        lot.day("f.expiresOn", (row) => row.expires_on),
        lot.day("f.bestBefore", (row) => row.best_before),
        lot.day("f.removeBy", (row) => row.remove_by),
        lot.day("f.alertOn", (row) => row.alert_on),
        lot.day("f.received", (row) => row.received_on),
        lot.quantity("f.onHand", (row) => row.on_hand),
        lot.quantity("f.reserved", (row) => row.reserved),
        lot.node("f.action", (row) => may("stock.date_lot") && <SetRight of={row} />),
      ]}
    />
  );
}
