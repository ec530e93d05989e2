// A button in a line of a list: a plain one, as there may be one in each of its lines or more.
import type { ComponentProps } from "react";

interface LineButtonProps extends ComponentProps<"button"> {
  /** It only shows something, and looks so. */
  quiet?: boolean;
}

export function LineButton({ quiet, ...rest }: LineButtonProps) {
  return <button type="button" className="line-button" data-quiet={quiet || undefined} {...rest} />;
}
