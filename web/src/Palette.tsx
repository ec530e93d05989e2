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
import { useState } from "react";
import { list } from "./api/client";
import { AREAS, HOME } from "./areas";
import { useMay } from "./session";
import { useWords } from "./words";

const FEW = "6";
const SHORTEST_CODE = 4;

export function Palette({ openHelp }: { openHelp: () => void }) {
  const say = useWords();
  const may = useMay();
  const navigate = useNavigate();
  const { toggleColorScheme } = useMantineColorScheme();
  const [typed, setTyped] = useState("");
  // Each letter asks at once: the server answers sooner than the next one is typed.
  const text = typed.trim();
  const asks = text.length >= 2;
  const items = useQuery({
    queryKey: ["palette", "items", text],
    queryFn: () => list("/api/v1/items", { text, limit: FEW }),
    enabled: asks && may("catalog.read"),
  });
  const partners = useQuery({
    queryKey: ["palette", "partners", text],
    queryFn: () => list("/api/v1/partners", { text, limit: FEW }),
    enabled: asks && may("partners.read"),
  });
  const scans = useQuery({
    queryKey: ["palette", "scans", text],
    queryFn: () => list("/api/v1/scans", { code: text }),
    enabled: text.length >= SHORTEST_CODE && may("catalog.read"),
  });
  const fits = (label: string) => label.toLowerCase().includes(typed.trim().toLowerCase());
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
  const scanned = scans.data?.lines ?? [];
  const unscanned = (item: { item_id: string }) =>
    scanned.every((scan) => scan.item_id !== item.item_id);
  const records = [
    ...scanned.map((scan) => ({
      id: `scan-${scan.item_id}`,
      label: scan.sku,
      description: [scan.name, scan.packaging, scan.lot, scan.serial].filter(Boolean).join(" · "),
      leftSection: <IconBarcode size={16} />,
      onClick: () => navigate({ to: `/stock/items/${scan.item_id}` }),
    })),
    ...(items.data?.lines ?? []).filter(unscanned).map((item) => ({
      id: `item-${item.item_id}`,
      label: item.sku,
      description: item.name,
      leftSection: <IconBox size={16} />,
      onClick: () => navigate({ to: `/stock/items/${item.item_id}` }),
    })),
    ...(partners.data?.lines ?? []).map((partner) => ({
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
      actions: [...pages, ...acts].filter(({ label }) => fits(label)),
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
}
