// English: orders that are changed after they were written, and what is to come of them.

export const buyingEn = {
  "act.amendOrder": "Amend",
  "act.closeShort": "Close short",
  "act.promise": "Enter promise",
  "amend.text":
    "What raises a total, a price or a quantity beyond the tolerance is agreed to again. An order that was sent has to be sent again.",
  "amend.added": "New lines",
  "amend.done": "Amended, revision {revision}",
  "amend.toApproval": "Amended, revision {revision}. It waits for approval again.",
  "amend.closeText": "The rest of these lines is no longer waited for.",
  "amend.closed": "Closed short",
  "amend.promiseText": "When the supplier says that it comes, and how much of it.",
  "amend.acceptBeyond": "Accept the quantities, though they differ beyond the tolerance",
  "amend.promisedLess":
    "Acknowledged. Later or less than ordered: line {lines}. Look at what waits for it.",
  "page.inbound": "Inbound calendar",
  "inbound.lines": "{n} lines",
  "inbound.none": "Nothing arrives in this month.",
  "inbound.late": "Late",
  "inbound.lateOf": "Late: {n}",
  "inbound.before": "The month before",
  "inbound.after": "The month after",
  "inbound.today": "This month",
  "inbound.cut": "More is due than is shown here. All of it is in",
  "s.rule": "rule",
  "s.lead_time": "lead time",
  "s.purchase_unit": "purchase unit",
  "s.cost": "cost",
  "s.tax_code": "tax code",
  "s.transfer_lead_time": "lead time between the warehouses",
};
