// The areas and their pages: the menu, the palette and the shortcuts read the same list.
import {
  IconBook2,
  IconBuildingWarehouse,
  IconDatabase,
  IconHome,
  IconReceipt,
  IconReportAnalytics,
  IconSettings,
  IconShoppingCart,
  type TablerIcon,
} from "@tabler/icons-react";
import type { Word } from "./words";

interface PageInfo {
  to: string;
  word: Word;
  /** Any of these lets the reader see it. */
  permissions: string[];
  /** What the reader needs besides. */
  besides?: string;
}

/** Whether a page is one for who may do this. */
export function isOpen({ permissions, besides }: PageInfo, may: (permission: string) => boolean) {
  return permissions.some(may) && (besides === undefined || may(besides));
}

interface Area {
  word: Word;
  /** The letter that follows g. */
  letter: string;
  icon: TablerIcon;
  pages: PageInfo[];
}

const page = (to: string, word: Word, ...permissions: string[]): PageInfo => ({
  to,
  word,
  permissions,
});

export const HOME = { word: "area.home", letter: "h", icon: IconHome } as const;

/** What lets somebody take files over, of one kind of record or another. */
const IMPORTS = [
  "catalog.import",
  "partners.import",
  "purchasing.offer",
  "planning.rule",
  "sales.accept",
  "picking.pack",
];

/** What lets somebody work on what is taken along. */
const SHIFT = [
  "purchasing.receive",
  "counting.count",
  "picking.pick",
  "stock.put_away",
  "stock.send_transfer",
  "stock.receive_transfer",
];

/** What lets somebody see one report or another. */
const REPORTS = [
  "stock.read",
  "purchasing.read",
  "quality.read",
  "sales.read",
  "valuation.read",
  "accounting.view",
  "counting.read",
];

export const AREAS: Area[] = [
  {
    word: "area.buying",
    letter: "b",
    icon: IconShoppingCart,
    pages: [
      page("/buying/proposals", "page.proposals", "planning.read"),
      page("/buying/proposal-groups", "page.proposalGroups", "planning.read"),
      page("/buying/orders", "page.purchaseOrders", "purchasing.read"),
      page("/buying/inbound", "page.inbound", "purchasing.read", "stock.read"),
      page("/buying/receipts", "page.receipts", "purchasing.read"),
      page("/buying/bills", "page.bills", "purchasing.read"),
      page("/buying/grni", "page.grni", "purchasing.read"),
      page("/buying/supplier-returns", "page.supplierReturns", "purchasing.read"),
      page("/buying/claims", "page.claims", "quality.read"),
      page("/buying/suppliers", "page.suppliers", "partners.read"),
      page("/buying/offers", "page.offers", "purchasing.read"),
      page("/buying/rules", "page.rules", "planning.read"),
      page("/buying/readiness", "page.readiness", "planning.read"),
    ],
  },
  {
    word: "area.stock",
    letter: "s",
    icon: IconBuildingWarehouse,
    pages: [
      page("/shift", "page.shift", ...SHIFT),
      page("/stock/items", "page.items", "catalog.read"),
      page("/stock/places", "page.stock", "stock.read"),
      page("/stock/movements", "page.movements", "stock.read"),
      page("/stock/lots", "page.lots", "stock.read"),
      page("/stock/blind-receipts", "page.blindReceipts", "receiving.read", "receiving.scan"),
      page("/stock/unknown-goods", "page.unknownGoods", "receiving.read"),
      page("/stock/to-put-away", "page.toPutAway", "stock.read"),
      page("/stock/put-away", "page.putAway", "stock.put_away"),
      page("/stock/to-inspect", "page.toInspect", "quality.read"),
      page("/stock/inspections", "page.inspections", "quality.read"),
      page("/stock/inspections-ahead", "page.ahead", "quality.read"),
      page("/stock/inspection-points", "page.points", "quality.read"),
      page("/stock/picks", "page.pickLists", "picking.read"),
      page("/stock/pick-lines", "page.pickLines", "picking.read"),
      page("/stock/packages", "page.packages", "picking.read"),
      page("/stock/ready-packages", "page.readyPackages", "picking.pack"),
      page("/stock/transfers", "page.transfers", "stock.read"),
      page("/stock/counts", "page.counts", "counting.read"),
      page("/stock/next-counts", "page.nextCounts", "counting.read"),
      page("/stock/count-requests", "page.countRequests", "counting.read"),
      page("/stock/adjustments", "page.adjustments", "stock.read"),
      page("/stock/unexplained", "page.unexplained", "stock.read"),
    ],
  },
  {
    word: "area.sales",
    letter: "o",
    icon: IconReceipt,
    pages: [
      page("/sales/orders", "page.salesOrders", "sales.read"),
      page("/sales/shipments", "page.shipments", "sales.read"),
      page("/sales/invoices", "page.invoices", "sales.read"),
      page("/sales/routes", "page.routes", "fulfilment.read"),
      page("/sales/supplies", "page.supplies", "fulfilment.read"),
      page("/sales/returns", "page.returns", "quality.read"),
      page("/sales/refunds", "page.refunds", "quality.read"),
    ],
  },
  {
    word: "area.books",
    letter: "l",
    icon: IconBook2,
    pages: [
      page("/books/trial-balance", "page.trialBalance", "accounting.view"),
      page("/books/journal", "page.journal", "accounting.view"),
      page("/books/open-items", "page.openItems", "accounting.view"),
      page("/books/close", "page.close", "accounting.view"),
      page("/books/stock-value", "page.stockValue", "valuation.read"),
      {
        ...page("/books/stock-ledger", "page.stockLedger", "accounting.view"),
        besides: "valuation.read",
      },
      page("/books/category-methods", "page.categoryMethods", "valuation.read"),
      page("/books/costing-methods", "page.itemMethods", "valuation.read"),
      page("/books/cost-changes", "page.costChanges", "valuation.read"),
      page("/books/payments", "page.payments", "payments.read"),
      page("/books/clearing", "page.clearing", "accounting.view"),
      page("/books/payouts", "page.payouts", "payments.read"),
      page("/books/openings", "page.openings", "opening.read"),
    ],
  },
  {
    word: "area.reports",
    letter: "r",
    icon: IconReportAnalytics,
    pages: [
      page("/reports/overview", "page.reports", ...REPORTS),
      page("/reports/stock-card", "page.stockCard", "stock.read"),
      page("/reports/stock-aging", "page.stockAging", "stock.read"),
      page("/reports/adjustments", "page.adjustmentRates", "stock.read"),
      page("/reports/count-accuracy", "page.countAccuracy", "counting.read"),
      page("/reports/turnover", "page.turnover", "valuation.read"),
      page("/reports/open-purchase-lines", "page.openPurchaseLines", "purchasing.read"),
      page("/reports/purchase-cycle", "page.purchaseCycle", "purchasing.read"),
      page("/reports/supplier-performance", "page.supplierPerformance", "purchasing.read"),
      page("/reports/fill-rate", "page.fillRate", "sales.read"),
      page("/reports/order-ages", "page.orderAges", "sales.read"),
      page("/reports/return-times", "page.returnTimes", "quality.read"),
      page("/reports/tax", "page.taxReport", "accounting.view"),
    ],
  },
  {
    word: "area.data",
    letter: "d",
    icon: IconDatabase,
    pages: [
      page("/data/partners", "page.partners", "partners.read"),
      page("/data/warehouses", "page.warehouses", "stock.read"),
      page("/data/places", "page.places", "stock.read"),
      page("/data/putaway-rules", "page.putawayRules", "stock.read"),
      page("/data/categories", "page.categories", "catalog.read"),
      page("/data/units", "page.units", "catalog.read"),
      page("/data/channels", "page.channels", "sales.read"),
      page("/data/rankings", "page.rankings", "fulfilment.read"),
      page("/data/accounts", "page.accounts", "accounting.view"),
      page("/data/tax-codes", "page.taxCodes", "accounting.view"),
      page("/data/exchange-rates", "page.exchangeRates", "accounting.view"),
      page("/data/reasons", "page.reasons", "stock.read"),
      page("/data/count-places", "page.countPlaces", "counting.read"),
      page("/data/count-profiles", "page.countProfiles", "counting.read"),
      page("/data/count-classes", "page.countClasses", "counting.read"),
      page("/data/inspection-rules", "page.inspectionRules", "purchasing.read"),
      page("/data/transfer-times", "page.transferTimes", "stock.read"),
      page("/data/documents", "page.documents", "documents.read"),
      page("/data/import", "page.import", ...IMPORTS),
      page("/data/item-imports", "page.itemImports", "catalog.read"),
      page("/data/partner-imports", "page.partnerImports", "partners.read"),
    ],
  },
  {
    word: "area.system",
    letter: "y",
    icon: IconSettings,
    pages: [
      page("/system/approvals", "page.approvals", "identity.decide"),
      page("/system/approval-history", "page.approvalHistory", "identity.read"),
      page("/system/approval-rules", "page.approvalRules", "identity.read"),
      page("/system/delegations", "page.delegations", "identity.decide"),
      page("/system/mails", "page.mails", "mail.read"),
      page("/system/webhooks", "page.webhooks", "webhooks.read"),
      page("/system/webhook-deliveries", "page.webhookDeliveries", "webhooks.read"),
      page("/system/webhook-attempts", "page.webhookAttempts", "webhooks.read"),
      page("/system/jobs", "page.jobs", "jobs.read"),
      page("/system/job-runs", "page.jobRuns", "jobs.read"),
      page("/system/policies", "page.policies", "identity.read"),
      page("/system/duties", "page.duties", "identity.read"),
      page("/system/companies", "page.companies", "identity.read"),
      page("/system/users", "page.users", "identity.read"),
      page("/system/roles", "page.roles", "identity.read"),
      page("/system/grants", "page.grants", "identity.read"),
      page("/system/keys", "page.keys", "identity.read"),
      page("/system/audit", "page.audit", "identity.audit"),
      page("/system/checks", "page.checks", "reconcile.read"),
    ],
  },
];
