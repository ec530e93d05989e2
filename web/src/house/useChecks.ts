// The checks of the books. They take long, so that they are asked once for all pages, and again only by
// hand or when they are old.
import { useQuery } from "@tanstack/react-query";
import { list } from "../api/client";

const OLD = 5 * 60_000;

export function useChecks(enabled = true) {
  return useQuery({
    queryKey: ["checks"],
    queryFn: () => list("/api/v1/checks", {}),
    staleTime: OLD,
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
    enabled,
  });
}
