// Ctrl K: pages, records and acts by their name. Plain elements, for each letter draws them anew.
import { Modal, useMantineColorScheme } from "@mantine/core";
import { useHotkeys } from "@mantine/hooks";
import {
  IconBarcode,
  IconBox,
  IconKeyboard,
  IconMoon,
  IconPlus,
  IconSearch,
  IconUser,
} from "@tabler/icons-react";
import { keepPreviousData, useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import {
  type KeyboardEvent,
  memo,
  type ReactNode,
  useEffect,
  useMemo,
  useRef,
  useState,
} from "react";
import { list } from "./api/client";
import { AREAS, HOME, isOpen } from "./areas";
import { useMay } from "./session";
import { useWords } from "./words";

const FEW = "6";
/** How many pages and acts are shown of those that fit; with nothing typed it is all there are. */
const FEW_PAGES = 8;
const SHORTEST = 2;
const SHORTEST_CODE = 4;
const NONE = { lines: [] };
const OPTIONS = "palette-options";

/** What can be chosen. */
interface Choice {
  id: string;
  label: string;
  more?: string;
  icon?: ReactNode;
  go: () => void;
}

/** What was answered; nothing where it was refused, as a code too long for names is. */
function answered<Line>(one: PromiseSettledResult<{ lines: Line[] }>): Line[] {
  return one.status === "fulfilled" ? one.value.lines : [];
}

/** All records that fit what is typed, shown at once. One refusal keeps nothing else back. */
async function find(text: string, may: (permission: string) => boolean) {
  const reads = may("catalog.read");
  const [items, partners, scans] = await Promise.allSettled([
    reads ? list("/api/v1/items", { text, limit: FEW }) : NONE,
    may("partners.read") ? list("/api/v1/partners", { text, limit: FEW }) : NONE,
    reads && text.length >= SHORTEST_CODE ? list("/api/v1/scans", { code: text }) : NONE,
  ]);
  if (
    items.status === "rejected" &&
    partners.status === "rejected" &&
    scans.status === "rejected"
  ) {
    throw items.reason;
  }
  return { items: answered(items), partners: answered(partners), scans: answered(scans) };
}

const question = (text: string, may: (permission: string) => boolean) => ({
  queryKey: ["palette", text],
  queryFn: () => find(text, may),
});

/** The records that fit, and whether they are those of what is typed. */
function useRecords(text: string): { records: Choice[]; settled: boolean } {
  const may = useMay();
  const navigate = useNavigate();
  const asks = text.length >= SHORTEST;
  const found = useQuery({
    ...question(text, may),
    enabled: asks,
    placeholderData: keepPreviousData,
  });
  if (!asks) return { records: [], settled: true };
  const { items = [], partners = [], scans = [] } = found.data ?? {};
  const openItem = (id: string) => () => navigate({ to: `/stock/items/${id}` });
  const unscanned = (item: { item_id: string }) =>
    scans.every((scan) => scan.item_id !== item.item_id);
  const records = [
    ...scans.map((scan) => ({
      id: `scan-${scan.item_id}`,
      label: scan.sku,
      more: [scan.name, scan.packaging, scan.lot, scan.serial].filter(Boolean).join(" · "),
      icon: <IconBarcode size={16} aria-hidden />,
      go: openItem(scan.item_id),
    })),
    ...items.filter(unscanned).map((item) => ({
      id: `item-${item.item_id}`,
      label: item.sku,
      more: item.name,
      icon: <IconBox size={16} aria-hidden />,
      go: openItem(item.item_id),
    })),
    ...partners.map((partner) => ({
      id: `partner-${partner.partner_id}`,
      label: partner.name,
      more: partner.code,
      icon: <IconUser size={16} aria-hidden />,
      go: () => navigate({ to: `/data/partners/${partner.partner_id}` }),
    })),
  ];
  return { records, settled: !found.isPlaceholderData && !found.isPending };
}

/** The pages and acts that this person has. */
function usePages(openHelp: () => void): Choice[] {
  const say = useWords();
  const may = useMay();
  const navigate = useNavigate();
  const { toggleColorScheme } = useMantineColorScheme();
  const pages = useMemo(
    () =>
      AREAS.flatMap((area) =>
        area.pages
          .filter((page) => isOpen(page, may))
          .map((page) => ({
            id: page.to,
            label: say(page.word),
            more: say(area.word),
            go: () => navigate({ to: page.to }),
          })),
      ),
    [say, may, navigate],
  );
  const order = {
    id: "new-order",
    label: say("page.newPurchaseOrder"),
    icon: <IconPlus size={16} aria-hidden />,
    go: () => navigate({ to: "/buying/orders/new" }),
  };
  return [
    { id: "/", label: say(HOME.word), go: () => navigate({ to: "/" }) },
    ...pages,
    ...(may("purchasing.order") ? [order] : []),
    {
      id: "scheme",
      label: say("app.scheme"),
      icon: <IconMoon size={16} aria-hidden />,
      go: toggleColorScheme,
    },
    {
      id: "help",
      label: say("app.shortcuts"),
      icon: <IconKeyboard size={16} aria-hidden />,
      go: openHelp,
    },
  ];
}

interface OptionProps {
  choice: Choice;
  active: boolean;
  at: number;
}

/** Drawn anew only when it shows something else; where it leads is asked when it is chosen. */
const Option = memo(
  function Option({ choice, active, at }: OptionProps) {
    const element = useRef<HTMLDivElement>(null);
    useEffect(() => {
      if (active) element.current?.scrollIntoView({ block: "nearest" });
    }, [active]);
    return (
      // biome-ignore lint/a11y/useFocusableInteractive: the field has the focus and names the active one
      <div
        ref={element}
        role="option"
        id={`${OPTIONS}-${at}`}
        aria-selected={active}
        data-at={at}
        className="palette-option"
      >
        {choice.icon}
        <span>
          {choice.label}
          {choice.more && <span className="palette-more">{choice.more}</span>}
        </span>
      </div>
    );
  },
  (before, after) =>
    before.active === after.active &&
    before.at === after.at &&
    before.choice.id === after.choice.id &&
    before.choice.label === after.choice.label &&
    before.choice.more === after.choice.more,
);

function Body({ openHelp, close }: { openHelp: () => void; close: () => void }) {
  const say = useWords();
  const [typed, setTyped] = useState("");
  const [active, setActive] = useState(0);
  /** Enter was pressed before the answer was there. */
  const [goes, setGoes] = useState(false);
  const may = useMay();
  const asking = useQueryClient();
  const text = typed.trim();
  const { records, settled } = useRecords(text);
  const lower = text.toLowerCase();
  const fits = ({ label }: Choice) => label.toLowerCase().includes(lower);
  const pages = usePages(openHelp)
    .filter(fits)
    .slice(0, text ? FEW_PAGES : undefined);
  const choices = [...records, ...pages];
  const choose = (at: number) => {
    const choice = choices[at];
    if (!choice) return;
    close();
    choice.go();
  };
  // biome-ignore lint/correctness/useExhaustiveDependencies: only what was waited for
  useEffect(() => {
    if (goes && settled) choose(0);
    if (settled) setGoes(false);
  }, [goes, settled]);
  const move = (to: number) => setActive((to + choices.length) % Math.max(choices.length, 1));
  const press = (event: KeyboardEvent) => {
    const { key } = event;
    if (event.nativeEvent.isComposing || !["ArrowDown", "ArrowUp", "Enter"].includes(key)) return;
    event.preventDefault();
    if (key !== "Enter") move(active + (key === "ArrowDown" ? 1 : -1));
    // What is shown may still be of fewer letters: it waits for what these find.
    else if (settled || active > 0) choose(active);
    else setGoes(true);
  };
  const groups = [
    { title: say("app.records"), from: 0, choices: records },
    { title: say("app.pages"), from: records.length, choices: pages },
  ].filter((group) => group.choices.length > 0);
  return (
    <div data-palette>
      <div className="palette-field">
        <IconSearch size={18} aria-hidden />
        <input
          role="combobox"
          aria-label={say("app.search")}
          aria-expanded
          aria-controls={OPTIONS}
          aria-autocomplete="list"
          aria-activedescendant={choices.length > 0 ? `${OPTIONS}-${active}` : undefined}
          placeholder={say("app.search")}
          autoComplete="off"
          spellCheck={false}
          data-autofocus
          value={typed}
          onChange={(event) => {
            // Each letter asks at once, before it is drawn: the server answers sooner than the next one is typed.
            const next = event.target.value.trim();
            if (next.length >= SHORTEST) asking.prefetchQuery(question(next, may));
            setTyped(event.target.value);
            setActive(0);
            setGoes(false);
          }}
          onKeyDown={press}
        />
      </div>
      {/* biome-ignore lint/a11y/useKeyWithClickEvents: the field above hears the keys */}
      <div
        role="listbox"
        id={OPTIONS}
        aria-label={say("app.search")}
        className="palette-options"
        onClick={(event) => {
          const option = (event.target as HTMLElement).closest<HTMLElement>("[data-at]");
          if (option) choose(Number(option.dataset.at));
        }}
      >
        {groups.map((group) => (
          // biome-ignore lint/a11y/useSemanticElements: a group of options
          <div role="group" key={group.title} aria-label={group.title}>
            <div className="palette-title" aria-hidden>
              {group.title}
            </div>
            {group.choices.map((choice, place) => (
              <Option
                key={choice.id}
                choice={choice}
                at={group.from + place}
                active={group.from + place === active}
              />
            ))}
          </div>
        ))}
      </div>
      {choices.length === 0 && settled && (
        <div className="palette-nothing" role="status">
          {say("app.nothing")}
        </div>
      )}
    </div>
  );
}

interface PaletteProps {
  opened: boolean;
  open: () => void;
  close: () => void;
  openHelp: () => void;
}

export const Palette = memo(function Palette({ opened, open, close, openHelp }: PaletteProps) {
  const say = useWords();
  useHotkeys([["mod+K", open]], []);
  return (
    <Modal.Root
      opened={opened}
      onClose={close}
      size={600}
      yOffset={80}
      transitionProps={{ duration: 0 }}
    >
      <Modal.Overlay />
      <Modal.Content aria-label={say("app.search")}>
        <Body openHelp={openHelp} close={close} />
      </Modal.Content>
    </Modal.Root>
  );
});
