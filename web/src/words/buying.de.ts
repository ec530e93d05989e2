// German: the compiler refuses a missing key or a superfluous one.
import type { buyingEn } from "./buying.en";

export const buyingDe: Record<keyof typeof buyingEn, string> = {
  "act.amendOrder": "Ändern",
  "act.closeShort": "Rest schließen",
  "act.promise": "Zusage eingeben",
  "amend.text":
    "Was Summe, Preis oder Menge über die Toleranz hebt, wird erneut genehmigt. Eine gesendete Bestellung ist erneut zu senden.",
  "amend.added": "Neue Zeilen",
  "amend.done": "Geändert, Revision {revision}",
  "amend.toApproval": "Geändert, Revision {revision}. Sie wartet wieder auf Genehmigung.",
  "amend.closeText": "Auf den Rest dieser Zeilen wird nicht mehr gewartet.",
  "amend.closed": "Rest geschlossen",
  "amend.promiseText": "Wann es nach Auskunft des Lieferanten kommt, und wie viel davon.",
  "amend.acceptBeyond": "Die Mengen annehmen, obwohl sie über die Toleranz hinaus abweichen",
  "amend.promisedLess":
    "Bestätigt. Später oder weniger als bestellt: Zeile {lines}. Sehen Sie nach, was darauf wartet.",
  "page.inbound": "Eingangskalender",
  "inbound.lines": "{n} Zeilen",
  "inbound.none": "In diesem Monat kommt nichts.",
  "inbound.late": "Überfällig",
  "inbound.lateOf": "Überfällig: {n}",
  "inbound.before": "Der Monat davor",
  "inbound.after": "Der Monat danach",
  "inbound.today": "Dieser Monat",
  "inbound.cut": "Mehr ist fällig, als hier steht. Alles steht in",
  "s.rule": "Regel",
  "s.lead_time": "Lieferzeit",
  "s.purchase_unit": "Einkaufseinheit",
  "s.cost": "Einstandspreis",
  "s.tax_code": "Steuerschlüssel",
  "s.transfer_lead_time": "Dauer zwischen den Lagerorten",
};
