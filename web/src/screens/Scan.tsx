// Codes that are scanned or typed one after the other, each with a quantity, and the lot where the
// server asks for it.
import { Alert, Box, Button, Group, TextInput } from "@mantine/core";
import { type FormEvent, useRef, useState } from "react";
import { Refusal } from "../api/client";
import { DecimalField, useDecimal } from "../house/fields";
import { told } from "../house/Problem";
import { giveBack, useScanner } from "../house/useScanner";
import { useWords } from "../words";

export interface Scanned {
  code: string;
  lot: string | null;
  quantity: string | null;
}

interface ScanBarProps {
  /** What the next code is of. */
  hint: string;
  /** Hears a code before it is taken for goods: whether it was something else, or what is wrong. */
  first?: (code: string) => boolean | string;
  /** Codes are scanned without saying how many. */
  plain?: boolean;
  send: (scan: Scanned) => Promise<unknown>;
}

export function ScanBar({ hint, first, plain, send }: ScanBarProps) {
  const say = useWords();
  const decimal = useDecimal();
  const [code, setCode] = useState("");
  const [quantity, setQuantity] = useState("");
  const [wrong, setWrong] = useState<string>();
  /** Goods whose lot is scanned next. */
  const [waits, setWaits] = useState<Scanned>();
  const asked = useRef<Scanned>(undefined);
  // A code after the other: two scans of the same goods are two acts, however fast they come.
  const turn = useRef<Promise<unknown>>(Promise.resolve());
  const wait = (scan: Scanned | undefined) => {
    asked.current = scan;
    setWaits(scan);
  };
  const number = quantity.trim() === "" ? null : decimal(quantity);
  const take = async (text: string, many: string | null) => {
    const other = asked.current ? false : first?.(text);
    if (other) {
      setWrong(other === true ? undefined : other);
      return;
    }
    const scan = asked.current
      ? { ...asked.current, lot: text }
      : { code: text, lot: null, quantity: many };
    wait(undefined);
    try {
      await send(scan);
      setWrong(undefined);
      setQuantity("");
    } catch (error) {
      setWrong(told(say, error));
      if (error instanceof Refusal && error.code === "lot_missing") wait(scan);
    }
  };
  const heard = (text: string) => {
    const many = number;
    if (many === undefined) return;
    turn.current = turn.current.then(() => take(text, many));
  };
  useScanner((text, into) => {
    // A code that is scanned into a field of a quantity is no quantity.
    if (into) giveBack(into);
    heard(text);
  });
  const onSubmit = (event: FormEvent) => {
    event.preventDefault();
    const text = code.trim();
    if (text) heard(text);
    setCode("");
  };
  return (
    <Box mb="sm" className="no-print">
      <form onSubmit={onSubmit}>
        <Group gap="xs" align="flex-start" wrap="nowrap">
          <TextInput
            style={{ flex: 1, minWidth: 0 }}
            label={say(waits ? "f.lot" : "pick.code")}
            description={waits ? say("pick.lotNext", { code: waits.code }) : hint}
            value={code}
            autoComplete="off"
            onChange={(event) => setCode(event.currentTarget.value)}
          />
          {!plain && (
            <Box w={84}>
              <DecimalField
                word="f.quantity"
                hint={say("pick.one")}
                value={quantity}
                change={setQuantity}
                scan
              />
            </Box>
          )}
        </Group>
        <Group gap="xs" mt={6}>
          <Button type="submit" variant="default" disabled={number === undefined || !code.trim()}>
            {say("act.enterCode")}
          </Button>
          {waits && (
            <Button variant="subtle" onClick={() => wait(undefined)}>
              {say("pick.noLot")}
            </Button>
          )}
        </Group>
      </form>
      {wrong && (
        <Alert color={waits ? "orange" : "red"} mt="xs" role="alert">
          {wrong}
        </Alert>
      )}
    </Box>
  );
}
