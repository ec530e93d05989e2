// Ctrl K: pages, records and acts by their name.
import { useMantineColorScheme } from "@mantine/core";
import { Spotlight, type SpotlightActionGroupData } from "@mantine/spotlight";
import {
  IconBarcode,
  IconBox,
  IconKeyboard,
  IconMoon,
  IconPlus,
  IconSearch,
  IconUser,
} from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { memo, useState } from "react";
import { list } from "./api/client";
import { AREAS, HOME } from "./areas";
import { useMay } from "./session";
import { useWords } from "./words";

const FEW = "6";
/** How many pages and acts are shown of those that fit; with nothing typed it is all there are. */
const FEW_PAGES = 8;
const SHORTEST = 2;
const SHORTEST_CODE = 4;
const NONE = { lines: [] };

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

export const Palette = memo(function Palette({ openHelp }: { openHelp: () => void }) {
  const say = useWords();
  const may = useMay();
  const navigate = useNavigate();
  const { toggleColorScheme } = useMantineColorScheme();
  const [typed, setTyped] = useState("");
  // Each letter asks at once: the server answers sooner than the next one is typed.
  const text = typed.trim();
  const asks = text.length >= SHORTEST;
  const found = useQuery({
    queryKey: ["palette", text],
    queryFn: () => find(text, may),
    enabled: asks,
  });
  const lower = text.toLowerCase();
  const fits = ({ label }: { label: string }) => label.toLowerCase().includes(lower);
  const pages = [
    { id: "/", label: say(HOME.word), onClick: () => navigate({ to: "/" }) },
    ...AREAS.flatMap((area) =>
      area.pages
        .filter((page) => page.permissions.some(may))
        .map((page) => ({
          id: page.to,
          label: say(page.word),
          description: say(area.word),
          onClick: () => navigate({ to: page.to }),
        })),
    ),
  ];
  const acts = [
    ...(may("purchasing.order")
      ? [
          {
            id: "new-order",
            label: say("page.newPurchaseOrder"),
            leftSection: <IconPlus size={16} />,
            onClick: () => navigate({ to: "/buying/orders/new" }),
          },
        ]
      : []),
    {
      id: "scheme",
      label: say("app.scheme"),
      leftSection: <IconMoon size={16} />,
      onClick: toggleColorScheme,
    },
    {
      id: "help",
      label: say("app.shortcuts"),
      leftSection: <IconKeyboard size={16} />,
      onClick: openHelp,
    },
  ];
  const { items = [], partners = [], scans = [] } = found.data ?? {};
  const unscanned = (item: { item_id: string }) =>
    scans.every((scan) => scan.item_id !== item.item_id);
  const records = [
    ...scans.map((scan) => ({
      id: `scan-${scan.item_id}`,
      label: scan.sku,
      description: [scan.name, scan.packaging, scan.lot, scan.serial].filter(Boolean).join(" · "),
      leftSection: <IconBarcode size={16} />,
      onClick: () => navigate({ to: `/stock/items/${scan.item_id}` }),
    })),
    ...items.filter(unscanned).map((item) => ({
      id: `item-${item.item_id}`,
      label: item.sku,
      description: item.name,
      leftSection: <IconBox size={16} />,
      onClick: () => navigate({ to: `/stock/items/${item.item_id}` }),
    })),
    ...partners.map((partner) => ({
      id: `partner-${partner.partner_id}`,
      label: partner.name,
      description: partner.code,
      leftSection: <IconUser size={16} />,
      onClick: () => navigate({ to: `/data/partners/${partner.partner_id}` }),
    })),
  ];
  const groups: SpotlightActionGroupData[] = [
    { group: say("app.records"), actions: asks ? records : [] },
    {
      group: say("app.pages"),
      actions: [...pages, ...acts].filter(fits).slice(0, text ? FEW_PAGES : undefined),
    },
  ];
  return (
    <Spotlight
      actions={groups.filter((group) => group.actions.length > 0)}
      filter={(_query, actions) => actions}
      query={typed}
      onQueryChange={setTyped}
      nothingFound={say("app.nothing")}
      shortcut="mod + K"
      scrollable
      maxHeight={420}
      searchProps={{
        leftSection: <IconSearch size={18} />,
        placeholder: say("app.search"),
        "aria-label": say("app.search"),
      }}
    />
  );
});
