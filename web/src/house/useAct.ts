// Doing something: once for a key, told when done, and told why when refused.
import { useMutation } from "@tanstack/react-query";
import { useRef } from "react";
import { type Asked, act, type VerbPath } from "../api/client";
import { areasOf, askAgain } from "../fresh";
import { useWords } from "../words";
import { told } from "./Problem";
import { tell } from "./tell";

/** What is told of an answer: that it is done, or that somebody has to look at it. */
type Said = string | { how: "look" | "wrong"; text: string };
type Answer<P extends VerbPath> = Awaited<ReturnType<typeof act<P>>>;

/**
 * A verb to be done from a page. Until it succeeds its key stays the same for the same request, so
 * that pressing twice, or again after a broken connection, does it once.
 */
export function useAct<P extends VerbPath>(
  path: P,
  done: (answer: Answer<P>) => Said,
  after?: (answer: Answer<P>) => void,
) {
  const say = useWords();
  const keyed = useRef<{ body: string; key: string }>(undefined);
  return useMutation({
    mutationFn: (body: Asked<P>) => {
      const text = JSON.stringify(body);
      if (keyed.current?.body !== text) keyed.current = { body: text, key: crypto.randomUUID() };
      return act(path, body, keyed.current.key);
    },
    onSuccess: async (answer) => {
      keyed.current = undefined;
      const said = done(answer);
      if (typeof said === "string") tell(say, "done", said);
      else tell(say, said.how, said.text);
      after?.(answer);
      await askAgain(areasOf(path));
    },
    onError: (error) => tell(say, "wrong", told(say, error)),
  });
}
