// Attaching a file to a record: once for a key, told when done, and told why when refused.
import { useMutation } from "@tanstack/react-query";
import { useRef } from "react";
import { type AttachTo, attachFile } from "../api/client";
import { areasOf, askAgain } from "../fresh";
import { useWords } from "../words";
import { told } from "./Problem";
import { tell } from "./tell";

export function useAttach() {
  const say = useWords();
  const keyed = useRef<{ file: File; to: string; key: string }>(undefined);
  return useMutation({
    mutationFn: ({ to, file }: { to: AttachTo; file: File }) => {
      const text = JSON.stringify(to);
      const known = keyed.current;
      if (known?.file !== file || known.to !== text) {
        keyed.current = { file, to: text, key: crypto.randomUUID() };
      }
      return attachFile(to, file, keyed.current?.key);
    },
    onSuccess: async ({ repeated, version }) => {
      keyed.current = undefined;
      if (repeated) tell(say, "look", say("files.repeated"));
      else tell(say, "done", say("files.attached", { version }));
      await askAgain(areasOf("/api/v1/documents"));
    },
    onError: (error) => tell(say, "wrong", told(say, error)),
  });
}
