// What there is to choose from, asked when it is needed.
import { useQuery } from "@tanstack/react-query";
import { list } from "../api/client";

interface Choice {
  value: string;
  label: string;
}

/** The reasons of stock that are in use. */
export function useReasons(enabled: boolean): Choice[] {
  const { data } = useQuery({
    queryKey: ["list", "/api/v1/reasons", {}],
    queryFn: () => list("/api/v1/reasons", {}),
    enabled,
  });
  const known = (data?.lines ?? []).filter((one) => one.active && !one.must_explain);
  return known.map(({ code, name }) => ({ value: code, label: name }));
}

/** The suppliers, as many as a choice can show. */
export function useSuppliers(enabled: boolean): Choice[] {
  const query = { supplier: "true", active: "true", limit: "200" };
  const { data } = useQuery({
    queryKey: ["list", "/api/v1/partners", query],
    queryFn: () => list("/api/v1/partners", query),
    enabled,
  });
  return (data?.lines ?? []).map(({ code, name }) => ({ value: code, label: `${name} (${code})` }));
}
