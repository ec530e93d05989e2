// Proposals are approved: one by one, many at once, or by who supplies them.
import type { Row } from "../api/client";
import { useAct } from "../house/useAct";
import { useWords } from "../words";

type Proposal = Row<"/api/v1/proposals">;

/** How many are decided at once: the server takes twice as many, and would keep others waiting. */
export const MOST = 500;

/** The act; what is approved is what was looked at: another's change in between is refused. */
export function useApproveProposals(done?: () => void) {
  const say = useWords();
  const { mutateAsync, isPending } = useAct(
    "/api/v1/proposals/approve",
    ({ approved, orders, transfers }) =>
      say("done.proposalsApproved", {
        n: approved,
        orders: orders.length,
        transfers: transfers.length,
      }),
    done,
  );
  const approve = (seen: Proposal[]) =>
    mutateAsync({
      proposals: seen.map(({ proposal_id, version }) => ({ proposal_id, version })),
    });
  return { approve, isPending };
}
