// Adjustments of stock to the shelf, and the decision where one waits.
import { Group } from "@mantine/core";
import type { Row } from "../api/client";
import { columnsOf } from "../house/columns";
import { FilesButton } from "../house/FilesButton";
import { ListPage } from "../house/ListPage";
import { useAct } from "../house/useAct";
import { Verdict } from "../house/Verdict";
import { useMay } from "../session";
import { useWords } from "../words";

type Adjustment = Row<"/api/v1/adjustments">;
const adjustment = columnsOf<Adjustment>();

function Decide({ of }: { of: Adjustment }) {
  const say = useWords();
  const decide = useAct("/api/v1/adjustments/approve", (answer) =>
    say(answer.state === "refused" ? "done.refused" : "done.approved"),
  );
  const { adjustment_id } = of;
  return (
    <Group gap={6} wrap="nowrap">
      <Verdict
        inLine
        busy={decide.isPending}
        approve={() => decide.mutate({ adjustment_id, verdict: "approve" })}
        refuse={(reason) => decide.mutateAsync({ adjustment_id, verdict: "refuse", reason })}
      />
    </Group>
  );
}

export default function Adjustments() {
  const may = useMay();
  return (
    <ListPage
      path="/api/v1/adjustments"
      title="page.adjustments"
      rowKey={(row) => row.adjustment_id}
      filters={[
        { name: "state", word: "f.state", kind: ["waiting", "booked", "refused"], front: true },
        { name: "from_day", word: "f.from", kind: "day" },
        { name: "to_day", word: "f.to", kind: "day" },
      ]}
      columns={[
        adjustment.text("f.number", (row) => row.number),
        adjustment.state("f.state", (row) => row.state),
        adjustment.day("f.day", (row) => row.happened_on),
        adjustment.day("f.postedOn", (row) => row.posted_on),
        adjustment.text("f.memo", (row) => row.memo),
        adjustment.money("f.value", (row) => row.value),
        adjustment.node("record.files", (row) => (
          <FilesButton kind="adjustment" id={row.adjustment_id} name={row.number} />
        )),
        adjustment.node("f.action", (row) =>
          row.state === "waiting" && may("stock.approve") ? <Decide of={row} /> : null,
        ),
      ]}
    />
  );
}
