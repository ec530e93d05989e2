// Home: what waits for this reader, and the figures of the company, each leading to its rows.
import { Box, SimpleGrid, Skeleton, Text, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { type ListPath, list } from "../api/client";
import { Money } from "../house/cells";
import { type Counted, useHowMany } from "../house/useHowMany";
import { Way } from "../house/Way";
import { useMay, useSession } from "../session";
import { useFormats, useWords, type Word } from "../words";
import { AboutFigure, shownBalance } from "./Figure";

interface Waiting extends Counted {
  word: Word;
  to: string;
  /** Who sees the list, and who has something to do about it. */
  read: string;
  act: string;
}

const WAITING: Waiting[] = [
  waits("home.approvals", "/api/v1/approvals", { which: "for_me" }, "/system/approvals", [
    "identity.decide",
    "identity.decide",
  ]),
  waits("home.proposals", "/api/v1/proposals", { state: "open" }, "/buying/proposals", [
    "planning.read",
    "planning.approve",
  ]),
  waits("home.lateOrders", "/api/v1/purchase-orders", { late: "true" }, "/buying/orders", [
    "purchasing.read",
    "purchasing.order",
  ]),
  waits("home.unacknowledged", "/api/v1/purchase-orders", { state: "sent" }, "/buying/orders", [
    "purchasing.read",
    "purchasing.order",
  ]),
  waits("home.mismatched", "/api/v1/bills", { state: "mismatch" }, "/buying/bills", [
    "purchasing.read",
    "purchasing.match",
  ]),
  waits("home.adjustments", "/api/v1/adjustments", { state: "waiting" }, "/stock/adjustments", [
    "stock.read",
    "stock.approve",
  ]),
  waits("home.counts", "/api/v1/counts", { state: "open" }, "/stock/counts", [
    "counting.read",
    "counting.count",
  ]),
  waits("home.transfers", "/api/v1/transfers", { state: "under_way" }, "/stock/transfers", [
    "stock.read",
    "stock.receive_transfer",
  ]),
  waits("home.returns", "/api/v1/returns", { undecided: "true" }, "/sales/returns", [
    "quality.read",
    "quality.dispose",
  ]),
  waits(
    "home.blindReceipts",
    "/api/v1/blind-receipts",
    { state: "open" },
    "/stock/blind-receipts",
    ["receiving.read", "receiving.match"],
  ),
  waits(
    "home.unknownGoods",
    "/api/v1/unknown-goods",
    { state: "waiting" },
    "/stock/unknown-goods",
    ["receiving.read", "receiving.match"],
  ),
  waits("home.unexplained", "/api/v1/unexplained", { explained: "false" }, "/stock/unexplained", [
    "stock.read",
    "stock.explain",
  ]),
];

function waits(
  word: Word,
  path: ListPath,
  query: Record<string, string>,
  to: string,
  [read, act]: [string, string],
): Waiting {
  return { word, path, query, to: `${to}?${new URLSearchParams(query)}`, read, act };
}

function Tile({
  to,
  name,
  value,
  quiet,
  beside,
}: {
  to: string;
  name: string;
  value: ReactNode;
  quiet?: boolean;
  /** Something stands in its corner. */
  beside?: boolean;
}) {
  return (
    <Box
      component={Way}
      to={to}
      className="sheet tile"
      p="sm"
      pr={beside ? 34 : undefined}
      display="block"
      data-quiet={quiet}
    >
      <Text size="sm" c="dimmed">
        {name}
      </Text>
      <Text component="div" fw={600} lh={1.3} className="figure">
        {value}
      </Text>
    </Box>
  );
}

function WaitingTiles({ of }: { of: Waiting[] }) {
  const say = useWords();
  const counted = useHowMany(of);
  return of.map(({ word, to }, at) => {
    const one = counted[at];
    if (!one || one.isPending) return <Skeleton key={word} h={74} />;
    const value = one.error ? "–" : one.text;
    return <Tile key={word} to={to} name={say(word)} value={value} quiet={one.lines === 0} />;
  });
}

const FIGURES = [
  ["stock_valuation", "home.stockValue", "home.stockValueIs", "/books/stock-value"],
  ["grni", "home.grni", "home.grniIs", "/buying/grni"],
  ["payable", "home.payable", "home.payableIs", "/books/open-items?role=payable"],
  ["receivable", "home.receivable", "home.receivableIs", "/books/open-items?role=receivable"],
  ["revenue", "home.revenue", "home.revenueIs", ""],
  ["cogs", "home.cogs", "home.cogsIs", ""],
  ["bank", "home.bank", "home.bankIs", ""],
] as const satisfies readonly (readonly [string, Word, Word, string])[];

function Figures() {
  const say = useWords();
  const { day } = useFormats();
  const { me } = useSession();
  const asked = useQuery({
    queryKey: ["list", "/api/v1/trial-balance", {}],
    queryFn: () => list("/api/v1/trial-balance", {}),
  });
  const lines = asked.data?.lines ?? [];
  const tiles = FIGURES.flatMap(([role, word, definition, to]) => {
    const line = lines.find((one) => one.role === role);
    if (!line) return [];
    const ledger = `/books/ledger?account_id=${line.account_id}`;
    const name = say(word);
    return [
      <Box key={role} pos="relative">
        <Tile beside to={to || ledger} name={name} value={<Money of={shownBalance(line)} />} />
        <AboutFigure of={line} name={name} definition={definition} today={me.today} />
      </Box>,
    ];
  });
  if (tiles.length === 0) return null;
  return (
    <>
      <Title order={2} mt="lg">
        {say("home.figures")}
      </Title>
      <Text size="xs" c="dimmed" mb="xs">
        {say("home.onDay", { day: day(me.today) })}
      </Text>
      <SimpleGrid cols={{ base: 2, md: 3, lg: 4 }} spacing="sm">
        {tiles}
      </SimpleGrid>
    </>
  );
}

export default function Home() {
  const say = useWords();
  const may = useMay();
  const { me } = useSession();
  const { day } = useFormats();
  const mine = WAITING.filter(({ read, act }) => may(read) && may(act));
  return (
    <Box data-loaded="true">
      <Title order={1}>{say("home.hello", { name: me.display_name })}</Title>
      <Text c="dimmed" size="sm" mb="md">
        {me.company} · {day(me.today)}
      </Text>
      {mine.length > 0 && (
        <>
          <Title order={2} mb="xs">
            {say("home.waits")}
          </Title>
          <SimpleGrid cols={{ base: 2, md: 3, lg: 4 }} spacing="sm">
            <WaitingTiles of={mine} />
          </SimpleGrid>
        </>
      )}
      {may("accounting.view") && <Figures />}
    </Box>
  );
}
