// What a payment would settle, what stays open, and what it books, as the server answered.
import { Stack, Text } from "@mantine/core";
import type { Row, Schemas } from "../../api/client";
import { columnsOf } from "../../house/columns";
import { LineTable } from "../../house/LineTable";
import { Booked } from "../../house/Rehearsal";
import { roleWord, useWords } from "../../words";

type Open = Schemas["OpenLeft"];
const left = columnsOf<Open>();

interface LeftProps {
  of: Schemas["PaymentRehearsed"];
  /** Open lines whose names are known here. */
  names?: Row<"/api/v1/open-documents">[];
}

export function Left({ of, names = [] }: LeftProps) {
  const say = useWords();
  const name = ({ open }: Open) => {
    const known = names.find((one) => one.kind === open.kind && one.source_id === open.id);
    return known?.number || say(open.kind === "payment" ? "settle.newDeposit" : "settle.other");
  };
  return (
    <Stack gap="sm">
      <div>
        <Text size="sm" fw={600} mb={4}>
          {say("settle.whatStays")}
        </Text>
        <LineTable
          rows={of.left}
          rowKey={(row) => `${row.role}-${row.open.kind}-${row.open.id}`}
          columns={[
            left.text("f.number", name),
            left.text("f.account", (row) => roleWord(say, row.role)),
            left.ledger("settle.before", (row) => row.before),
            left.ledger("settle.after", (row) => row.left),
          ]}
        />
      </div>
      <Booked lines={of.booked} />
    </Stack>
  );
}
