// What was asked of the server is kept for a while; a session that is over leads to the sign-in.
import { QueryCache, QueryClient } from "@tanstack/react-query";
import { Refusal } from "./api/client";
import { keeping } from "./shift/keeper";

function signInAgain(error: Error) {
  // The company asks for a second factor since: the session tells so, and the desk has it set up.
  if (error instanceof Refusal && error.code === "second_factor_missing") {
    queries.invalidateQueries({ queryKey: ["session"] });
  }
  const over = error instanceof Refusal && error.status === 401;
  const { pathname, search } = window.location;
  // Whoever works with what is on the device goes on; the queue says that it waits for a sign-in.
  if (pathname.startsWith("/shift") && keeping().open) return;
  if (!over || pathname === "/sign-in" || pathname === "/set-up") return;
  const then = pathname === "/" ? "" : `?then=${encodeURIComponent(pathname + search)}`;
  window.location.assign(`/sign-in${then}`);
}

export const queries = new QueryClient({
  queryCache: new QueryCache({ onError: signInAgain }),
  defaultOptions: {
    queries: {
      staleTime: 15_000,
      retry: (count, error) => count < 2 && !(error instanceof Refusal && error.status < 500),
    },
    mutations: { onError: signInAgain },
  },
});
