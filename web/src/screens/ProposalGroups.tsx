// Replenishment by who supplies it: a line for each supplier or warehouse, approved as a whole.
import { Button, Text } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useSearch } from "@tanstack/react-router";
import { list, type Row } from "../api/client";
import { columnsOf } from "../house/columns";
import { Dialog } from "../house/Dialog";
import { ListPage } from "../house/ListPage";
import { told } from "../house/Problem";
import { tell } from "../house/tell";
import { Way } from "../house/Way";
import { useMay } from "../session";
import { useWords } from "../words";
import { MOST, useApproveProposals } from "./approveProposals";

type Group = Row<"/api/v1/proposal-groups">;
type Proposal = Row<"/api/v1/proposals">;
const group = columnsOf<Group>();
const PAGE = "200";

const keyOf = ({ source, supplier }: Group) => `${source}/${supplier}`;
/** Nothing can be ordered of nobody. */
const isSupplied = ({ source, supplier }: Pick<Group, "source" | "supplier">) =>
  source !== "" || supplier !== "";

/** The open proposals of groups, as they are now; more than are decided at once are left for later. */
async function openOf(groups: Group[], warehouse?: string): Promise<Proposal[]> {
  const found: Proposal[] = [];
  for (const { source, supplier } of groups) {
    let cursor: string | undefined;
    do {
      const page = await list("/api/v1/proposals", {
        state: "open",
        limit: PAGE,
        ...(source ? { source } : { supplier }),
        ...(warehouse && { warehouse }),
        ...(cursor && { cursor }),
      });
      found.push(...page.lines);
      cursor = page.next_cursor;
    } while (cursor && found.length < MOST);
    if (found.length >= MOST) break;
  }
  return found.slice(0, MOST);
}

/** The proposals of a group; nothing narrows the list to what nobody offers. */
function linesOf({ source, supplier }: Group, warehouse?: string): string {
  const by = new URLSearchParams({ state: "open", ...(warehouse && { warehouse }) });
  if (source) by.set("source", source);
  else if (supplier) by.set("supplier", supplier);
  return `/buying/proposals?${by}`;
}

interface ApproveProps {
  of: Group[];
  warehouse?: string;
  inLine?: boolean;
  done?: () => void;
}

function Approve({ of, warehouse, inLine, done }: ApproveProps) {
  const say = useWords();
  const { approve, isPending } = useApproveProposals(done);
  const look = useMutation({
    mutationFn: () => openOf(of.filter(isSupplied), warehouse),
    onError: (error) => tell(say, "wrong", told(say, error)),
  });
  const names = of.filter(isSupplied).map(({ name }) => name);
  return (
    <Dialog
      word="act.approveGroup"
      look="filled"
      inLine={inLine}
      busy={look.isPending || isPending}
      ready={names.length > 0 && (look.data?.length ?? 0) > 0}
      onOpen={() => look.mutate()}
      act={() => approve(look.data ?? [])}
      body={
        <>
          <Text size="sm">{say("groups.approve", { names: names.join(", "), most: MOST })}</Text>
          {look.data && (
            <Text size="sm" fw={600}>
              {say("groups.found", { n: look.data.length })}
            </Text>
          )}
        </>
      }
    />
  );
}

export default function ProposalGroups() {
  const say = useWords();
  const may = useMay();
  const approves = may("planning.approve");
  const { warehouse } = useSearch({ strict: false }) as { warehouse?: string };
  return (
    <ListPage
      path="/api/v1/proposal-groups"
      title="page.proposalGroups"
      rowKey={keyOf}
      open={(row) => linesOf(row, warehouse)}
      filters={[{ name: "warehouse", word: "f.warehouse", kind: "text", front: true }]}
      empty={{ title: "empty.proposals", text: "empty.proposalsText" }}
      actions={
        <Button component={Way} to="/buying/proposals?state=open" variant="default">
          {say("groups.lines")}
        </Button>
      }
      bulk={
        approves
          ? (rows, done) => <Approve of={rows} warehouse={warehouse} done={done} />
          : undefined
      }
      columns={[
        group.text("groups.suppliedBy", (row) => row.name || say("groups.nobody"), { lead: true }),
        group.text("f.code", (row) => row.source || row.supplier),
        group.count("groups.proposals", (row) => row.proposals),
        group.count("groups.heldBack", (row) => row.held_back),
        group.money("f.value", (row) => row.value),
        group.day("groups.arrivesFrom", (row) => row.arrives_from),
        group.day("groups.arrivesTo", (row) => row.arrives_to),
        group.node("f.action", (row) =>
          approves && isSupplied(row) ? <Approve of={[row]} warehouse={warehouse} inLine /> : null,
        ),
      ]}
    />
  );
}
