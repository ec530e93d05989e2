// Who is signed in, and what he may.
import { useQuery } from "@tanstack/react-query";
import { createContext, useCallback, useContext } from "react";
import { type Schemas, who } from "./api/client";

type SignedIn = Schemas["SignedIn"];

const Session = createContext<SignedIn | undefined>(undefined);

export const SessionProvider = Session.Provider;

export function useWho() {
  return useQuery({
    queryKey: ["session"],
    queryFn: who,
    staleTime: 60_000,
    // Without a network it has to fail, so that what is on the device can be shown.
    networkMode: "always",
    retry: false,
  });
}

export function useSession(): SignedIn {
  const session = useContext(Session);
  if (!session) throw new Error("a page inside the shell knows who is signed in");
  return session;
}

/** Tells whether the reader holds a permission somewhere. */
export function useMay(): (permission: string) => boolean {
  const { permissions } = useSession();
  return useCallback((permission) => permissions.includes(permission), [permissions]);
}
