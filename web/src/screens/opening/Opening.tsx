// An opening: what it made of the files, and taking it back.
import { Anchor, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { record, type Schemas } from "../../api/client";
import { DayText, Moment, Money } from "../../house/cells";
import { columnsOf } from "../../house/columns";
import { ReasonDialog } from "../../house/Dialog";
import { LineTable } from "../../house/LineTable";
import { RecordPage } from "../../house/RecordPage";
import { useAct } from "../../house/useAct";
import { useMay } from "../../session";
import { stateWord, useFormats, useWords } from "../../words";

type Detail = Schemas["OpeningDetail"];
type Kind = Detail["kinds"][number];
const kind = columnsOf<Kind>();

function TakeBack({ of }: { of: Detail }) {
  const say = useWords();
  const may = useMay();
  const undo = useAct("/api/v1/openings/undo", () => say("opening.undone"));
  if (of.head.undone_at || !may("opening.undo")) return null;
  return (
    <ReasonDialog
      word="opening.undo"
      look="danger"
      busy={undo.isPending}
      act={(reason) => undo.mutateAsync({ reason })}
    />
  );
}

/** The kind as a link to its documents. */
function Documents({ opening, of }: { opening: string; of: Kind }) {
  const say = useWords();
  return (
    <Anchor
      component={Link}
      to="/books/openings/documents"
      search={{ opening_id: opening, kind: of.kind } as never}
      size="sm"
    >
      {stateWord(say, of.kind)}
    </Anchor>
  );
}

export default function Opening() {
  const { id } = useParams({ strict: false }) as { id: string };
  const say = useWords();
  const { day } = useFormats();
  const query = useQuery({
    queryKey: ["record", "opening", id],
    queryFn: () => record("/api/v1/openings/{id}", id),
  });
  return (
    <RecordPage
      query={query}
      back="/books/openings"
      subjects={() => [["opening", id]]}
      title={({ head }) => say("opening.title", { day: day(head.opened_on) })}
      state={({ head }) => (head.undone_at ? "undone" : "stands")}
      acts={(detail) => <TakeBack of={detail} />}
      facts={({ head }) => [
        { word: "opening.openedOn", value: <DayText of={head.opened_on} /> },
        { word: "f.difference", value: <Money of={head.difference} /> },
        { word: "opening.openedBy", value: head.opened_by },
        { word: "opening.recordedAt", value: <Moment of={head.recorded_at} /> },
        { word: "opening.undoneAt", value: head.undone_at && <Moment of={head.undone_at} /> },
        { word: "f.reason", value: head.reason },
      ]}
      tabs={({ head, kinds }) => [
        {
          word: "f.documents",
          count: head.documents,
          body:
            kinds.length === 0 ? (
              <Text size="sm">{say("opening.madeNone")}</Text>
            ) : (
              <LineTable
                rows={kinds}
                rowKey={(row) => row.kind}
                columns={[
                  kind.node("f.kind", (row) => <Documents opening={id} of={row} />),
                  kind.count("f.documents", (row) => row.documents),
                ]}
              />
            ),
        },
      ]}
    />
  );
}
