// Turns what users of SLO tools reported about alerts at low traffic into a check of the whole way to an alert.

import { must } from "../site/visit.mjs";

const night = {
  number: 25,
  issues: ["pyrra-dev/pyrra#1925", "elastic/kibana#203279", "slok/sloth#459"],
  says: "one failure at night pages nobody; the same share of failures by many clients does",
  async check(visit) {
    const { alerts } = visit.prepared;
    must(alerts !== undefined, "knows neither budgets nor alerts");
    const { night, outage } = await alerts(visit);
    must(night.length === 0, `one failed request raised ${night.join(", ")}`);
    must(
      outage.includes("page"),
      `an outage for many clients raised ${outage.join(", ") || "nothing"}`,
    );
  },
};

export default [night];
