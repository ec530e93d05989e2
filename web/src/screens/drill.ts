// From a report's total to the rows that it sums.
import { useSearch } from "@tanstack/react-router";
import { daysOfMonth } from "../format";
import { useSession } from "../session";

/** What narrows the rows of a total: nothing where it is of all. */
type Narrow = Record<string, string | number | null | undefined>;

/**
 * Gives the address of a total's rows: the report's own filters, but those that only say how it is
 * summed, and what the total is of. A month is told by its days.
 */
export function useDrill(path: string, sums: string[] = ["by"]) {
  const asked = useSearch({ strict: false }) as Record<string, string>;
  const { me } = useSession();
  return ({ month, ...narrow }: Narrow & { month?: string }) => {
    const kept = Object.entries(asked).filter(([name]) => !sums.includes(name));
    const values = new Map<string, string>(kept);
    for (const [name, value] of Object.entries(narrow)) {
      if (value !== null && value !== undefined && value !== "") values.set(name, String(value));
    }
    if (month) {
      const period = { from: asked.from_day, to: asked.to_day };
      for (const [name, day] of Object.entries(daysOfMonth(month, period, me.today))) {
        values.set(name, day);
      }
    }
    return `${path}?${new URLSearchParams([...values])}`;
  };
}
