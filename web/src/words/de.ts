// All that the desk says in German; the compiler refuses a key that is missing.
import type { Catalogue } from ".";
import { adjustDe } from "./adjust.de";
import { aheadDe } from "./ahead.de";
import { approvalsDe } from "./approvals.de";
import { buyingDe } from "./buying.de";
import { costingDe } from "./costing.de";
import { countingDe } from "./counting.de";
import { deskDe } from "./desk.de";
import { fieldsDe } from "./fields.de";
import { filesDe } from "./files.de";
import { helpDe } from "./help.de";
import { masterDe } from "./master.de";
import { moneyDe } from "./money.de";
import { openingDe } from "./opening.de";
import { picksDe } from "./picks.de";
import { putAwayDe } from "./putAway.de";
import { receivingDe } from "./receiving.de";
import { reportsDe } from "./reports.de";
import { rolesDe } from "./roles.de";
import { securityDe } from "./security.de";
import { shiftDe } from "./shift.de";
import { systemDe } from "./system.de";
import { trailDe } from "./trail.de";
import { workDe } from "./work.de";

export const de = {
  ...aheadDe,
  ...adjustDe,
  ...approvalsDe,
  ...buyingDe,
  ...countingDe,
  ...costingDe,
  ...deskDe,
  ...fieldsDe,
  ...filesDe,
  ...helpDe,
  ...masterDe,
  ...moneyDe,
  ...openingDe,
  ...picksDe,
  ...putAwayDe,
  ...receivingDe,
  ...reportsDe,
  ...rolesDe,
  ...securityDe,
  ...shiftDe,
  ...systemDe,
  ...trailDe,
  ...workDe,
} satisfies Catalogue;
