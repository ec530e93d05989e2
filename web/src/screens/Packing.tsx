// The packing of an order: each piece is scanned into a package, and the server refuses what does not
// belong there.
import { Alert, Box, Button, Group, Loader, Text, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { useRef, useState } from "react";
import { list, record, type Schemas } from "../api/client";
import { Dialog } from "../house/Dialog";
import { AskedTable } from "../house/LineTable";
import { Problem } from "../house/Problem";
import { useAct } from "../house/useAct";
import { Way } from "../house/Way";
import { useMay } from "../session";
import { useFormats, useWords } from "../words";
import { LabelForm, useLabel } from "./Label";
import { PACKING } from "./OrderPicks";
import { PackageLines } from "./Package";
import { PackagesOf, ShipPackages } from "./Packages";
import { ScanBar } from "./Scan";

interface OpenProps {
  id: string;
  order: string;
}

/** Closes the package, with what stands on it. */
function ClosePackage({ id, order }: OpenProps) {
  const say = useWords();
  const { form, set, reset, ready, said } = useLabel();
  const close = useAct("/api/v1/packages", ({ number }) => say("done.packageClosed", { number }));
  return (
    <Dialog
      word="act.closePackage"
      look="filled"
      busy={close.isPending}
      ready={ready}
      onOpen={() => reset()}
      act={() =>
        close.mutateAsync({ order_id: order, package_id: id, lines: [], close: true, label: said })
      }
      body={<LabelForm form={form} set={set} />}
    />
  );
}

function OpenPackage({ id, order }: OpenProps) {
  const say = useWords();
  const asked = useQuery({
    queryKey: ["record", "package", id],
    queryFn: () => record("/api/v1/packages/{id}", id),
  });
  if (asked.error) return <Problem error={asked.error} retry={() => asked.refetch()} />;
  if (asked.isPending) return <Loader role="status" aria-label={say("app.loading")} type="dots" />;
  const of = asked.data;
  return (
    <Box component="section" aria-label={of.package.number} mb="md">
      <Group justify="space-between" mb="xs">
        <Title order={2} size="h4">
          {of.package.number}
        </Title>
        <ClosePackage id={id} order={order} />
      </Group>
      <PackageLines of={of.lines} />
    </Box>
  );
}

/** What is picked and in no package yet, as the server told with the last scan. */
function Left({ of }: { of: Schemas["GoodsPacked"]["left"] }) {
  const say = useWords();
  const { quantity } = useFormats();
  if (of.length === 0) return <Alert color="teal">{say("pack.allIn")}</Alert>;
  return (
    <Text size="sm">
      {say("pack.left", {
        goods: of
          .map((one) => [quantity(one.quantity), one.sku, one.lot].filter(Boolean).join(" "))
          .join(", "),
      })}
    </Text>
  );
}

function Pack({ order }: { order: string }) {
  const say = useWords();
  const may = useMay();
  const [left, setLeft] = useState<Schemas["GoodsPacked"]["left"]>();
  const lines = useQuery({
    queryKey: ["list", "/api/v1/pick-lines", { order_id: order }],
    queryFn: () => list("/api/v1/pick-lines", { order_id: order, limit: "200" }),
  });
  const packages = useQuery({
    queryKey: ["list", "/api/v1/packages", { order_id: order }],
    queryFn: () => list("/api/v1/packages", { order_id: order, limit: "200" }),
  });
  const pack = useAct(
    "/api/v1/packages",
    ({ number, packed }) => say("done.packed", { sku: packed[0]?.sku ?? "", number }),
    (answer) => setLeft(answer.left),
  );
  const rows = packages.data?.lines ?? [];
  const open = rows.find(({ state }) => state === "open");
  const ready = rows.filter(({ state }) => state === "ready");
  /** The package that a scan has begun, until the list of packages shows it. */
  const begun = useRef<string>(undefined);
  const into = () => {
    const known = rows.find((one) => one.package_id === begun.current);
    const fresh = !known || known.state === "open" ? begun.current : undefined;
    return { order_id: order, package_id: open?.package_id ?? fresh ?? null, close: false };
  };
  const put = async (what: { lines: Schemas["PackScan"][]; everything?: boolean }) => {
    begun.current = (await pack.mutateAsync({ ...into(), ...what })).package_id;
  };
  const [first] = lines.data?.lines ?? [];
  return (
    <Box>
      <Group justify="space-between" mb="sm">
        <Title order={1}>
          {first ? say("pack.title", { order: first.order_number }) : say("page.packing")}
        </Title>
        <Group gap="xs">
          <Button
            variant="default"
            loading={pack.isPending}
            onClick={() => put({ lines: [], everything: true }).catch(() => undefined)}
          >
            {say("act.packAll")}
          </Button>
          {ready.length > 0 && may("sales.ship") && <ShipPackages of={ready} />}
        </Group>
      </Group>
      <ScanBar
        hint={open ? say("pack.into", { number: open.number }) : say("pack.intoNew")}
        send={(scan) => put({ lines: [scan] })}
      />
      {left && <Left of={left} />}
      {open && <OpenPackage id={open.package_id} order={order} />}
      <Title order={2} size="h4" mt="md" mb="xs">
        {say("page.pickLines")}
      </Title>
      <AskedTable asked={lines} rowKey={(row) => row.line_id} columns={PACKING} />
      <Title order={2} size="h4" mt="md" mb="xs">
        {say("page.packages")}
      </Title>
      <PackagesOf query={{ order_id: order }} />
      <Text size="sm" mt="md">
        <Way to={`/sales/orders/${order}`} className="plain-link">
          {say("pack.toOrder")}
        </Way>
      </Text>
    </Box>
  );
}

export default function Packing() {
  const { id } = useParams({ strict: false }) as { id: string };
  // Another order has packages of its own.
  return <Pack key={id} order={id} />;
}
