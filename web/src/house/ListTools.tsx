// What can be done with a list as it is shown: its columns, its saved views, its file.
import {
  ActionIcon,
  Button,
  Checkbox,
  Group,
  Menu,
  Stack,
  Text,
  TextInput,
  Tooltip,
} from "@mantine/core";
import {
  IconBookmark,
  IconColumns3,
  IconFileSpreadsheet,
  IconFileTypeCsv,
  IconTrash,
} from "@tabler/icons-react";
import { memo, useState } from "react";
import { useWords, type Word } from "../words";
import type { Values } from "./filters";
import { usePreference } from "./preferences";

const FORMATS = [
  { format: "csv", word: "list.export", icon: IconFileTypeCsv },
  { format: "xlsx", word: "list.exportXlsx", icon: IconFileSpreadsheet },
] as const;

interface ToolsProps {
  name: string;
  words: Word[];
  hidden: string[];
  setHidden: (hidden: string[]) => void;
  values: Values;
  change: (values: Values) => void;
  /** The address of the list as a file. */
  file: (format: "csv" | "xlsx") => string;
}

/** They are drawn again only when they change, not when other lines come. */
export const ListTools = memo(function ListTools(props: ToolsProps) {
  const { name, words, hidden, setHidden, values, change, file } = props;
  const say = useWords();
  return (
    <Group gap={4} className="no-print">
      <SavedViews name={name} values={values} change={change} />
      <Menu position="bottom-end" closeOnItemClick={false}>
        <Menu.Target>
          <Tooltip label={say("list.columns")}>
            <ActionIcon variant="default" size={30} aria-label={say("list.columns")}>
              <IconColumns3 size={16} />
            </ActionIcon>
          </Tooltip>
        </Menu.Target>
        <Menu.Dropdown>
          <Stack gap={6} p="xs">
            {words.map((word) => (
              <Checkbox
                key={word}
                size="xs"
                label={say(word)}
                checked={!hidden.includes(word)}
                onChange={(event) =>
                  setHidden(
                    event.currentTarget.checked
                      ? hidden.filter((own) => own !== word)
                      : [...hidden, word],
                  )
                }
              />
            ))}
          </Stack>
        </Menu.Dropdown>
      </Menu>
      {FORMATS.map(({ format, word, icon: Icon }) => (
        <Tooltip key={format} label={say(word)}>
          <ActionIcon
            component="a"
            href={file(format)}
            download={`${name.split("/").at(-1)}.${format}`}
            variant="default"
            size={30}
            aria-label={say(word)}
          >
            <Icon size={16} />
          </ActionIcon>
        </Tooltip>
      ))}
    </Group>
  );
});

type View = { name: string; values: Values };

function SavedViews({ name, values, change }: Pick<ToolsProps, "name" | "values" | "change">) {
  const say = useWords();
  const [views, setViews] = usePreference<View[]>(`views.${name}`, []);
  const [typed, setTyped] = useState("");
  const save = () => {
    const own = typed.trim();
    if (!own) return;
    setViews([...views.filter((view) => view.name !== own), { name: own, values }]);
    setTyped("");
  };
  return (
    <Menu position="bottom-end" closeOnItemClick={false} trapFocus>
      <Menu.Target>
        <Tooltip label={say("list.views")}>
          <ActionIcon variant="default" size={30} aria-label={say("list.views")}>
            <IconBookmark size={16} />
          </ActionIcon>
        </Tooltip>
      </Menu.Target>
      <Menu.Dropdown>
        <Stack gap={6} p="xs" miw={220}>
          {views.length === 0 && (
            <Text size="sm" c="dimmed">
              {say("list.noViews")}
            </Text>
          )}
          {views.map((view) => (
            <Group key={view.name} justify="space-between" wrap="nowrap">
              <Button variant="subtle" size="compact-sm" onClick={() => change(view.values)}>
                {view.name}
              </Button>
              <ActionIcon
                variant="subtle"
                color="gray"
                aria-label={say("list.deleteView", { name: view.name })}
                onClick={() => setViews(views.filter((own) => own.name !== view.name))}
              >
                <IconTrash size={14} />
              </ActionIcon>
            </Group>
          ))}
          <form
            onSubmit={(event) => {
              event.preventDefault();
              save();
            }}
          >
            <Group gap={6} wrap="nowrap">
              <TextInput
                aria-label={say("list.viewName")}
                placeholder={say("list.viewName")}
                value={typed}
                onChange={(event) => setTyped(event.currentTarget.value)}
              />
              <Button type="submit" variant="light" title={say("list.saveView")}>
                {say("act.save")}
              </Button>
            </Group>
          </form>
        </Stack>
      </Menu.Dropdown>
    </Menu>
  );
}
