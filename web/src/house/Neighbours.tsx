// The way back to the list that one came from, and to the record before and after in it.
import { ActionIcon, Group, Tooltip } from "@mantine/core";
import { IconArrowLeft, IconChevronDown, IconChevronUp } from "@tabler/icons-react";
import { useLocation, useNavigate } from "@tanstack/react-router";
import { useRef } from "react";
import { useWords } from "../words";
import { usePageKeys } from "./keys";
import { lastLeft, leave, turned } from "./left";
import { told } from "./Problem";
import { tell } from "./tell";
import { Way } from "./Way";

export function Neighbours({ back }: { back: string }) {
  const say = useWords();
  const navigate = useNavigate();
  const { pathname } = useLocation();
  const last = lastLeft();
  const at = last?.records.indexOf(pathname) ?? -1;
  const left = at >= 0 ? last : undefined;
  const list = left?.list ?? back;
  const before = at > 0 || Boolean(left?.cursors.length);
  const after = Boolean(left && (at < left.records.length - 1 || left.next));
  const turning = useRef(false);
  const step = async (by: 1 | -1) => {
    if (!left || turning.current) return;
    const here = left.records[at + by];
    if (here) return navigate({ to: here });
    // Beyond the page that was shown, the server is asked for the next.
    turning.current = true;
    try {
      const page = await turned(left, by);
      const to = by > 0 ? page?.records[0] : page?.records.at(-1);
      if (!page || !to) return;
      leave(page);
      await navigate({ to });
    } catch (error) {
      tell(say, "wrong", told(say, error));
    } finally {
      turning.current = false;
    }
  };
  const comeBack = () => {
    if (left) leave({ ...left, back: true });
  };
  usePageKeys([
    [
      "Escape",
      () => {
        comeBack();
        navigate({ to: list });
      },
    ],
    ["K", () => before && step(-1)],
    ["J", () => after && step(1)],
  ]);
  const arrow = (word: "record.before" | "record.after", key: string, can: boolean, by: 1 | -1) => (
    <Tooltip label={`${say(word)} (${key})`}>
      <ActionIcon
        variant="subtle"
        size="sm"
        aria-label={say(word)}
        disabled={!can}
        onClick={() => step(by)}
      >
        {by > 0 ? <IconChevronDown size={14} /> : <IconChevronUp size={14} />}
      </ActionIcon>
    </Tooltip>
  );
  return (
    <Group gap="sm" mb={6} className="no-print" style={{ fontSize: "0.8125rem" }}>
      <Way to={list} className="plain-link" onClick={comeBack}>
        <Group gap={4} style={{ display: "inline-flex" }}>
          <IconArrowLeft size={14} aria-hidden />
          {say("record.back")}
        </Group>
      </Way>
      {left && (
        <Group gap={2}>
          {arrow("record.before", "K", before, -1)}
          {arrow("record.after", "J", after, 1)}
        </Group>
      )}
    </Group>
  );
}
