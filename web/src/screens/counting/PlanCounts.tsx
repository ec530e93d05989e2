// What is due is put on sheets; what that would be is told before.
import { Checkbox, Text } from "@mantine/core";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import type { Schemas } from "../../api/client";
import { Choice, useOptions } from "../../house/Choice";
import { columnsOf } from "../../house/columns";
import { Dialog } from "../../house/Dialog";
import { DecimalField, useFields } from "../../house/fields";
import { LineTable } from "../../house/LineTable";
import { Rehearsal } from "../../house/Rehearsal";
import { useAct } from "../../house/useAct";
import { useWords } from "../../words";
import { kindWord } from "./kinds";

const sheet = columnsOf<Schemas["PlannedSheet"]>();

/** What is put on sheets, and what is left for the next time. */
function Planned({ of }: { of: Schemas["CountsPlanned"] }) {
  const say = useWords();
  return (
    <>
      <LineTable
        rows={of.sheets}
        rowKey={(row) => row.kind}
        none="plan.nothingDue"
        columns={[
          sheet.text("f.kind", (row) => kindWord(say, row.kind)),
          sheet.count("f.lines", (row) => row.lines),
        ]}
      />
      {of.left > 0 && <Text size="sm">{say("plan.left", { n: of.left })}</Text>}
    </>
  );
}

export function PlanCounts() {
  const say = useWords();
  const navigate = useNavigate();
  const { form, set, reset } = useFields({ warehouse: "", profile: "", most: "" });
  const [blind, setBlind] = useState(true);
  const { data: warehouses = [] } = useOptions("warehouses");
  const { data: profiles = [] } = useOptions("countProfiles");
  const warehouse = form.warehouse || (warehouses[0]?.value ?? "");
  const most = form.most.trim();
  const readable = most === "" || /^[1-9]\d{0,5}$/.test(most);
  const request =
    warehouse !== "" && readable
      ? { warehouse, profile: form.profile || null, blind, most_lines: most ? Number(most) : null }
      : undefined;
  const plan = useAct(
    "/api/v1/count-plans",
    ({ sheets }) =>
      sheets.length > 0
        ? say("done.created", { number: sheets.map(({ number }) => number).join(", ") })
        : { how: "look", text: say("plan.nothingDue") },
    ({ sheets: [first] }) =>
      first && navigate({ to: `/stock/counts/${first.count_id}`, ignoreBlocker: true }),
  );
  return (
    <Dialog
      word="act.planCounts"
      busy={plan.isPending}
      ready={request !== undefined}
      onOpen={() => {
        // Of several profiles none is meant before somebody says so.
        const only = profiles.length === 1 ? profiles[0]?.value : undefined;
        reset({ warehouse: "", profile: only ?? "", most: "" });
        setBlind(true);
      }}
      act={async () => {
        if (request) await plan.mutateAsync(request);
      }}
      body={
        <>
          <Choice
            of="warehouses"
            word="f.warehouse"
            required
            value={warehouse}
            change={set("warehouse")}
          />
          <Choice
            of="countProfiles"
            word="f.profile"
            hint={say("plan.profileHint")}
            clearable
            value={form.profile}
            change={set("profile")}
          />
          <DecimalField
            word="plan.most"
            hint={say("plan.mostHint")}
            value={form.most}
            change={set("most")}
          />
          <Checkbox
            label={say("count.blind")}
            checked={blind}
            onChange={(event) => setBlind(event.currentTarget.checked)}
          />
          <Rehearsal path="/api/v1/count-plans/rehearse" request={request}>
            {(planned) => <Planned of={planned} />}
          </Rehearsal>
        </>
      }
    />
  );
}
