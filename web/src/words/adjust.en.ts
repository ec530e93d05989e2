// English: stock is adjusted to the shelf.

export const adjustEn = {
  "act.adjust": "Adjust stock",
  "adjust.text":
    "What the shelf has more than the books is above zero, what is missing is below, in the stock unit.",
  "adjust.reasonHint": "Its account takes the difference; beyond its limit another person agrees",
  "adjust.evidenceHint": "Photos or papers; they become files of the first item",
  "adjust.done": "Adjusted as {number}",
  "adjust.waits": "{number} is beyond a limit: it waits until another person agrees.",
};
