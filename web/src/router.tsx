// Which address shows which screen. Each area's screens are loaded when first asked for.
import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
} from "@tanstack/react-router";
import { NotFound } from "./NotFound";
import { Shell } from "./Shell";

const root = createRootRoute({ component: Outlet, notFoundComponent: NotFound });

/** The search of an address as the texts that it is made of. */
function texts(search: Record<string, unknown>): Record<string, string> {
  return Object.fromEntries(Object.entries(search).map(([name, value]) => [name, String(value)]));
}

const shell = createRoute({ getParentRoute: () => root, id: "shell", component: Shell });

const outside = [
  createRoute({
    getParentRoute: () => root,
    path: "/sign-in",
    validateSearch: texts,
    component: lazyRouteComponent(() => import("./screens/SignIn")),
  }),
  createRoute({
    getParentRoute: () => root,
    path: "/set-up",
    component: lazyRouteComponent(() => import("./screens/SetUp")),
  }),
];

type Load = () => Promise<Record<string, unknown>>;

const page = (path: string, load: Load, name = "default") =>
  createRoute({
    getParentRoute: () => shell,
    path,
    validateSearch: texts,
    component: lazyRouteComponent(load as Parameters<typeof lazyRouteComponent>[0], name as never),
  });

const buying = () => import("./screens/buying");
const stock = () => import("./screens/stock");
const packages = () => import("./screens/Packages");
const sales = () => import("./screens/sales");
const stockReports = () => import("./screens/stockReports");
const buyingReports = () => import("./screens/buyingReports");
const salesReports = () => import("./screens/salesReports");
const books = () => import("./screens/books");
const settle = () => import("./screens/money/Settle");
const clearing = () => import("./screens/money/Clearing");
const costing = () => import("./screens/costing");
const stockLedger = () => import("./screens/stockLedger");
const data = () => import("./screens/data");
const rates = () => import("./screens/rates");
const supplyRules = () => import("./screens/supplyRules");
const system = () => import("./screens/system");
const openings = () => import("./screens/opening/Openings");
const ahead = () => import("./screens/Ahead");
const jobs = () => import("./screens/jobs");
const webhookLists = () => import("./screens/webhookLists");
const policies = () => import("./screens/policies");
const approvals = () => import("./screens/Approvals");
const nextCounts = () => import("./screens/counting/NextCounts");
const imports = () => import("./screens/imports");

const inside = [
  page("/", () => import("./screens/Home")),
  page("/buying/proposals", () => import("./screens/Proposals")),
  page("/buying/proposal-groups", () => import("./screens/ProposalGroups")),
  page("/buying/rules", () => import("./screens/Rules")),
  page("/buying/orders", buying, "PurchaseOrders"),
  page("/buying/orders/new", () => import("./screens/NewPurchaseOrder")),
  page("/buying/orders/$id", () => import("./screens/PurchaseOrder")),
  page("/buying/inbound", () => import("./screens/Inbound")),
  page("/buying/receipts", buying, "Receipts"),
  page("/buying/bills", () => import("./screens/Bills")),
  page("/buying/supplier-returns", () => import("./screens/SupplierReturns")),
  page("/buying/claims", () => import("./screens/Claims")),
  page("/buying/grni", buying, "Grni"),
  page("/buying/suppliers", data, "Suppliers"),
  page("/buying/offers", buying, "Offers"),
  page("/buying/readiness", buying, "ReadinessList"),
  page("/shift", () => import("./screens/shift/Shift")),
  page("/shift/queue", () => import("./screens/shift/Queue")),
  page("/shift/receive/$id", () => import("./screens/shift/Receive")),
  page("/shift/count/$id", () => import("./screens/shift/Count")),
  page("/shift/pick/$id", () => import("./screens/shift/Pick")),
  page("/shift/put-away", () => import("./screens/shift/PutAway")),
  page("/shift/transfer/$id", () => import("./screens/shift/Transfer")),
  page("/stock/items", stock, "Items"),
  page("/stock/items/$id", () => import("./screens/Item")),
  page("/stock/places", stock, "Places"),
  page("/stock/movements", stock, "Movements"),
  page("/stock/adjustments", () => import("./screens/Adjustments")),
  page("/stock/unexplained", () => import("./screens/Unexplained")),
  page("/stock/lots", () => import("./screens/Lots")),
  page("/stock/to-put-away", () => import("./screens/ToPutAway")),
  page("/stock/put-away", () => import("./screens/PutAway")),
  page("/stock/to-inspect", () => import("./screens/Inspection")),
  page("/stock/inspections", stock, "Inspections"),
  page("/stock/inspections-ahead", ahead),
  page("/stock/inspection-points", ahead, "InspectionPoints"),
  page("/stock/transfers", () => import("./screens/Transfers")),
  page("/stock/transfers/$id", () => import("./screens/Transfer")),
  page("/stock/picks", () => import("./screens/PickLists")),
  page("/stock/picks/$id", () => import("./screens/PickList")),
  page("/stock/pick-lines", () => import("./screens/OrderPicks")),
  page("/stock/packing/$id", () => import("./screens/Packing")),
  page("/stock/packages", packages),
  page("/stock/packages/$id", () => import("./screens/Package")),
  page("/stock/ready-packages", packages, "ReadyPackages"),
  page("/stock/blind-receipts", () => import("./screens/BlindReceipts")),
  page("/stock/blind-receipts/$id", () => import("./screens/BlindReceipt")),
  page("/stock/unknown-goods", () => import("./screens/UnknownGoods")),
  page("/stock/unknown-goods/$id", () => import("./screens/Unknown")),
  page("/stock/counts", () => import("./screens/Counts")),
  page("/stock/counts/$id", () => import("./screens/CountSheet")),
  page("/stock/next-counts", nextCounts),
  page("/stock/count-requests", nextCounts, "CountRequests"),
  page("/sales/orders", sales, "SalesOrders"),
  page("/sales/orders/$id", () => import("./screens/SalesOrder")),
  page("/sales/shipments", sales, "Shipments"),
  page("/sales/invoices", sales, "Invoices"),
  page("/sales/routes", sales, "OrderRoutes"),
  page("/sales/supplies", () => import("./screens/Supplies")),
  page("/sales/returns", sales, "Returns"),
  page("/sales/refunds", () => import("./screens/Refunds")),
  page("/sales/returns/$id", () => import("./screens/Return")),
  page("/books/trial-balance", books, "TrialBalance"),
  page("/books/journal", books, "Journal"),
  page("/books/journal/$id", () => import("./screens/Entry")),
  page("/books/ledger", books, "Ledger"),
  page("/books/open-items", () => import("./screens/OpenItems")),
  page("/books/close", () => import("./screens/Close")),
  page("/books/locks", books, "Locks"),
  page("/books/stock-value", books, "StockValue"),
  page("/books/stock-ledger", stockLedger, "StockLedger"),
  page("/books/stock-ledger/days", stockLedger, "StockLedgerDays"),
  page("/books/stock-ledger/lines", stockLedger, "StockLedgerLines"),
  page("/books/category-methods", costing, "CategoryMethods"),
  page("/books/costing-methods", costing, "ItemMethods"),
  page("/books/cost-changes", costing, "CostChanges"),
  page("/books/openings", openings, "Openings"),
  page("/books/openings/new", () => import("./screens/opening/OpenBooks")),
  page("/books/openings/documents", openings, "OpenedDocuments"),
  page("/books/openings/$id", () => import("./screens/opening/Opening")),
  page("/books/payments", books, "Payments"),
  page("/books/payments/receive", settle, "ReceivePayment"),
  page("/books/payments/pay", settle, "PaySupplier"),
  page("/books/payments/$id", () => import("./screens/money/Payment")),
  page("/books/clearing", clearing, "Clearing"),
  page("/books/payouts", clearing, "Payouts"),
  page("/data/import", () => import("./screens/Import")),
  page("/data/item-imports", imports, "ItemImports"),
  page("/data/item-imports/lines", imports, "ItemImportLines"),
  page("/data/partner-imports", imports, "PartnerImports"),
  page("/data/partner-imports/lines", imports, "PartnerImportLines"),
  page("/data/count-places", () => import("./screens/counting/CountPlaces")),
  page("/data/count-profiles", () => import("./screens/counting/Profiles")),
  page("/data/count-classes", () => import("./screens/counting/Classes")),
  page("/data/partners", data, "Partners"),
  page("/data/partners/$id", () => import("./screens/Partner")),
  page("/data/warehouses", data, "Warehouses"),
  page("/data/places", data, "Places"),
  page("/data/putaway-rules", () => import("./screens/PutawayRules")),
  page("/data/categories", data, "Categories"),
  page("/data/units", data, "Units"),
  page("/data/channels", data, "Channels"),
  page("/data/rankings", () => import("./screens/Rankings")),
  page("/data/accounts", data, "Accounts"),
  page("/data/tax-codes", rates, "TaxCodes"),
  page("/data/tax-rates", rates, "TaxRates"),
  page("/data/exchange-rates", rates, "ExchangeRates"),
  page("/data/reasons", data, "Reasons"),
  page("/data/inspection-rules", supplyRules, "InspectionRules"),
  page("/data/transfer-times", supplyRules, "TransferTimes"),
  page("/system/approvals", approvals),
  page("/system/approval-history", approvals, "ApprovalHistory"),
  page("/system/approval-rules", () => import("./screens/ApprovalRules")),
  page("/system/delegations", () => import("./screens/Delegations")),
  page("/data/documents", () => import("./screens/Documents")),
  page("/system/mails", () => import("./screens/Mails")),
  page("/system/webhooks", () => import("./screens/Webhooks")),
  page("/system/webhook-deliveries", webhookLists, "Deliveries"),
  page("/system/webhook-attempts", webhookLists, "Attempts"),
  page("/system/jobs", jobs, "Jobs"),
  page("/system/job-runs", jobs, "JobRuns"),
  page("/system/policies", policies, "Policies"),
  page("/system/duties", policies, "Duties"),
  page("/system/companies", () => import("./screens/Companies")),
  page("/system/users", () => import("./screens/Users")),
  page("/system/roles", () => import("./screens/Roles")),
  page("/system/grants", () => import("./screens/Grants")),
  page("/system/keys", () => import("./screens/Keys")),
  page("/system/audit", system, "Audit"),
  page("/system/checks", () => import("./screens/Checks")),
  page("/reports/overview", () => import("./screens/Reports")),
  page("/reports/stock-card", () => import("./screens/StockCard")),
  page("/reports/stock-aging", stockReports, "StockAging"),
  page("/reports/stock-aging/lines", stockReports, "AgedStock"),
  page("/reports/adjustments", stockReports, "AdjustmentRates"),
  page("/reports/adjustments/lines", stockReports, "AdjustedLines"),
  page("/reports/count-accuracy", stockReports, "CountAccuracy"),
  page("/reports/turnover", stockReports, "Turnover"),
  page("/reports/open-purchase-lines", buyingReports, "OpenPurchaseLines"),
  page("/reports/purchase-cycle", buyingReports, "PurchaseCycle"),
  page("/reports/purchase-cycle/lines", buyingReports, "CycleOrders"),
  page("/reports/supplier-performance", buyingReports, "SupplierPerformance"),
  page("/reports/supplier-performance/lines", buyingReports, "DeliveredLines"),
  page("/reports/fill-rate", salesReports, "FillRate"),
  page("/reports/fill-rate/lines", salesReports, "FilledLines"),
  page("/reports/order-ages", salesReports, "OrderAges"),
  page("/reports/order-ages/lines", salesReports, "OpenDemands"),
  page("/reports/return-times", salesReports, "ReturnTimes"),
  page("/reports/return-times/lines", salesReports, "ReturnedGoods"),
  page("/reports/tax", salesReports, "TaxReport"),
  page("/security", () => import("./screens/security/Security")),
  page("/sessions", () => import("./screens/Sessions")),
];

export const router = createRouter({
  routeTree: root.addChildren([...outside, shell.addChildren(inside)]),
  defaultPreload: "intent",
  scrollRestoration: true,
  parseSearch: (text) => Object.fromEntries(new URLSearchParams(text)),
  stringifySearch: (search) => {
    const text = new URLSearchParams(search as Record<string, string>).toString();
    return text ? `?${text}` : "";
  },
});
