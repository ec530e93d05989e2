// What waits to be put away in a warehouse, on a handheld with a network.
import { Box, Loader, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useRef } from "react";
import { Choice } from "../house/Choice";
import { Problem } from "../house/Problem";
import { useAct } from "../house/useAct";
import { useMay } from "../session";
import { dockOf, itemsOf, shelvesOf } from "../shift/along";
import { useWords } from "../words";
import { PutAwayWalk } from "./PutAwayWalk";
import { goodsLeft } from "./putAway";

function Walk({ warehouse }: { warehouse: string }) {
  const say = useWords();
  const may = useMay();
  const work = useQuery({
    queryKey: ["put-away", "/api/v1/goods-to-put-away", warehouse],
    queryFn: async () => {
      const lines = await dockOf(warehouse);
      const skus = new Set(lines.map(({ sku }) => sku));
      return { lines, items: may("catalog.read") ? await itemsOf([...skus]) : [] };
    },
  });
  // Putting goods away changes no places: they are many, and are asked for on their own.
  const shelves = useQuery({
    queryKey: ["put-away", "/api/v1/places", warehouse],
    queryFn: () => shelvesOf(warehouse),
  });
  const away = useAct("/api/v1/putaways", ({ number }) => say("done.putAway", { number }));
  const goods = goodsLeft(work.data?.lines ?? [], []);
  const now = useRef(goods);
  now.current = goods;
  for (const { error, refetch } of [work, shelves]) {
    if (error) return <Problem error={error} retry={() => refetch()} />;
  }
  if (!work.data || !shelves.data)
    return <Loader role="status" aria-label={say("app.loading")} type="dots" />;
  return (
    <Box data-loaded="true">
      <PutAwayWalk
        goods={goods}
        now={() => now.current}
        items={work.data.items}
        places={shelves.data}
        put={
          may("stock.put_away")
            ? ({ of }, to, quantity) =>
                away.mutateAsync({
                  warehouse,
                  from: of.place,
                  lines: [{ sku: of.sku, lot: of.lot ?? null, quantity, to }],
                })
            : undefined
        }
      />
    </Box>
  );
}

export default function PutAway() {
  const say = useWords();
  const navigate = useNavigate();
  const { warehouse = "" } = useSearch({ strict: false }) as { warehouse?: string };
  return (
    <Box maw={720} data-loaded={warehouse === "" ? true : undefined}>
      <Title order={1} mb="sm">
        {say("page.putAway")}
      </Title>
      <Box mb="sm">
        <Choice
          of="warehouses"
          word="f.warehouse"
          value={warehouse}
          change={(to) => navigate({ to: ".", search: to ? { warehouse: to } : {}, replace: true })}
        />
      </Box>
      {warehouse !== "" && <Walk key={warehouse} warehouse={warehouse} />}
    </Box>
  );
}
