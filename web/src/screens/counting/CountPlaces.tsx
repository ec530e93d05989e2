// How places are counted: every how many days, whether an empty one is looked at, and how far off a count
// may be. Places inside are counted alike.
import type { Row } from "../../api/client";
import { columnsOf } from "../../house/columns";
import type { FormField } from "../../house/FormDialog";
import { ListPage } from "../../house/ListPage";
import { RuleDialog } from "../../house/RuleDialog";
import { useAct } from "../../house/useAct";
import { useMay } from "../../session";
import { useWords } from "../../words";

type CountPlace = Row<"/api/v1/count-places">;
const place = columnsOf<CountPlace>();

type Name = "place" | "cycle" | "zero" | "threshold" | "last";
const ABOUT: FormField<Name>[] = [
  { name: "place", word: "f.place", required: true, scan: true, hint: "count.placeHint" },
];
const FIELDS: FormField<Name>[] = [
  { name: "cycle", word: "count.cycleDays", kind: "whole", hint: "count.cycleHint" },
  { name: "threshold", word: "count.threshold", kind: "whole", hint: "count.thresholdHint" },
  { name: "last", word: "count.lastCounted", kind: "day", hint: "count.lastCountedHint" },
  { name: "zero", word: "count.zero", kind: "yes" },
];

const whole = (text: string) => (text === "" ? null : Number(text));

/** Sets a rule in place of the one that the place had; one that says nothing goes. */
function SetPlace({ of }: { of?: CountPlace }) {
  const say = useWords();
  const save = useAct("/api/v1/count-places", () => say("done.saved"));
  return (
    <RuleDialog
      of={of?.place}
      about={ABOUT}
      fields={FIELDS}
      start={{
        place: of?.place ?? "",
        cycle: of?.cycle_days?.toString() ?? "",
        threshold: of?.threshold_percent?.toString() ?? "",
        last: of?.last_counted_on ?? "",
        zero: of?.zero_confirmation ? "true" : "",
      }}
      busy={save.isPending}
      act={(form) =>
        save.mutateAsync({
          places: [
            {
              place: form.place,
              cycle_days: whole(form.cycle),
              threshold_percent: whole(form.threshold),
              last_counted_on: form.last || null,
              zero_confirmation: form.zero === "true",
            },
          ],
        })
      }
    />
  );
}

export default function CountPlaces() {
  const defines = useMay()("counting.define");
  return (
    <ListPage
      path="/api/v1/count-places"
      title="page.countPlaces"
      rowKey={(row) => row.place}
      actions={defines && <SetPlace />}
      filters={[
        { name: "warehouse", word: "f.warehouse", kind: "text", front: true },
        { name: "place", word: "count.in", kind: "text", front: true },
      ]}
      empty={{ title: "empty.countPlaces", text: "empty.countPlacesText" }}
      columns={[
        place.text("f.place", (row) => row.place),
        place.text("f.warehouse", (row) => row.warehouse),
        place.count("count.cycleDays", (row) => row.cycle_days),
        place.yesNo("count.zero", (row) => row.zero_confirmation),
        place.count("count.threshold", (row) => row.threshold_percent),
        place.day("f.since", (row) => row.since),
        place.day("count.lastCounted", (row) => row.last_counted_on),
        place.node("f.action", (row) => defines && <SetPlace of={row} />),
      ]}
    />
  );
}
