// The way back to the list that one came from, and to the record before and after in it.
import { ActionIcon, Group, Tooltip } from "@mantine/core";
import { useHotkeys } from "@mantine/hooks";
import { IconArrowLeft, IconChevronDown, IconChevronUp } from "@tabler/icons-react";
import { Link, useLocation, useNavigate } from "@tanstack/react-router";
import { useWords } from "../words";

/** A list as it was left: its address, and those of its records in their order. */
interface Left {
  list: string;
  records: string[];
}

const KEY = "purser.list";

/** Remembers a list for the records that are opened from it. */
export function leave(left: Left) {
  sessionStorage.setItem(KEY, JSON.stringify(left));
}

function isLeft(value: unknown): value is Left {
  return typeof value === "object" && value !== null && "list" in value && "records" in value;
}

function lastLeft(): Left | undefined {
  try {
    const value: unknown = JSON.parse(sessionStorage.getItem(KEY) ?? "null");
    return isLeft(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

export function Neighbours({ back }: { back: string }) {
  const say = useWords();
  const navigate = useNavigate();
  const { pathname } = useLocation();
  const left = lastLeft();
  const at = left?.records.indexOf(pathname) ?? -1;
  const list = left && at >= 0 ? left.list : back;
  const before = at > 0 ? left?.records[at - 1] : undefined;
  const after = at >= 0 ? left?.records[at + 1] : undefined;
  const go = (to: string | undefined) => {
    if (to) navigate({ to });
  };
  useHotkeys([
    ["Escape", () => go(list)],
    ["K", () => go(before)],
    ["J", () => go(after)],
  ]);
  return (
    <Group gap="sm" mb={6} className="no-print" style={{ fontSize: "0.8125rem" }}>
      <Link to={list} className="plain-link">
        <Group gap={4} style={{ display: "inline-flex" }}>
          <IconArrowLeft size={14} aria-hidden />
          {say("record.back")}
        </Group>
      </Link>
      {at >= 0 && (
        <Group gap={2}>
          <Tooltip label={`${say("record.before")} (K)`}>
            <ActionIcon
              variant="subtle"
              size="sm"
              aria-label={say("record.before")}
              disabled={!before}
              onClick={() => go(before)}
            >
              <IconChevronUp size={14} />
            </ActionIcon>
          </Tooltip>
          <Tooltip label={`${say("record.after")} (J)`}>
            <ActionIcon
              variant="subtle"
              size="sm"
              aria-label={say("record.after")}
              disabled={!after}
              onClick={() => go(after)}
            >
              <IconChevronDown size={14} />
            </ActionIcon>
          </Tooltip>
        </Group>
      )}
    </Group>
  );
}
