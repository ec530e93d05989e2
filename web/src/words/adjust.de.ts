// German: the compiler refuses a missing key or a superfluous one.
import type { adjustEn } from "./adjust.en";

export const adjustDe: Record<keyof typeof adjustEn, string> = {
  "act.adjust": "Bestand anpassen",
  "adjust.text":
    "Was das Regal mehr hat als die Bücher, ist größer als null, was fehlt, kleiner, in der Lagereinheit.",
  "adjust.reasonHint":
    "Sein Konto nimmt die Differenz auf; über seiner Grenze stimmt eine zweite Person zu",
  "adjust.evidenceHint": "Fotos oder Papiere; sie werden Dateien des ersten Artikels",
  "adjust.done": "Angepasst als {number}",
  "adjust.waits":
    "{number} liegt über einer Grenze und wartet auf die Zustimmung einer zweiten Person.",
  "act.resolve": "Auflösen",
  "act.resolveAll": "Alle Konflikte auflösen",
  "act.refreshCount": "Bücher neu lesen",
  "act.amendTransfer": "Ändern",
  "act.closeReturn": "Rücksendung schließen",
  "done.closedReturn": "Geschlossen: mehr wird nicht erwartet",
  "conflict.title": "Zwischen Zählen und Anwenden hat sich Ware bewegt",
  "conflict.text":
    "Sagen Sie für die Zeilen im Konflikt, was gilt, oder lassen Sie die Bücher neu lesen und zählen Sie noch einmal.",
  "conflict.holds": "Was gilt",
  "conflict.rebase":
    "Was sich bewegt hat, kommt zum Gezählten hinzu: Die Differenz ist die des Zählmoments.",
  "conflict.keep_counted": "Das Gezählte liegt jetzt dort, was auch immer sich bewegt hat.",
  "conflict.recount": "Jemand zählt diese Zeilen noch einmal.",
  "conflict.resolved": "Aufgelöst: {n}. Noch im Konflikt: {left}",
  "conflict.refreshed": "Neu gelesen; Zeilen, deren Ware sich bewegt hatte: {n}",
  "s.rebase": "Bewegtes kommt hinzu",
  "s.keep_counted": "das Gezählte",
  "s.recount": "noch einmal zählen",
};
