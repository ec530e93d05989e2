// The inbound calendar: what arrives on which day, by order and transfer, and what is late.
import { ActionIcon, Alert, Box, Button, Group, Loader, Text, Title } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import { IconChevronLeft, IconChevronRight } from "@tabler/icons-react";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { Choice } from "../house/Choice";
import { DayText } from "../house/cells";
import { Problem } from "../house/Problem";
import { Way } from "../house/Way";
import { useMay, useSession } from "../session";
import { useTongue, useWords, type Word } from "../words";
import { type Arrival, arrivals, byDay, monthAfter, weeksOf } from "./inbound";

function One({ of }: { of: Arrival }) {
  const say = useWords();
  return (
    <Text size="sm" style={{ overflowWrap: "anywhere" }}>
      <Way to={of.to} className="plain-link">
        {of.number}
      </Way>{" "}
      {of.from}
      <Text span size="xs" c="dimmed">
        {" · "}
        {of.warehouse}
        {of.kind === "order" && ` · ${say("inbound.lines", { n: of.lines })}`}
      </Text>
    </Text>
  );
}

interface DaysProps {
  weeks: string[][];
  month: string;
  today: string;
  of: Map<string, Arrival[]>;
}

/** Whole weeks, side by side. */
function Calendar({ weeks, month, today, of }: DaysProps) {
  const { locale } = useTongue();
  const weekday = new Intl.DateTimeFormat(locale, { weekday: "short", timeZone: "UTC" });
  return (
    <Box className="sheet scroller">
      <table className="grid-line" style={{ tableLayout: "fixed", minWidth: 760 }}>
        <thead>
          <tr>
            {weeks[0]?.map((day) => (
              <th key={day} scope="col">
                {weekday.format(new Date(`${day}T00:00:00Z`))}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {weeks.map((week) => (
            <tr key={week[0]}>
              {week.map((day) => (
                <td
                  key={day}
                  aria-current={day === today ? "date" : undefined}
                  style={{
                    height: 84,
                    boxShadow: day === today ? "inset 0 0 0 2px var(--desk-active)" : undefined,
                  }}
                >
                  <Text size="xs" c={day.startsWith(month) ? undefined : "dimmed"} fw={600}>
                    {Number(day.slice(8))}
                  </Text>
                  {of.get(day)?.map((one) => (
                    <One key={one.key} of={one} />
                  ))}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </Box>
  );
}

/** Only the days on which something arrives, one below the other. */
function Agenda({ weeks, month, of }: DaysProps) {
  const say = useWords();
  const days = weeks.flat().filter((day) => day.startsWith(month) && of.has(day));
  if (days.length === 0) return <Text size="sm">{say("inbound.none")}</Text>;
  return days.map((day) => (
    <Box key={day} className="sheet" p="sm" mb="xs">
      <Text size="sm" fw={600}>
        <DayText of={day} />
      </Text>
      {of.get(day)?.map((one) => (
        <One key={one.key} of={one} />
      ))}
    </Box>
  ));
}

function Late({ of }: { of: Arrival[] }) {
  const say = useWords();
  if (of.length === 0) return null;
  return (
    <Box component="section" className="sheet" p="sm" mb="sm" aria-label={say("inbound.late")}>
      <Title order={2} mb={4}>
        {say("inbound.lateOf", { n: of.length })}
      </Title>
      <Box
        style={{ maxHeight: 220, overflowY: "auto" }}
        tabIndex={0}
        role="group"
        aria-label={say("inbound.late")}
      >
        {of.map((one) => (
          <Group key={one.key} gap={6} wrap="nowrap" align="baseline">
            <Text size="sm" className="negative" style={{ flex: "none" }}>
              <DayText of={one.day} />
            </Text>
            <One of={one} />
          </Group>
        ))}
      </Box>
    </Box>
  );
}

/** Says that more is due than is shown, and which list has all of it. */
function Cut({ to, list }: { to: string; list: Word }) {
  const say = useWords();
  return (
    <Alert color="orange" mb="sm" role="status">
      {say("inbound.cut")} {/* Upon the alert's own ground a link has the colour of its text. */}
      <Way to={to} style={{ color: "inherit", textDecoration: "underline" }}>
        {say(list)}
      </Way>
    </Alert>
  );
}

export default function Inbound() {
  const say = useWords();
  const may = useMay();
  const navigate = useNavigate();
  const { locale } = useTongue();
  const { today } = useSession().me;
  const isWide = useMediaQuery("(min-width: 62em)", true, { getInitialValueInEffect: false });
  const search = useSearch({ strict: false }) as { month?: string; warehouse?: string };
  const month = /^\d{4}-(0[1-9]|1[0-2])$/.test(search.month ?? "")
    ? (search.month ?? "")
    : today.slice(0, 7);
  const warehouse = search.warehouse ?? "";
  const weeks = weeksOf(month);
  const through = weeks.at(-1)?.at(-1) ?? today;
  const [mayOrders, mayTransfers] = [may("purchasing.read"), may("stock.read")];
  const asked = useQuery({
    queryKey: ["inbound", "/api/v1/transfers", through, warehouse],
    queryFn: () => arrivals({ through, warehouse, mayOrders, mayTransfers }),
    placeholderData: keepPreviousData,
  });
  const go = (to: { month?: string; warehouse?: string }) => {
    const next = { month, warehouse, ...to };
    const kept = Object.entries(next).filter(([, value]) => value !== "");
    navigate({ to: ".", search: Object.fromEntries(kept), replace: true });
  };
  const all = asked.data?.arrivals ?? [];
  const late = all.filter(({ day }) => day < today);
  const of = byDay(all);
  const Days = isWide ? Calendar : Agenda;
  const name = new Intl.DateTimeFormat(locale, { month: "long", year: "numeric", timeZone: "UTC" });
  return (
    <Box data-loaded={!asked.isFetching}>
      <Group justify="space-between" mb="sm" align="flex-end">
        <Title order={1}>{say("page.inbound")}</Title>
        <Choice
          of="warehouses"
          word="f.warehouse"
          clearable
          value={warehouse}
          change={(to) => go({ warehouse: to })}
        />
      </Group>
      <Group gap="xs" mb="sm">
        <ActionIcon
          variant="default"
          aria-label={say("inbound.before")}
          onClick={() => go({ month: monthAfter(month, -1) })}
        >
          <IconChevronLeft size={16} />
        </ActionIcon>
        <Text fw={600} role="status" miw={140} ta="center">
          {name.format(new Date(`${month}-01T00:00:00Z`))}
        </Text>
        <ActionIcon
          variant="default"
          aria-label={say("inbound.after")}
          onClick={() => go({ month: monthAfter(month, 1) })}
        >
          <IconChevronRight size={16} />
        </ActionIcon>
        <Button variant="subtle" onClick={() => go({ month: today.slice(0, 7) })}>
          {say("inbound.today")}
        </Button>
      </Group>
      {asked.error && <Problem error={asked.error} retry={() => asked.refetch()} />}
      {asked.isPending && <Loader role="status" aria-label={say("app.loading")} type="dots" />}
      {asked.data?.isCut.orders && (
        <Cut to="/reports/open-purchase-lines" list="page.openPurchaseLines" />
      )}
      {asked.data?.isCut.transfers && <Cut to="/stock/transfers" list="page.transfers" />}
      {asked.data && (
        <>
          <Late of={late} />
          <Days weeks={weeks} month={month} today={today} of={of} />
        </>
      )}
    </Box>
  );
}
