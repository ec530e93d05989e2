// Which class each item has by its value that left, and since when.
import type { Row } from "../../api/client";
import { columnsOf } from "../../house/columns";
import { ListPage } from "../../house/ListPage";
import { useMay } from "../../session";
import { Classify } from "./Classify";

const row = columnsOf<Row<"/api/v1/count-classes">>();

export default function Classes() {
  const defines = useMay()("counting.define");
  return (
    <ListPage
      path="/api/v1/count-classes"
      title="page.countClasses"
      rowKey={({ profile, sku }) => `${profile}/${sku}`}
      open={({ item_id }) => `/stock/items/${item_id}`}
      actions={defines && <Classify />}
      filters={[
        { name: "class", word: "f.class", kind: "text", front: true },
        { name: "sku", word: "f.sku", kind: "text", front: true },
        { name: "profile", word: "f.profile", kind: "text" },
        { name: "since", word: "count.classSince", kind: "day" },
      ]}
      empty={{ title: "empty.countClasses", text: "empty.countClassesText" }}
      columns={[
        row.count("count.rank", ({ rank }) => rank, { sort: "rank" }),
        row.text("f.sku", ({ sku }) => sku, { sort: "sku", lead: true }),
        row.text("f.name", ({ name }) => name),
        row.text("f.class", (one) => one.class),
        row.day("f.since", ({ since }) => since),
        row.money("classify.value", ({ value }) => value),
        row.count("count.cycleDays", ({ cycle_days }) => cycle_days),
        row.day("count.classifiedOn", ({ classified_on }) => classified_on),
        row.text("f.profile", ({ profile }) => profile),
      ]}
    />
  );
}
