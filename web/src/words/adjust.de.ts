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
};
