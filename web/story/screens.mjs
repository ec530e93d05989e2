// Every screen, by its address; a record's is found from its list.

/** The screens that need no record. */
const LISTS = [
  "/",
  "/buying/proposals",
  "/buying/orders",
  "/buying/orders/new",
  "/buying/receipts",
  "/buying/bills",
  "/buying/grni",
  "/buying/claims",
  "/buying/suppliers",
  "/buying/offers",
  "/buying/readiness",
  "/shift",
  "/shift/queue",
  "/stock/items",
  "/stock/places",
  "/stock/movements",
  "/stock/adjustments",
  "/stock/unexplained",
  "/stock/lots",
  "/stock/to-inspect",
  "/stock/inspections",
  "/stock/transfers",
  "/stock/counts",
  "/stock/picks",
  "/stock/pick-lines",
  "/stock/packages",
  "/stock/ready-packages",
  "/sales/orders",
  "/sales/shipments",
  "/sales/invoices",
  "/sales/routes",
  "/sales/supplies",
  "/sales/returns",
  "/sales/refunds",
  "/books/trial-balance",
  "/books/journal",
  "/books/open-items",
  "/books/close",
  "/books/locks",
  "/books/stock-value",
  "/books/payments",
  "/reports/overview",
  "/reports/stock-card",
  "/reports/stock-aging",
  "/reports/stock-aging/lines",
  "/reports/adjustments",
  "/reports/adjustments/lines",
  "/reports/count-accuracy",
  "/reports/turnover",
  "/reports/open-purchase-lines",
  "/reports/purchase-cycle",
  "/reports/purchase-cycle/lines",
  "/reports/supplier-performance",
  "/reports/supplier-performance/lines",
  "/reports/fill-rate",
  "/reports/fill-rate/lines",
  "/reports/order-ages",
  "/reports/order-ages/lines",
  "/reports/return-times",
  "/reports/return-times/lines",
  "/reports/tax",
  "/data/import",
  "/data/partners",
  "/data/warehouses",
  "/data/categories",
  "/data/units",
  "/data/channels",
  "/data/rankings",
  "/data/accounts",
  "/data/reasons",
  "/system/approvals",
  "/system/approval-history",
  "/system/approval-rules",
  "/system/delegations",
  "/system/users",
  "/system/audit",
  "/system/roles",
  "/system/grants",
  "/system/keys",
  "/system/checks",
  "/sessions",
];

/** Lists whose first line leads to a record of its own. */
const RECORDS = [
  ["purchase-orders", "/buying/orders", "order_id"],
  ["sales-orders", "/sales/orders", "order_id"],
  ["items", "/stock/items", "item_id"],
  ["partners?supplier=true", "/data/partners", "partner_id"],
  ["transfers", "/stock/transfers", "transfer_id"],
  ["counts", "/stock/counts", "count_id"],
  ["pick-lists", "/stock/picks", "list_id"],
  ["packages", "/stock/packages", "package_id"],
  ["packages", "/stock/packing", "order_id"],
  ["returns", "/sales/returns", "return_id"],
];

/** The addresses of all screens, a record of each kind that there is among them. */
export async function screens(page) {
  const found = [...LISTS];
  for (const [list, under, id] of RECORDS) {
    const first = await page.evaluate(async (name) => {
      const answer = await fetch(`/api/v1/${name}${name.includes("?") ? "&" : "?"}limit=1`);
      return (await answer.json()).lines[0];
    }, list);
    if (first) found.push(`${under}/${first[id]}`);
  }
  return found;
}
