// Why a proposal has its quantity: what it was decided from, as the server replays it.
import { Alert, Loader, Stack } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { record } from "../api/client";
import { DayText, Moment, Quantity } from "../house/cells";
import { Evidence } from "../house/Evidence";
import { Problem } from "../house/Problem";
import { Timeline } from "../house/Timeline";
import { stateWord, useFormats, useWords, type Word } from "../words";

export function Why({ id }: { id: string }) {
  const say = useWords();
  const { day, quantity } = useFormats();
  const asked = useQuery({
    queryKey: ["record", "proposal", id],
    queryFn: () => record("/api/v1/proposals/{id}", id),
  });
  if (asked.error) return <Problem error={asked.error} />;
  if (!asked.data) return <Loader role="status" aria-label={say("app.loading")} type="dots" />;
  const { basis, decision, agrees, history, proposal } = asked.data;
  const { levels } = basis;
  const dated = (word: Word, some: typeof basis.demand) =>
    some.map(({ on, quantity: of }, at) => ({
      key: `${word}${at}`,
      name: (
        <>
          {say(word)}, <DayText of={on} />
        </>
      ),
      value: <Quantity of={of} />,
    }));
  const unit = proposal.stock_unit;
  const { source } = basis;
  const { transfer } = decision;
  return (
    <Stack gap="md" data-loaded="true">
      <Evidence
        title={say("why.inputs", { day: day(basis.planned_on) })}
        lines={[
          { key: "h", name: say("f.onHand"), value: <Quantity of={basis.on_hand} unit={unit} /> },
          { key: "r", name: say("f.reserved"), value: <Quantity of={basis.reserved} /> },
          ...dated("f.outgoing", basis.demand),
          ...dated("why.incoming", basis.incoming),
          {
            key: "f",
            name: say("f.forecast"),
            value: <Quantity of={decision.forecast} unit={unit} />,
            strong: true,
          },
        ]}
      />
      {source && transfer && (
        <Evidence
          title={say("why.source", { warehouse: source.warehouse })}
          lines={[
            {
              key: "h",
              name: say("f.onHand"),
              value: <Quantity of={source.on_hand} unit={unit} />,
            },
            ...dated("f.outgoing", source.demand),
            ...dated("why.incoming", source.incoming),
            { key: "n", name: say("f.neededOn"), value: <DayText of={transfer.needed_on} /> },
            { key: "d", name: say("f.departOn"), value: <DayText of={transfer.depart_on} /> },
            { key: "l", name: say("f.leadDays"), value: transfer.lead_days },
            {
              key: "a",
              name: say("why.canGive"),
              value: <Quantity of={transfer.available} unit={unit} />,
              strong: true,
            },
          ]}
        />
      )}
      <Evidence
        title={say("why.rule", { version: basis.rule_version })}
        lines={[
          ...(levels.reorder_point
            ? [
                {
                  key: "p",
                  name: say("why.reorder"),
                  value: <Quantity of={levels.reorder_point} />,
                },
              ]
            : []),
          { key: "min", name: say("why.min"), value: <Quantity of={levels.min} /> },
          { key: "max", name: say("why.max"), value: <Quantity of={levels.max} /> },
          { key: "m", name: say("f.multiple"), value: <Quantity of={levels.multiple} /> },
        ]}
      />
      <Evidence
        title={say("why.steps")}
        lines={[
          { key: "n", name: say("f.need"), value: <Quantity of={decision.need} unit={unit} /> },
          ...decision.steps.map((step, at) => ({
            key: `s${at}`,
            name: say(`why.${step.because}`),
            value: <Quantity of={step.quantity} unit={unit} />,
          })),
          {
            key: "q",
            name: say("f.quantity"),
            value: <Quantity of={decision.quantity} unit={unit} />,
            strong: true,
          },
          ...(decision.supplier
            ? [
                {
                  key: "w",
                  name: `${say("why.supplier")}: ${proposal.supplier}`,
                  value: say(`why.${decision.supplier.reason}`),
                },
              ]
            : []),
          ...(transfer
            ? [
                {
                  key: "t",
                  name: `${say("why.from")}: ${proposal.source}`,
                  value: say(`why.${transfer.reason}`),
                },
              ]
            : []),
        ]}
      />
      <Alert color={agrees ? "teal" : "red"} variant="light">
        {say(agrees ? "why.agrees" : "why.differs")}
      </Alert>
      <Timeline
        events={history.map((version) => ({
          key: String(version.version),
          what: `${stateWord(say, version.what)} · ${quantity(version.quantity)}`,
          when: <Moment of={version.recorded_at} />,
          more: version.reason,
        }))}
      />
    </Stack>
  );
}
