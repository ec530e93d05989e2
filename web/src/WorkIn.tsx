// Going on in another company: all that was read belongs to the one before, so the desk begins anew.
import { Button, Menu } from "@mantine/core";
import { IconBuilding } from "@tabler/icons-react";
import { useMutation, useQuery } from "@tanstack/react-query";
import { act, list, type Row } from "./api/client";
import { LineButton } from "./house/LineButton";
import { told } from "./house/Problem";
import { tell } from "./house/tell";
import { queries } from "./queries";
import { useSession } from "./session";
import { keeping, look } from "./shift/keeper";
import { vaultOf } from "./shift/vault";
import { useWords } from "./words";

type Company = Pick<Row<"/api/v1/companies">, "company_id" | "name">;

function useWorkIn() {
  const say = useWords();
  const own = vaultOf(useSession());
  return useMutation({
    mutationFn: async ({ company_id }: Company) => {
      // What waits on the device is sent in this company alone.
      await look();
      const waits = keeping().unsent.get(own);
      if (waits !== undefined) {
        tell(say, "wrong", say("company.unsent", { n: waits }));
        return;
      }
      await act("/api/v1/session/company", { company_id });
      queries.clear();
      window.location.assign("/");
    },
    onError: (error) => tell(say, "wrong", told(say, error)),
  });
}

export function WorkInButton({ of }: { of: Company }) {
  const say = useWords();
  const go = useWorkIn();
  return <LineButton onClick={() => go.mutate(of)}>{say("act.workIn")}</LineButton>;
}

function useOthers(): Company[] {
  const { data } = useQuery({
    queryKey: ["list", "/api/v1/session/companies", {}],
    queryFn: () => list("/api/v1/session/companies", {}),
  });
  return data?.lines.filter((one) => !one.is_current) ?? [];
}

/** The other companies in which the reader works, in the menu under the own name. */
export function OtherCompanies() {
  const say = useWords();
  const go = useWorkIn();
  const others = useOthers();
  if (others.length === 0) return null;
  return (
    <>
      <Menu.Divider />
      <Menu.Label>{say("company.others")}</Menu.Label>
      {others.map((one) => (
        <Menu.Item
          key={one.company_id}
          leftSection={<IconBuilding size={15} />}
          onClick={() => go.mutate(one)}
        >
          {one.name}
        </Menu.Item>
      ))}
    </>
  );
}

/** The way back for whom this company lets do nothing yet. */
export function WorkElsewhere() {
  const go = useWorkIn();
  return useOthers().map((one) => (
    <Button
      key={one.company_id}
      variant="subtle"
      leftSection={<IconBuilding size={15} />}
      onClick={() => go.mutate(one)}
    >
      {one.name}
    </Button>
  ));
}
