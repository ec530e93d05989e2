// Which warehouses fill a channel's orders, and which is asked first.
import { ActionIcon, Group, Select, Stack, Switch, Text } from "@mantine/core";
import { IconArrowDown, IconArrowUp, IconX } from "@tabler/icons-react";
import { useState } from "react";
import type { Row } from "../api/client";
import { Choice, useOptions } from "../house/Choice";
import { columnsOf } from "../house/columns";
import { Dialog } from "../house/Dialog";
import { ListPage } from "../house/ListPage";
import { told } from "../house/Problem";
import { useAct } from "../house/useAct";
import { useMay } from "../session";
import { useWords } from "../words";

type Ranking = Row<"/api/v1/rankings">;
const ranking = columnsOf<Ranking>();

/** Warehouses in the order in which they are asked. */
function Ranks({ value, change }: { value: string[]; change: (value: string[]) => void }) {
  const say = useWords();
  const asked = useOptions("warehouses");
  const known = asked.data ?? [];
  const name = (code: string) => known.find((one) => one.value === code)?.label ?? code;
  const moved = (at: number, by: number) => {
    const rest = value.filter((_, own) => own !== at);
    change([...rest.slice(0, at + by), value[at] ?? "", ...rest.slice(at + by)]);
  };
  return (
    <Stack gap={6}>
      {value.map((code, at) => (
        <Group key={code} className="sheet" px="sm" py={4} justify="space-between" wrap="nowrap">
          <Text size="sm">
            {at + 1}. {name(code)}
          </Text>
          <Group gap={2} wrap="nowrap">
            <ActionIcon
              variant="subtle"
              aria-label={say("rank.earlier", { name: name(code) })}
              disabled={at === 0}
              onClick={() => moved(at, -1)}
            >
              <IconArrowUp size={15} />
            </ActionIcon>
            <ActionIcon
              variant="subtle"
              aria-label={say("rank.later", { name: name(code) })}
              disabled={at === value.length - 1}
              onClick={() => moved(at, 1)}
            >
              <IconArrowDown size={15} />
            </ActionIcon>
            <ActionIcon
              variant="subtle"
              color="gray"
              aria-label={say("rank.remove", { name: name(code) })}
              onClick={() => change(value.filter((own) => own !== code))}
            >
              <IconX size={15} />
            </ActionIcon>
          </Group>
        </Group>
      ))}
      {value.length === 0 && (
        <Text size="sm" c="dimmed">
          {say("rank.none")}
        </Text>
      )}
      <Select
        label={say("rank.add")}
        searchable
        value={null}
        error={asked.error && told(say, asked.error)}
        onChange={(code) => code && change([...value, code])}
        data={known.filter((one) => !value.includes(one.value))}
      />
    </Stack>
  );
}

/** Ranks the warehouses of a channel, in place of those ranked before. */
function Rank({ of }: { of?: Ranking }) {
  const say = useWords();
  const [channel, setChannel] = useState("");
  const [warehouses, setWarehouses] = useState<string[]>([]);
  const [split, setSplit] = useState(false);
  const rank = useAct("/api/v1/rankings", () => say("done.saved"));
  return (
    <Dialog
      word={of ? "act.changeRanking" : "act.rank"}
      look={of ? "default" : "filled"}
      inLine={of !== undefined}
      busy={rank.isPending}
      ready={channel !== "" && (of !== undefined || warehouses.length > 0)}
      onOpen={() => {
        setChannel(of?.channel ?? "");
        setWarehouses(of?.warehouses ?? []);
        setSplit(of?.split ?? false);
      }}
      act={() => rank.mutateAsync({ channel, warehouses, split })}
      body={
        <>
          {of ? (
            <Text size="sm">{of.channel}</Text>
          ) : (
            <Choice of="channels" word="f.channel" required value={channel} change={setChannel} />
          )}
          <Ranks value={warehouses} change={setWarehouses} />
          <Switch
            label={say("rank.split")}
            checked={split}
            onChange={(event) => setSplit(event.currentTarget.checked)}
          />
        </>
      }
    />
  );
}

export default function Rankings() {
  const may = useMay();
  return (
    <ListPage
      path="/api/v1/rankings"
      title="page.rankings"
      rowKey={(row) => row.channel}
      whole
      filters={[{ name: "channel", word: "f.channel", kind: "text", front: true }]}
      actions={may("fulfilment.rank") && <Rank />}
      columns={[
        ranking.text("f.channel", (row) => row.channel),
        ranking.text("f.warehousesInOrder", (row) => row.warehouses.join(" → ")),
        ranking.yesNo("f.split", (row) => row.split),
        ranking.count("f.revision", (row) => row.revision),
        ranking.node("f.action", (row) => may("fulfilment.rank") && <Rank of={row} />),
      ]}
    />
  );
}
