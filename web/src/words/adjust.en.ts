// English: stock is adjusted to the shelf, and what is changed of transfers, returns and counts.

export const adjustEn = {
  "act.adjust": "Adjust stock",
  "adjust.text":
    "What the shelf has more than the books is above zero, what is missing is below, in the stock unit.",
  "adjust.reasonHint": "Its account takes the difference; beyond its limit another person agrees",
  "adjust.evidenceHint": "Photos or papers; they become files of the first item",
  "adjust.done": "Adjusted as {number}",
  "adjust.waits": "{number} is beyond a limit: it waits until another person agrees.",
  "act.resolve": "Resolve",
  "act.resolveAll": "Resolve all conflicts",
  "act.refreshCount": "Read the books anew",
  "act.amendTransfer": "Amend",
  "act.closeReturn": "Close return",
  "done.closedReturn": "Closed: nothing more is expected",
  "conflict.title": "Goods moved between counting and applying",
  "conflict.text":
    "Say of the lines in conflict what holds, or have the books read anew and count them again.",
  "conflict.holds": "What holds",
  "conflict.rebase":
    "What moved came on top of what was counted: the difference is that of the moment of counting.",
  "conflict.keep_counted": "What was counted is what lies there now, whatever moved.",
  "conflict.recount": "Somebody counts these lines again.",
  "conflict.resolved": "Resolved: {n}. Still in conflict: {left}",
  "conflict.refreshed": "Read anew; lines whose goods had moved: {n}",
  "s.rebase": "what moved comes on top",
  "s.keep_counted": "what was counted",
  "s.recount": "count again",
};
