// English: what each list is for, and how its lines come about. Each list has one.

export const helpEn = {
  "help.purchaseOrders":
    "Orders to suppliers, from draft to paid. A draft is submitted; beyond the buyer's limit somebody approves it; then it is sent, acknowledged, received and billed.",
  "help.proposals":
    "What should be ordered, or brought from another warehouse, and why: from the rule of each item, stock, what is coming and what will be needed. Filter by supplier or warehouse, select lines to approve them into orders and transfers, or dismiss them for a while.",
  "help.proposalGroups":
    "What would be ordered from each supplier, or come from each warehouse, in one line with its worth. Open a line for its proposals, or approve all of it at once.",
  "help.rules":
    "How much of an item there shall be at a place, and who supplies it: suppliers by their offers, or another warehouse. Replenishment looks at every rule; rules come in by import, too.",
  "help.receipts":
    "Deliveries from suppliers, as they were taken in. A receipt is made on its order with Receive; its value stands as received, not billed, until the bill comes.",
  "help.bills":
    "Suppliers' bills, matched line by line with order and receipt. Compare shows where they differ; a mismatch is accepted with a reason, or settled with the supplier.",
  "help.grni":
    "What arrived and was not billed, or was billed and did not arrive, by order line. Lines leave when bill and receipt agree; what stays long needs a question to the supplier.",
  "help.claims":
    "What suppliers owe for goods that were wrong. A claim is opened by an inspection or a return's decision, and ends with a credit note, a replacement or a write-off.",
  "help.suppliers":
    "Whom we buy from. A supplier is a partner that may be ordered from; suppliers come in by import, and their prices are in Offers.",
  "help.offers":
    "Suppliers' prices for items from a quantity on, with lead times. An order without a price takes the offer for its quantity; replenishment chooses among them. Offers come in by import.",
  "help.readiness":
    "What an item lacks before it can be replenished by itself: an offer, a lead time, a rule. Complete what is missing and the item becomes ready.",
  "help.items":
    "What is bought, kept and sold. Open an item for its stock, what is coming and going, and its prices. Items come in by import; a scanner leads here from anywhere.",
  "help.stock":
    "What lies where, by place and lot. Quarantine may not be sold, transit is on its way. Stock changes by receipts, shipments, transfers and counts, never by hand here.",
  "help.movements":
    "Every move of goods from a place to a place, with its value and what caused it. Nothing is deleted: a mistake is moved back.",
  "help.lots":
    "Goods that came together and can be told apart, with their expiry. Those that expire first are picked first; look by day for what is to be sold off in time.",
  "help.toInspect":
    "Received goods in quarantine that somebody has to look at. Inspect passes them into stock, or says what is wrong and what becomes of them.",
  "help.toPutAway":
    "Received goods that lie where they came in, with the place that each goes to by the put-away rules. What is kept for orders is picked from where it lies. Select lines to put them away as proposed, or open one to do it by scan.",
  "help.nextCounts":
    "When each place that holds stock is counted next: by its cycle or that of a place around it, on the company's yearly day, or with a profile because the class of an item there is due. What is overdue is counted tomorrow. Plan counts puts what is due on sheets.",
  "help.countRequests":
    "Places that ran empty and ask to be looked at, because a rule of theirs says so. They are here until somebody has counted them, or goods come in again.",
  "help.countPlaces":
    "Rules of places: every how many days they are counted, whether an empty one is looked at, and how far off a count may be. A rule holds for the places inside that have none of their own.",
  "help.countProfiles":
    "Into which classes items fall by the value that left, and every how many days each class is counted. Items keep their class until they are classified anew.",
  "help.countClasses":
    "The class that each item has now, with the value that left, its rank, and since when it has this class without a break.",
  "help.itemImports":
    "Files of items that were taken over, the newest first. One is taken back as long as nobody has changed what it wrote: what it made is retired, what it changed is put back. A line leads to the items of the file.",
  "help.itemImportLines":
    "The items that imports made or changed, with what was changed. What somebody changed since stands against taking its import back.",
  "help.partnerImports":
    "Files of suppliers and customers that were taken over, the newest first. One is taken back as long as nobody has changed what it wrote: what it made is retired, what it changed is put back. A line leads to the partners of the file.",
  "help.partnerImportLines":
    "The partners that imports made or changed, with what was changed. What somebody changed since stands against taking its import back.",
  "help.putawayRules":
    "Where goods of an item shall lie, and how much of them a place has room for. Places are filled by priority; what no rule has room for goes into stock.",
  "help.ledger":
    "The lines that touch one account, oldest first, each with the balance after it. Open a line for its entry with all sides.",
  "help.inspections":
    "What was found of received goods, by whom, and what became of them. Lines appear as goods are inspected.",
  "help.transfers":
    "Goods on their way between two warehouses: planned, sent, received. What does not arrive stands as missing until it is explained.",
  "help.counts":
    "Sheets on which shelf and books are compared. Open one for a warehouse, enter what lies there, then apply it: the differences are booked with a reason.",
  "help.adjustments":
    "Corrections of stock to the shelf. Beyond a reason's limit, one waits until somebody approves it who did not make it.",
  "help.unexplained":
    "Differences that nobody could explain yet, each with an owner and a day. Explain moves the value to the reason that it was.",
  "help.salesOrders":
    "Customers' orders from all channels. What is there is kept for them; what is lacking is their back-order, which can be routed, ordered or cancelled on the order.",
  "help.shipments":
    "What left to customers, with carrier and tracking. A shipment is made on its order with Ship; goods and their cost leave the books together.",
  "help.invoices":
    "What customers were asked to pay, and credit notes. An invoice is made on its order for all that was shipped and not invoiced; its number has no gap.",
  "help.routes":
    "Decisions from which warehouse an order is filled, with what they were decided from. An order is routed on its page; rank a channel's warehouses first.",
  "help.supplies":
    "What was ordered from suppliers for just one customer's order, because no warehouse has it. Goods that go straight to the customer are confirmed here when the supplier has sent them.",
  "help.rankings":
    "Which warehouses may fill a channel's orders, and which is asked first. Without a ranking, orders wait for their own warehouse.",
  "help.returns":
    "Goods that customers may send back. A return is authorised on the shipped order; when goods arrive they are received, decided on, and refunded.",
  "help.refunds":
    "What was decided to give back of a sale. Beyond a limit somebody agrees first; then what the customer had paid is paid out.",
  "help.trialBalance":
    "All accounts with their balance on a day; debit and credit agree. An account leads to its entries.",
  "help.journal":
    "Every entry of the books, balanced, with the day that it belongs to. Entries follow from receipts, shipments, bills and payments; nothing is changed afterwards.",
  "help.openItems":
    "What is still to be settled, line by line: bills, invoices, goods not billed. What is old needs an owner and a reason; select lines to name one.",
  "help.locks":
    "Every lock of a period as it was made and opened again, each sealed with a hash of what the books said.",
  "help.clearing":
    "What each channel took from customers and has not paid out yet. Enter a payout with what the channel kept; open a line for its payouts.",
  "help.payouts":
    "Money that channels paid out to the bank. A payout is entered in Held by channels; open one for its fees, or to reverse it.",
  "help.supplierReturns":
    "Goods that went back to suppliers. What was not billed is no longer owed; what was billed stays open until the credit note comes, or other goods in its place. Goods are returned on their order, their receipt, or in To inspect.",
  "help.stockLedger":
    "What stock is worth by its layers, beside what the ledger has on its accounts, at the end of a day. The two agree in sound books. The ledger knows no warehouses: by warehouse the value is told alone, and where warehouses share one cost, each has the share of what lay there.",
  "help.stockLedgerDays":
    "By how much goods and entries changed each stock account, day by day, and what stood there after it. A day on which the two differ is where to look: open it for its entries.",
  "help.stockLedgerLines":
    "What each item was worth at the end of a day, by warehouse and class: the lines that make up a row of stock against ledger.",
  "help.stockValue":
    "What stock is worth on any day, by item and class. The sum is the balance of the stock accounts on that day.",
  "help.payments":
    "Money that came and went, with what it settled. Payments come from captures, payouts and bank, and are reversed, never deleted.",
  "help.partners":
    "People and companies that we trade with, as customers, suppliers or both. They come in by import; a line leads to addresses and contacts.",
  "help.places":
    "Where goods can be: those of our warehouses, and those that goods come from, leave to or are lost in. Labels are printed for places of our own.",
  "help.warehouses":
    "Where goods lie. Each has places of its own, and receives goods in one step or more. One leads to what lies in it.",
  "help.categories":
    "Names for groups of items, by which costing, accounts and counting can be set. One leads to its items.",
  "help.units":
    "What quantities are counted in, and how many of the base unit each holds. An item is kept in its stock unit, whatever it is bought in.",
  "help.channels":
    "Where orders come from: a shop, a marketplace, wholesale. Each has its warehouse and terms, and leads to its orders.",
  "help.inspectionRules":
    "Which goods are received into quarantine and inspected: by item, by supplier, or by both, of which the narrowest holds. Where no rule is about them the policy inspect_receipts holds.",
  "help.transferTimes":
    "How many days goods take from one warehouse to another. Transfers are due by them, and replenishment looks ahead over them.",
  "help.taxCodes":
    "How supplies are taxed: a code of a kind, with the rate that it has on a day and the one that comes next. A code leads to all its rates; what was posted keeps the rate of its day.",
  "help.taxRates":
    "Every rate of tax codes with the days on which it holds. Another rate is set on its code, from a day on that has none yet.",
  "help.exchangeRates":
    "What one unit of a foreign currency is worth in the company's, from a day on until the next rate. A rate of the same day takes the place of the one before; what was posted keeps its rate.",
  "help.categoryMethods":
    "By which method new items of a category are valued, and since when. A category without one of its own has the company's policy; items that were valued before keep theirs.",
  "help.itemMethods":
    "By which method each item is valued, since when, and what it costs. A new cost or another method tells beforehand what it would book.",
  "help.costChanges":
    "What changed the worth of goods without moving them: a new cost, another method, a bill at another price, a landed cost.",
  "help.companies":
    "The companies in which you work. Each has its own books, items and users; whoever opens a further one becomes its administrator.",
  "help.accounts":
    "The chart of accounts, with the role that each plays for Purser. An account leads to its entries.",
  "help.reasons":
    "Why shelf and books may differ, each with the account that pays for it and its limits. Counts, adjustments and decisions on goods name one.",
  "help.approvals":
    "What waits for your yes, of all kinds: by your rights, your limit, or in another's name. Each row says why it was asked for. Choose several to decide them at once.",
  "help.approvalHistory":
    "Everything that somebody's yes was asked for, with who decided and why. What was changed after its approval is void.",
  "help.approvalRules":
    "Of which documents somebody's yes is asked: from which amount, under which conditions, and whose. Without a rule of a kind, the author's own limit asks.",
  "help.delegations":
    "Who decides in whose name, from day to day. A delegate has what the other has at that moment, and hands nothing on; both names are kept.",
  "help.documents":
    "The files of all records that you may see, with type, version and expiry. A file is attached on its record; a new version replaces one, and what was detached stays with its reason.",
  "help.webhooks":
    "Who is told of what happens here: each fact is posted to the address, signed with the webhook's secret, and tried again for three days until it is answered with 2xx. One that fails for a day is paused and says why.",
  "help.webhookDeliveries":
    "Facts on their way to webhooks. Of one record they go out in their order: a later one waits until the one before was delivered or given up. What was given up, or is needed again, is replayed here, and what waits to be tried again is hurried.",
  "help.webhookAttempts":
    "Every attempt at a delivery: when it ended, what the webhook answered, and how long it took. A lost attempt is one whose server stopped before it noted the answer.",
  "help.jobs":
    "Work that comes again by itself, at a time of the company's day or every so many minutes. One server runs a job at a time; what failed is tried again, and after five failures in a row it says so here.",
  "help.jobRuns": "Every run of a job, by schedule or by hand, with what it did or why it failed.",
  "help.mails":
    "Mails that went out or are about to: orders to suppliers and reminders. What failed says what the relay answered, and is tried again here.",
  "help.ahead":
    "What was measured of goods that an order still brings. A reading outside its limits holds the line back until a later one passes or somebody lets the goods in and says why. Measure on the order's line.",
  "help.blindReceipts":
    "Deliveries whose goods are scanned without seeing what was ordered, by as many people as there are. At the end the goods are matched with the supplier's orders, what was promised first first; what fits none waits as unknown goods.",
  "help.unknownGoods":
    "Goods of which the item or the order is not known. They have no value in the books until they are received for an order or kept; each has an owner and a day by which it ends.",
  "help.points":
    "What is measured ahead of the receipt, of an item or of every item, with its limits.",
  "help.duties":
    "Whose roles join duties that two people should have, and who did both. Acts are of the last year unless days are given.",
  "help.policies":
    "What the company has set of its own ways, each by name. A change holds from then on and stands in the audit trail.",
  "help.users":
    "Who may sign in. What a user may do comes from the roles in Grants; who leaves is switched off, never deleted.",
  "help.roles":
    "Bundles of permissions, built in or your own. A role takes effect when it is granted to a user.",
  "help.grants":
    "Who has which role, in which warehouse, and up to which amount. Beyond the amount somebody else has to approve.",
  "help.keys":
    "Keys by which programs sign in, with what each may do and until when. A key may no more than its user and is shown once, when it is made; one that is revoked stops at once.",
  "help.audit":
    "Everything that was done, by whom and when. Rows are sealed: none can be changed or taken away unseen.",
  "help.sessions":
    "Where you are signed in. End a session that you do not know: it is signed out at once.",
  "help.pickLists":
    "What is to be taken from its places for orders, in the order in which it is walked. Plan picks puts what is kept for orders on lists; goods stay in the books at their place until they ship.",
  "help.pickLines":
    "Goods of one order's line at one place, with what was taken, not found, packed and shipped. Filter for what is still to be picked, or has to go back.",
  "help.packages":
    "What was packed for orders, and with which number it went to the carrier. Select closed packages to send them off: goods and their cost leave the books together.",
  "help.readyPackages":
    "Closed packages that wait for their carrier, with where they go. Export them as the carrier's file; its numbers come back by import.",
  "help.stockCard":
    "What of an item was there, what came, what went, and what was there then. By days of moves it tells quantities; by days of the books also value.",
  "help.stockAging":
    "How old what lies on hand is, in quantity and value, by spans of days. Goods are taken to leave in the order they came. A line leads to the days on which it came.",
  "help.agedStock":
    "What is still there of what came on a day, with its age and the document by which it came.",
  "help.adjustmentRates":
    "How often and by how much the books followed the shelf, by item, place, reason or user. Net is found less missing; absolute is both together.",
  "help.adjustedLines":
    "Each booked difference, with the day on which the shelf was found to differ, its reason, and who asked for it.",
  "help.countAccuracy":
    "How many of the counted lines were as expected, of applied count sheets, by class, place or who counted.",
  "help.turnover":
    "How often stock is sold and replaced in a year, for how many days it lasts, and what lies idle. An item leads to its stock card, a category to its items.",
  "help.openPurchaseLines":
    "What is due of orders to suppliers, soonest first, and what was promised about it. Days slipped are from the first promise to the last.",
  "help.purchaseCycle":
    "How long buying takes from stage to stage: ordered, sent, acknowledged, first receipt, complete, billed, paid. A line leads to its orders.",
  "help.cycleOrders":
    "Each order with the day on which it came to each stage, and the days from the stage before.",
  "help.supplierPerformance":
    "How well suppliers deliver: on time, in full, how fast, at the price agreed, and how good. Lines count by the day they were first due; a row leads to them.",
  "help.deliveredLines":
    "Each line of an order with the days on which it was due and came, and whether it was on time and in full. Empty means that nobody can tell yet.",
  "help.fillRate":
    "How much of what customers order leaves on the same day: units shipped on the order's day, of those ordered and not cancelled that day.",
  "help.filledLines":
    "Each line of customers' orders, with what was shipped and cancelled on the order's day and since.",
  "help.orderAges":
    "What customers still wait for, by channel and days since the order. Reserved waits to be shipped; the rest is on back-order.",
  "help.openDemands":
    "Each item that an order still waits for, with its age, the day promised, and what is on back-order.",
  "help.returnTimes":
    "How long returned goods wait for a decision and for the money, by reason and outcome. Days count from the goods' arrival.",
  "help.returnedGoods":
    "Returned goods with the days on which they came, were decided on and were refunded; each decision is a line.",
  "help.taxReport":
    "The tax of a month by account and code: net amounts and tax, of purchases as of sales. It is of the month in which the day lies.",
  "help.openings":
    "When the books were opened from a company's files, with what they made. At most one opening stands; it can be taken back until something else is booked.",
  "help.openedDocuments":
    "The orders, bills and invoices that an opening made from the files, each with its own number.",
};
