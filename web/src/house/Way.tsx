// A link within the desk: an anchor that leads there without loading the page anew. The router's own
// link hears of every change of the address, and menus and lists are full of links.
import { useRouter } from "@tanstack/react-router";
import type { ComponentProps, MouseEvent } from "react";

interface WayProps extends Omit<ComponentProps<"a">, "href"> {
  to: string;
}

/** Whether a click is meant for this page, and not for a window or a tab of its own. */
function isPlain(event: MouseEvent): boolean {
  const { button, metaKey, ctrlKey, shiftKey, altKey, defaultPrevented } = event;
  return button === 0 && !(metaKey || ctrlKey || shiftKey || altKey || defaultPrevented);
}

export function Way({ to, onClick, ...rest }: WayProps) {
  const router = useRouter();
  // What shows the page is loaded while one is still about to go there.
  const near = () => {
    // Who goes there is told what kept it away.
    router.preloadRoute({ to: to.split("?")[0] }).catch(() => undefined);
  };
  return (
    <a
      {...rest}
      href={to}
      onMouseEnter={near}
      onFocus={near}
      onClick={(event) => {
        onClick?.(event);
        if (!isPlain(event)) return;
        event.preventDefault();
        router.navigate({ href: to });
      }}
    />
  );
}
