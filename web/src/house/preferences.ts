// What the browser remembers: how things are shown, never what they are.
import { useLocalStorage } from "@mantine/hooks";

/** A display preference under a name. */
export function usePreference<T>(name: string, initial: T) {
  return useLocalStorage<T>({
    key: `purser.${name}`,
    defaultValue: initial,
    getInitialValueInEffect: false,
  });
}
