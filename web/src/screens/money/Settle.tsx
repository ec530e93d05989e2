// A payment by hand: what arrived from a customer, or goes to a supplier, against what is open with them.
// What it settles and what stays open is the server's answer.
import {
  Alert,
  Box,
  Button,
  Checkbox,
  Group,
  SimpleGrid,
  Stack,
  Text,
  TextInput,
  Title,
} from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useState } from "react";
import { type Asked, list, type Row } from "../../api/client";
import { otherSide, typeDecimal } from "../../format";
import { Choice } from "../../house/Choice";
import { DayText, Money } from "../../house/cells";
import { DayField, DecimalField, TextField, useDecimal, useFields } from "../../house/fields";
import { Problem } from "../../house/Problem";
import { Rehearsal } from "../../house/Rehearsal";
import { useUnsaved } from "../../house/Unsaved";
import { useAct } from "../../house/useAct";
import { useSession } from "../../session";
import { useTongue, useWords, type Word } from "../../words";
import { Left } from "./Left";

type Open = Row<"/api/v1/open-documents">;
type Request = Asked<"/api/v1/customer-payments"> & Asked<"/api/v1/supplier-payments">;

interface Side {
  role: "receivable" | "payable";
  title: Word;
  of: "customerIds" | "supplierIds";
  word: Word;
  path: "/api/v1/customer-payments" | "/api/v1/supplier-payments";
  act: Word;
}

const CUSTOMER: Side = {
  role: "receivable",
  title: "page.receivePayment",
  of: "customerIds",
  word: "f.customer",
  path: "/api/v1/customer-payments",
  act: "act.receivePayment",
};
const SUPPLIER: Side = {
  role: "payable",
  title: "page.paySupplier",
  of: "supplierIds",
  word: "f.supplier",
  path: "/api/v1/supplier-payments",
  act: "act.paySupplier",
};

const keyOf = (line: Open) => `${line.kind}-${line.source_id}-${line.agreed.currency}`;

export function ReceivePayment() {
  return <Settle side={CUSTOMER} />;
}

export function PaySupplier() {
  return <Settle side={SUPPLIER} />;
}

/** The most lines that are shown. */
const MOST = 1_000;

/** What is open with a partner, page by page. */
async function openWith(side: Side, partner_id: string) {
  const lines: Open[] = [];
  let cursor: string | undefined;
  do {
    const by = { role: side.role, partner_id, limit: "200", ...(cursor && { cursor }) };
    const page = await list("/api/v1/open-documents", by);
    lines.push(...page.lines);
    cursor = page.next_cursor;
  } while (cursor && lines.length < MOST);
  return lines;
}

/** What is open with whom was chosen. */
function useOpen(side: Side, partner_id: string) {
  return useQuery({
    queryKey: ["list", "/api/v1/open-documents", { role: side.role, partner_id, all: true }],
    queryFn: () => openWith(side, partner_id),
    enabled: partner_id !== "",
  });
}

/** As the one who pays sees it: what is owed is above zero, a credit below. */
function owed(side: Side, line: Open) {
  return side.role === "payable" ? otherSide(line.agreed) : line.agreed;
}

function Settle({ side }: { side: Side }) {
  const say = useWords();
  const { me } = useSession();
  const { locale } = useTongue();
  const decimal = useDecimal();
  const navigate = useNavigate();
  const asked = useSearch({ strict: false }) as { partner?: string; open?: string };
  const [partner, setPartner] = useState(asked.partner ?? "");
  const [chosen, setChosen] = useState<string[]>(asked.open?.split(",") ?? []);
  const [parts, setParts] = useState<Record<string, string>>({});
  const [keep, setKeep] = useState(false);
  const { form, set } = useFields({ day: me.today, method: "transfer", reference: "" });
  /** None while nobody typed one. */
  const [own, setOwn] = useState<string>();
  const open = useOpen(side, partner);
  const lines = open.data ?? [];
  const selected = lines.filter((line) => chosen.includes(keyOf(line)));
  const only = selected.length === 1 ? selected[0] : undefined;
  // Of a single line all that is open is paid, as long as nobody types another amount.
  const typed = own ?? (only ? typeDecimal(owed(side, only).amount, locale) : "");
  // What was chosen elsewhere may be settled meanwhile: it does not drop out unseen.
  const lost = open.data ? chosen.length - selected.length : 0;
  const amount = decimal(typed);
  const currency = selected[0]?.agreed.currency ?? me.currency;
  const part = (line: Open) => {
    const text = parts[keyOf(line)]?.trim();
    return text ? decimal(text) : null;
  };
  const bad = selected.some((line) => part(line) === undefined);
  const complete = amount && !bad && lost === 0 && (selected.length > 0 || keep);
  const request: Request | undefined = complete
    ? {
        amount: { amount, currency },
        partner_id: partner,
        allocations: selected.map((line) => {
          const some = part(line);
          return {
            open: { kind: line.kind, id: line.source_id },
            ...(some && { amount: { amount: some, currency } }),
          };
        }),
        ...(side === CUSTOMER && { keep_rest_as_deposit: keep }),
        happened_on: form.day || null,
        method: form.method.trim(),
        reference: form.reference.trim(),
      }
    : undefined;
  const pay = useAct(
    side.path,
    (answer) => say("done.paidAs", { number: answer.number }),
    (answer) => navigate({ to: `/books/payments/${answer.payment_id}`, ignoreBlocker: true }),
  );
  useUnsaved(own !== undefined || chosen.length > 0 || form.reference !== "");
  const choose = (line: Open, on: boolean) =>
    setChosen(on ? [...chosen, keyOf(line)] : chosen.filter((key) => key !== keyOf(line)));
  return (
    <Box maw={980}>
      <Title order={1} mb="sm">
        {say(side.title)}
      </Title>
      <Stack gap="sm" data-loaded={!open.isFetching}>
        <Choice
          of={side.of}
          word={side.word}
          required
          w={320}
          value={partner}
          also={lines.slice(0, 1).map((line) => ({ value: partner, label: line.partner_name }))}
          change={(next) => {
            setPartner(next);
            setChosen([]);
            setParts({});
            setOwn(undefined);
          }}
        />
        {open.error && <Problem error={open.error} retry={() => open.refetch()} />}
        {open.data && (
          <Lines
            side={side}
            lines={lines}
            chosen={chosen}
            choose={choose}
            parts={parts}
            setPart={(line, text) => setParts({ ...parts, [keyOf(line)]: text })}
          />
        )}
        {lost > 0 && (
          <Alert color="orange" role="status">
            <Group justify="space-between">
              {say("settle.lost", { n: lost })}
              <Button variant="default" size="xs" onClick={() => setChosen(selected.map(keyOf))}>
                {say("settle.without")}
              </Button>
            </Group>
          </Alert>
        )}
        {partner !== "" && (
          <>
            <SimpleGrid cols={{ base: 1, xs: 2, md: 4 }} spacing="sm">
              <DecimalField
                word="f.amount"
                label={`${say("f.amount")} (${currency})`}
                required
                value={typed}
                change={setOwn}
              />
              <DayField word="f.day" required value={form.day} change={set("day")} />
              <TextField word="f.method" value={form.method} change={set("method")} />
              <TextField
                word="f.paymentReference"
                value={form.reference}
                change={set("reference")}
              />
            </SimpleGrid>
            {side === CUSTOMER && (
              <Checkbox
                label={say("settle.keepRest")}
                description={say("settle.keepRestHint")}
                checked={keep}
                onChange={(event) => setKeep(event.currentTarget.checked)}
              />
            )}
            <Rehearsal path={`${side.path}/rehearse`} request={request}>
              {(answer) => <Left of={answer} names={lines} />}
            </Rehearsal>
          </>
        )}
        <Group>
          <Button
            loading={pay.isPending}
            disabled={request === undefined}
            onClick={() => request && pay.mutate(request)}
          >
            {say(side.act)}
          </Button>
          <Button variant="default" onClick={() => navigate({ to: "/books/payments" })}>
            {say("act.cancel")}
          </Button>
        </Group>
      </Stack>
    </Box>
  );
}

interface LinesProps {
  side: Side;
  lines: Open[];
  chosen: string[];
  choose: (line: Open, on: boolean) => void;
  parts: Record<string, string>;
  setPart: (line: Open, text: string) => void;
}

/** What is open, to be chosen, and how much of each is paid when it is not all. */
function Lines({ side, lines, chosen, choose, parts, setPart }: LinesProps) {
  const say = useWords();
  if (lines.length === 0) {
    return (
      <Text className="sheet" p="md" size="sm" c="dimmed">
        {say("settle.nothingOpen")}
      </Text>
    );
  }
  return (
    <Box className="sheet scroller" tabIndex={0} role="region" aria-label={say("page.openItems")}>
      <table className="grid-line">
        <thead>
          <tr>
            <td className="list-choice">
              <span />
            </td>
            <th scope="col">{say("f.number")}</th>
            <th scope="col">{say("settle.theirNumber")}</th>
            <th scope="col">{say("f.openedOn")}</th>
            <th scope="col">{say("f.dueOn")}</th>
            <th scope="col" className="number">
              {say("f.stillOpen")}
            </th>
            <th scope="col" className="number">
              {say("settle.part")}
            </th>
          </tr>
        </thead>
        <tbody>
          {lines.map((line) => {
            const name = line.number || `${line.kind} ${line.source_id}`;
            const on = chosen.includes(keyOf(line));
            return (
              <tr key={keyOf(line)}>
                <td className="list-choice">
                  <input
                    type="checkbox"
                    aria-label={say("list.select", { name })}
                    checked={on}
                    onChange={(event) => choose(line, event.currentTarget.checked)}
                  />
                </td>
                <td>{name}</td>
                <td>{line.reference}</td>
                <td>
                  <DayText of={line.opened_on} />
                </td>
                <td>
                  <DayText of={line.due_on} />
                </td>
                <td className="number">
                  <Money of={owed(side, line)} />
                </td>
                <td className="number">
                  {on && (
                    <TextInput
                      w={110}
                      ml="auto"
                      inputMode="decimal"
                      styles={{ input: { textAlign: "right" } }}
                      aria-label={`${say("settle.part")}, ${name}`}
                      placeholder={say("settle.all")}
                      value={parts[keyOf(line)] ?? ""}
                      onChange={(event) => setPart(line, event.currentTarget.value)}
                    />
                  )}
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </Box>
  );
}
