// A supplier's bill beside what was ordered and what was received, line by line, with the differences that
// the server reckoned.
import { Box, Group, Text, Title } from "@mantine/core";
import type { ReactNode } from "react";
import type { Schemas } from "../api/client";
import { isZero } from "../format";
import { Money, Price, Quantity, State } from "../house/cells";
import { useWords, type Word } from "../words";

type Order = Schemas["OrderDetail"];
type Bill = Schemas["BillView"];
type Line = Bill["lines"][number];

interface Part {
  word: Word;
  right?: boolean;
  show: (line: Line) => ReactNode;
}

const number = (word: Word, show: Part["show"]): Part => ({ word, show, right: true });

/** What a difference is worth saying: nothing where there is none. */
function Difference({ of }: { of: Schemas["Money"] }) {
  return isZero(of.amount) ? null : <Money of={of} />;
}

const BILL: Part[] = [
  number("f.quantity", (line) => <Quantity of={line.quantity} />),
  number("f.price", (line) => <Price of={line.price} />),
  number("f.net", (line) => <Money of={line.net} />),
];
/** What differs. How much by the exchange rate, and why it was accepted, is told where there is any. */
function differences({ lines }: Bill): Part[] {
  const byRate = lines.some((line) => !isZero(line.exchange_difference.amount));
  const reasons = lines.some((line) => line.reason !== "");
  return [
    number("f.priceDifference", (line) => <Difference of={line.price_difference} />),
    ...(byRate
      ? [number("f.rateDifference", (line) => <Difference of={line.exchange_difference} />)]
      : []),
    { word: "f.state", show: (line) => <State of={line.state} /> },
    ...(reasons ? [{ word: "f.reason", show: (line) => line.reason } satisfies Part] : []),
  ];
}

/** How much of the bill's line stands against goods that came, and against goods still to come. */
const AGAINST: Part[] = [
  number("match.done", (line) => line.order && <Quantity of={line.done} />),
  number("match.open", (line) => line.order && <Quantity of={line.open} />),
];

/** What the order and its receipts say of a bill's line. */
function orderParts(order: Order): Part[] {
  const of = (line: Line) =>
    line.order === order.number
      ? order.lines.find((one) => one.line === line.order_line)
      : undefined;
  return [
    number("f.quantity", (line) => {
      const ordered = of(line);
      return ordered && <Quantity of={ordered.stock_quantity} unit={ordered.stock_unit} />;
    }),
    number("f.price", (line) => <Price of={of(line)?.price} />),
  ];
}

function receiptParts(order: Order): Part[] {
  const came = (line: Line) =>
    line.order !== order.number
      ? []
      : order.receipts.flatMap((receipt) =>
          receipt.lines
            .filter((one) => one.line === line.order_line)
            .map((one, at) => ({
              ...one,
              key: `${receipt.receipt_id}-${at}`,
              from: receipt.number,
            })),
        );
  return [
    {
      word: "f.received",
      show: (line) =>
        came(line).map((one) => (
          <Group key={one.key} gap={6} wrap="nowrap" style={{ whiteSpace: "nowrap" }}>
            {one.from} <Quantity of={one.quantity} />
            {one.outcome !== "accepted" && <State of={one.outcome} />}
          </Group>
        )),
    },
  ];
}

/** A bill line by line; beside its order, when that is at hand. */
export function Match({ bill, order }: { bill: Bill; order?: Order }) {
  const say = useWords();
  const groups: [Word, Part[]][] = [
    ...(order ? ([["match.order", orderParts(order)]] satisfies [Word, Part[]][]) : []),
    ["match.receipt", [...(order ? receiptParts(order) : []), ...AGAINST]],
    ["match.bill", BILL],
    ["match.difference", differences(bill)],
  ];
  return (
    <Box
      className="sheet scroller"
      tabIndex={0}
      role="region"
      aria-label={say("match.title", { number: bill.number })}
    >
      <table className="grid-line grid-match">
        <thead>
          <tr>
            <th scope="col" rowSpan={2}>
              {say("f.line")}
            </th>
            {groups.map(([word, parts]) => (
              <th key={word} scope="colgroup" colSpan={parts.length} className="match-group">
                {say(word)}
              </th>
            ))}
          </tr>
          <tr>
            {groups.map(([group, parts]) =>
              parts.map(({ word, right }, at) => (
                <th key={`${group} ${word}`} scope="col" className={looks(right, at)}>
                  {say(word)}
                </th>
              )),
            )}
          </tr>
        </thead>
        <tbody>
          {bill.lines.map((line) => (
            <tr key={line.line}>
              <th scope="row">
                {line.line} {line.sku || line.description}
                {line.order && (
                  <Text size="xs" c="dimmed">
                    {line.order} / {line.order_line}
                  </Text>
                )}
              </th>
              {groups.map(([group, parts]) =>
                parts.map(({ word, right, show }, at) => (
                  <td key={`${group} ${word}`} className={looks(right, at)}>
                    {show(line)}
                  </td>
                )),
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </Box>
  );
}

/** A number stands at the right, and each group begins with a rule. */
function looks(right: boolean | undefined, at: number): string {
  return [right && "number", at === 0 && "match-group"].filter(Boolean).join(" ");
}

/** All bills of an order, each beside the order and what came. */
export function OrderMatch({ of }: { of: Order }) {
  return of.bills.map((bill) => (
    <Box key={bill.bill_id} mb="md">
      <Group gap="sm" mb={6}>
        <Title order={2} size="h4">
          {bill.number}
        </Title>
        <Text size="sm" c="dimmed">
          {bill.reference}
        </Text>
        <State of={bill.state} />
      </Group>
      <Match bill={bill} order={of} />
    </Box>
  ));
}
