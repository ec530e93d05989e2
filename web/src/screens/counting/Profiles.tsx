// Profiles: into which classes items fall by the value that left, and how often each class is counted.
import { Text } from "@mantine/core";
import { useState } from "react";
import type { Row } from "../../api/client";
import { typeDecimal } from "../../format";
import { columnsOf } from "../../house/columns";
import { Dialog } from "../../house/Dialog";
import { DecimalField, TextField, useFields } from "../../house/fields";
import { type Cell, type Line, LineEditor, readLines } from "../../house/LineEditor";
import { ListPage } from "../../house/ListPage";
import { useAct } from "../../house/useAct";
import { useMay } from "../../session";
import { useTongue, useWords } from "../../words";
import { Classify } from "./Classify";

type Profile = Row<"/api/v1/count-profiles">;
const profile = columnsOf<Profile>();

type Name = "name" | "percent" | "cycle";
const CELLS: Cell<Name>[] = [
  { name: "name", word: "f.class", width: 110 },
  { name: "percent", word: "profile.share", decimal: true, width: 110 },
  { name: "cycle", word: "count.cycleDays", decimal: true, width: 110 },
];
/** How a profile begins: few items make up most of the value. */
const USUAL: Line<Name>[] = [
  { name: "A", percent: "80", cycle: "30" },
  { name: "B", percent: "15", cycle: "90" },
  { name: "C", percent: "5", cycle: "365" },
];
const DAYS = /^[1-9]\d{0,3}$/;

/** A new profile, or other levels of one. */
function DefineProfile({ of }: { of?: Profile }) {
  const say = useWords();
  const { locale } = useTongue();
  const { form, set, reset } = useFields({ name: "", window: "" });
  const [lines, setLines] = useState<Line<Name>[]>([]);
  const define = useAct("/api/v1/count-profiles", () => say("done.saved"));
  const read = readLines(CELLS, lines, locale);
  const isLevel = ({ name, percent, cycle }: Line<Name>) =>
    name !== "" && percent !== "" && (cycle === "" || DAYS.test(cycle));
  const levels = read && read.length > 0 && read.every(isLevel) ? read : undefined;
  const isComplete = form.name.trim() !== "" && DAYS.test(form.window.trim());
  const begin = () => {
    reset({ name: of?.profile ?? "", window: String(of?.window_days ?? 365) });
    const are = of?.levels.map(({ name, percent, cycle_days }) => ({
      name,
      percent: typeDecimal(percent, locale),
      cycle: cycle_days?.toString() ?? "",
    }));
    setLines(are ?? USUAL);
  };
  return (
    <Dialog
      word={of ? "act.amend" : "act.newProfile"}
      look={of ? "default" : "filled"}
      inLine={of !== undefined}
      size="lg"
      busy={define.isPending}
      ready={isComplete && levels !== undefined}
      onOpen={begin}
      act={async () => {
        if (!levels) return;
        await define.mutateAsync({
          name: form.name.trim(),
          window_days: Number(form.window),
          levels: levels.map(({ name, percent, cycle }) => ({
            name,
            percent,
            cycle_days: cycle === "" ? null : Number(cycle),
          })),
        });
      }}
      body={
        <>
          {of ? (
            <Text size="sm">{of.profile}</Text>
          ) : (
            <TextField word="f.name" required focus value={form.name} change={set("name")} />
          )}
          <DecimalField
            word="profile.window"
            hint={say("profile.windowHint")}
            required
            value={form.window}
            change={set("window")}
          />
          <Text size="sm" c="dimmed">
            {say("profile.levels")}
          </Text>
          <LineEditor cells={CELLS} lines={lines} change={setLines} />
        </>
      }
    />
  );
}

/** A profile that nobody counts by any more goes. */
function RemoveProfile({ name }: { name: string }) {
  const say = useWords();
  const remove = useAct("/api/v1/count-profiles/remove", () => say("done.saved"));
  return (
    <Dialog
      word="act.removeProfile"
      inLine
      look="danger"
      busy={remove.isPending}
      ready
      act={() => remove.mutateAsync({ name })}
      body={say("profile.removeText", { name })}
    />
  );
}

export default function Profiles() {
  const say = useWords();
  const { locale } = useTongue();
  const defines = useMay()("counting.define");
  const told = ({ levels }: Profile) =>
    levels
      .map(({ name, percent, cycle_days }) => {
        const share = typeDecimal(percent, locale);
        return cycle_days
          ? say("profile.levelDays", { name, share, days: cycle_days })
          : say("profile.level", { name, share });
      })
      .join(" · ");
  return (
    <ListPage
      path="/api/v1/count-profiles"
      title="page.countProfiles"
      rowKey={(row) => row.profile}
      open={(row) => `/data/count-classes?profile=${encodeURIComponent(row.profile)}`}
      actions={defines && <DefineProfile />}
      filters={[{ name: "name", word: "f.name", kind: "text", front: true }]}
      empty={{ title: "empty.countProfiles", text: "empty.countProfilesText" }}
      columns={[
        profile.text("f.name", (row) => row.profile, { lead: true }),
        profile.text("profile.classes", told),
        profile.count("profile.window", (row) => row.window_days),
        profile.day("count.classifiedOn", (row) => row.classified_on),
        profile.count("classify.items", (row) => row.items),
        profile.node(
          "f.action",
          (row) =>
            defines && (
              <>
                <DefineProfile of={row} /> <Classify profile={row.profile} inLine />{" "}
                <RemoveProfile name={row.profile} />
              </>
            ),
        ),
      ]}
    />
  );
}
