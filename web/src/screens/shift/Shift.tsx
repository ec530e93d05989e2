// The shift on the device: taken along for a warehouse, worked on with or without a network, and what
// others left here is seen but not opened.
import { Alert, Box, Button, Group, Loader, Text, Title } from "@mantine/core";
import type { ReactNode } from "react";
import { useEffect, useState } from "react";
import { isZero } from "../../format";
import { Moment } from "../../house/cells";
import { told } from "../../house/Problem";
import { tell as tellOff } from "../../house/tell";
import { Way } from "../../house/Way";
import { useSession } from "../../session";
import { type Told, tell } from "../../shift/codes";
import { lock, look, openAs, useKeeper } from "../../shift/keeper";
import { useSync } from "../../shift/sync";
import { vaultOf } from "../../shift/vault";
import { PhraseForm } from "../../Unlock";
import { useWords, type Word } from "../../words";
import { ScanBar } from "../Scan";
import { uncounted } from "./Count";
import type { Work } from "./Page";
import { stopsLeft } from "./Pick";
import { dockGoods } from "./PutAway";
import { orderGoods } from "./Receive";
import { TakeAlong } from "./TakeAlong";

interface Document {
  to: string;
  title: string;
  under: string;
  /** What of it is still to be done, in words. */
  left: string;
  done: boolean;
  skus: string[];
}

/** The documents of each sort, with what is left of them. */
function useDocuments(work: Work): [Word, Document[]][] {
  const say = useWords();
  const { orders, counts, picks, putAway, transfers } = work.shift;
  const lines = (n: number) => say("shift.linesLeft", { n });
  const skus = (of: { lines: { sku: string }[] }) => of.lines.map(({ sku }) => sku);
  const document = (to: string, title: string, under: string, n: number, all: string[]) => ({
    to: `/shift/${to}`,
    title,
    under,
    left: n > 0 ? lines(n) : say("shift.nothingLeft"),
    done: n === 0,
    skus: all,
  });
  const queued = (id: string) => work.acts.some((act) => act.about.id === id && !act.settled);
  return [
    [
      "shift.toReceive",
      orders.map((one) => {
        const open = orderGoods(one, work).filter(({ expected }) => !isZero(expected));
        const { order_id, number, supplier_name } = one;
        return document(`receive/${order_id}`, number, supplier_name, open.length, skus(one));
      }),
    ],
    [
      "shift.toPutAway",
      putAway && putAway.lines.length > 0
        ? [
            document(
              "put-away",
              say("page.putAway"),
              work.shift.warehouse,
              dockGoods(work).length,
              skus(putAway),
            ),
          ]
        : [],
    ],
    [
      "shift.toPick",
      picks.map((one) =>
        document(
          `pick/${one.list.list_id}`,
          one.list.number,
          one.list.title,
          stopsLeft(one, work),
          skus(one),
        ),
      ),
    ],
    [
      "shift.toCount",
      counts.map((one) =>
        document(
          `count/${one.count_id}`,
          one.number,
          one.memo,
          uncounted(one, work).length,
          skus(one),
        ),
      ),
    ],
    [
      "page.transfers",
      transfers.map(({ head, lines: all }) => {
        const { transfer_id, number, from, to, state } = head;
        const isDone = (state !== "planned" && state !== "under_way") || queued(transfer_id);
        const n = isDone ? 0 : all.length;
        return document(
          `transfer/${transfer_id}`,
          number,
          `${from} → ${to}`,
          n,
          skus({ lines: all }),
        );
      }),
    ],
  ];
}

/** What was scanned, and in which of the documents it stands. */
function LookUp({ work, documents }: { work: Work; documents: Document[] }) {
  const say = useWords();
  const [found, setFound] = useState<Told | "none">();
  const where =
    found && found !== "none" ? documents.filter(({ skus }) => skus.includes(found.item.sku)) : [];
  return (
    <Box mb="sm">
      <ScanBar
        hint={say("shift.lookUp")}
        send={async ({ code }) => setFound(tell(work.shift.items, code) ?? "none")}
      />
      {found === "none" && <Alert color="orange">{say("shift.unknownCode")}</Alert>}
      {found && found !== "none" && (
        <Box className="sheet" p="sm" role="status">
          <Text size="sm" style={{ overflowWrap: "anywhere" }}>
            <b>{found.item.sku}</b> {found.item.name}
            {found.packaging && ` · ${found.packaging}: ${found.quantity} ${found.item.stock_unit}`}
          </Text>
          <Group gap="sm">
            {where.map(({ to, title }) => (
              <Way key={to} to={to} className="plain-link">
                {title}
              </Way>
            ))}
          </Group>
        </Box>
      )}
    </Box>
  );
}

function Taken({ work, again }: { work: Work; again: ReactNode }) {
  const say = useWords();
  const { halt } = useSync();
  const documents = useDocuments(work);
  const { warehouse, takenAt } = work.shift;
  const waiting = work.acts.filter(({ state }) => state !== "sent").length;
  return (
    <Box>
      <Text size="sm" c="dimmed" mb="xs">
        {say("shift.takenAt", { warehouse })} <Moment of={takenAt} />
      </Text>
      {halt && (
        <Alert color="orange" mb="sm" role="status">
          {say(`shift.halt.${halt}`)}
        </Alert>
      )}
      <Group gap="xs" mb="sm">
        <Button component={Way} to="/shift/queue" variant={waiting > 0 ? "filled" : "default"}>
          {say("shift.queueOf", { n: waiting })}
        </Button>
        {again}
        <Button variant="default" onClick={lock}>
          {say("shift.lock")}
        </Button>
      </Group>
      <LookUp work={work} documents={documents.flatMap(([, all]) => all)} />
      {documents.map(([word, all]) => (
        <Box key={word} component="section" mb="md" aria-label={say(word)}>
          <Title order={2} mb={6}>
            {say(word)}
          </Title>
          {all.length === 0 && (
            <Text size="sm" c="dimmed">
              {say("shift.none")}
            </Text>
          )}
          {all.map(({ to, title, under, left, done }) => (
            <Box
              key={to}
              component={Way}
              to={to}
              className="sheet tile"
              display="block"
              p="sm"
              mb={6}
            >
              <Text size="sm" fw={600}>
                {title}
              </Text>
              <Text size="sm" c="dimmed" style={{ overflowWrap: "anywhere" }}>
                {[under, left].filter(Boolean).join(" · ")}
                {done && " ✓"}
              </Text>
            </Box>
          ))}
        </Box>
      ))}
    </Box>
  );
}

/** What others left on the device. */
function Others() {
  const say = useWords();
  const own = vaultOf(useSession());
  const { heads, unsent } = useKeeper();
  return heads
    .filter(({ id }) => id !== own)
    .map(({ id, name }) => {
      const n = unsent.get(id) ?? 0;
      return (
        <Alert key={id} color={n > 0 ? "orange" : "gray"} mb="sm" role="status">
          {say(n > 0 ? "shift.othersUnsent" : "shift.others", { name, n })}
        </Alert>
      );
    });
}

export default function Shift() {
  const say = useWords();
  const { open, looked, heads } = useKeeper();
  const who = useSession();
  const own = vaultOf(who);
  useEffect(() => {
    look();
  }, []);
  const mine = heads.filter(({ id }) => id === own);
  const isClosed = mine.length > 0 && !open;
  const away = (error: unknown) => tellOff(say, "wrong", told(say, error));
  const again = <TakeAlong word={open?.shift ? "act.takeAgain" : "act.takeAlong"} />;
  return (
    <Box maw={720} data-loaded={looked}>
      <Title order={1} mb="sm">
        {say("page.shift")}
      </Title>
      <Others />
      {!looked && <Loader role="status" aria-label={say("app.loading")} type="dots" />}
      {open?.shift && <Taken work={{ shift: open.shift, acts: open.acts }} again={again} />}
      {looked && isClosed && (
        <Box maw={380}>
          <Text size="sm" mb="sm">
            {say("shift.closed")}
          </Text>
          <PhraseForm heads={mine} />
          <Button variant="default" mt="sm" fullWidth onClick={() => openAs(who).catch(away)}>
            {say("shift.openByServer")}
          </Button>
        </Box>
      )}
      {looked && !isClosed && !open?.shift && (
        <>
          <Text size="sm" mb="sm">
            {say("shift.about")}
          </Text>
          {again}
        </>
      )}
    </Box>
  );
}
