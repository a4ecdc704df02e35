// Turns results into a table for the terminal and a page for the documentation.

/** Rows are behaviours, columns SDKs. */
export function lines(sdks, chosen, results) {
  const cell = marks(results);
  const widest = Math.max(...chosen.map(({ says }) => says.length));
  const heads = sdks.map(({ name, version }) =>
    version ? `${name} ${version}` : name,
  );
  const row = (number, says, cells) =>
    `${String(number).padStart(2)}  ${says.padEnd(widest)}  ${cells.map((text, i) => text.padEnd(heads[i].length)).join("  ")}`;
  return [
    row("#", "behaviour", heads),
    ...chosen.map((behaviour) =>
      row(
        behaviour.number,
        behaviour.says,
        sdks.map((sdk) => cell(sdk, behaviour)),
      ),
    ),
    row(
      "",
      "shown",
      sdks.map((sdk) => `${shown(results, sdk)}/${chosen.length}`),
    ),
  ];
}

/** The page of the documentation: the table, where each behaviour comes from, and why a cell says no. */
export function document(sdks, chosen, results, chromium) {
  const cell = marks(results);
  const listed = sdks.filter(({ id }) => id !== "bad" && id !== "bare");
  const heads = listed.map(({ name, version }) => `${name} ${version}`.trim());
  const out = [
    "# What SDKs do to a page, and what they see",
    "",
    "Each row is a behaviour that users of some SDK had to ask for, checked in a real browser: in the page, at the",
    "servers, and in what the SDK uploaded. `cargo xtask conformance` writes this page; the checks are in",
    `\`tests/conformance\`. Chromium ${chromium}, loopback, HTTP/1.1. Every SDK is started with all that it can do for`,
    "requests; what it cannot say in its uploads is not shown.",
    "",
    `| # | behaviour | ${heads.join(" | ")} |`,
    `|---|---|${heads.map(() => ":-:|").join("")}`,
    ...chosen.map(
      (behaviour) =>
        `| ${behaviour.number} | ${behaviour.says} | ${listed.map((sdk) => cell(sdk, behaviour)).join(" | ")} |`,
    ),
    `| | **shown** | ${listed.map((sdk) => `**${shown(results, sdk)}**`).join(" | ")} |`,
    "",
    "## Why not",
    "",
  ];
  for (const sdk of listed) {
    const missed = results.filter(
      (result) => result.sdk === sdk && result.reason !== undefined,
    );
    out.push(`### ${sdk.name}`, "");
    if (missed.length === 0) out.push("Shows all of them.", "");
    else
      out.push(
        ...missed
          .sort((a, b) => a.behaviour.number - b.behaviour.number)
          .map(why),
        "",
      );
  }
  out.push("## Where they come from", "");
  out.push(
    ...chosen.map(
      ({ number, issues }) => `- ${number}: ${issues.map(link).join(", ")}`,
    ),
    "",
  );
  return out.join("\n");
}

/** Ports differ with every run, and the page should not. */
function why({ behaviour, reason }) {
  return `- ${behaviour.number}: ${reason.replace(/127\.0\.0\.1:\d+/g, "127.0.0.1")}`;
}

function link(issue) {
  const [repository, number] = issue.split("#");
  return `[${issue}](https://github.com/${repository}/issues/${number})`;
}

function shown(results, sdk) {
  return results.filter(
    (result) => result.sdk === sdk && result.reason === undefined,
  ).length;
}

function marks(results) {
  return (sdk, behaviour) => {
    const found = results.find(
      (result) => result.sdk === sdk && result.behaviour === behaviour,
    );
    return found?.reason === undefined ? "yes" : "no";
  };
}
