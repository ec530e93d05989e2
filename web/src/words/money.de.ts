// German: stock against the ledger.
import type { moneyEn } from "./money.en";

export const moneyDe: Record<keyof typeof moneyEn, string> = {
  "page.stockLedger": "Bestand gegen Hauptbuch",
  "page.stockLedgerDays": "Bestandskonten nach Tagen",
  "page.stockLedgerLines": "Bestand nach Artikel und Lager",
  "empty.stockLedgerDays": "Kein Tag weicht ab",
  "f.stockValue": "Bestandswert",
  "f.ledgerBalance": "Saldo im Hauptbuch",
  "f.differsSince": "Weicht ab seit",
  "f.differingOnly": "Nur Abweichungen",
  "f.valueChange": "Bestand geändert um",
  "f.ledgerChange": "Hauptbuch geändert um",
  "f.changeDifference": "Abweichung des Tages",
  "s.account": "Konto",
};
