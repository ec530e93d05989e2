// English: stock against the ledger.

export const moneyEn = {
  "page.stockLedger": "Stock against ledger",
  "page.stockLedgerDays": "Stock accounts by day",
  "page.stockLedgerLines": "Stock by item and warehouse",
  "empty.stockLedgerDays": "No day differs",
  "f.stockValue": "Value of stock",
  "f.ledgerBalance": "Ledger balance",
  "f.differsSince": "Differs since",
  "f.differingOnly": "Differing only",
  "f.valueChange": "Stock changed by",
  "f.ledgerChange": "Ledger changed by",
  "f.changeDifference": "Difference of the day",
  "s.account": "account",
};
