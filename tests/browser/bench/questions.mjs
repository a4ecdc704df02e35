// Turns the pages of the console into what they ask the collector, with filters that vary.

/** Filters of answers, as people combine them. */
const VIEWS = [
  "",
  "days=7",
  "days=28",
  "days=90",
  "status=new",
  "status=new,triaged&days=28",
  "status=planned&tag=checkout",
  "tag=speed",
  "tag=search&tag=checkout",
  "assignee=none",
  "assignee=mara@shop.example",
  "score=0-6",
  "score=9-10&days=28",
  "survey=nps&days=28",
  "survey=feedback",
  "survey=support-csat&score=1-2",
  "device=mobile&days=28",
  "browser=safari_mobile",
  "language=de",
  "country=FR&days=90",
  "version=5.2.0",
  "trait.plan=plus",
  "page=/checkout",
  "has=note",
  "is=spam",
  "q=slow",
  "q=checkout",
  "q=bezahlen",
  "q=%22on+my+phone%22",
  "q=refund+-label",
  "q=raincoat",
  "q=status:new+lent",
];
const WINDOWS = ["", "1h", "24h", "7d", "28d", "30d", "90d"];
const DAYS = ["7", "28", "90", "365", ""];

const windowed = (path) =>
  WINDOWS.map((window) => (window === "" ? path : `${path}?window=${window}`));

/** Every question of every page; `ask` answers what is needed to put some of them. */
export async function pages(ask) {
  const { text } = await ask("/inbox?limit=60");
  const ids = JSON.parse(text).items.map(({ response }) => response);
  const counted = (path) => VIEWS.map((view) => `${path}?${view}`);
  const scored = (path) =>
    ["nps", "support-csat", "checkout-ces"].flatMap((survey) =>
      DAYS.map((days) => `${path}?survey=${survey}${days && `&days=${days}`}`),
    );
  const nps = DAYS.map(
    (days) => `/scores/nps?survey=nps${days && `&days=${days}`}`,
  );
  const of = (page, route, variants) => ({ page, route, variants });
  return [
    of(
      "inbox",
      "/inbox",
      VIEWS.map((view) => `/inbox?limit=50&${view}`),
    ),
    of("inbox", "/inbox/counts", counted("/inbox/counts")),
    of(
      "inbox",
      "/inbox/items/{id}",
      ids.map((id) => `/inbox/items/${id}`),
    ),
    of("inbox", "/inbox/tags", ["/inbox/tags"]),
    of("scores", "/scores/nps", nps),
    of("scores", "/scores", counted("/scores")),
    of(
      "scores",
      "/scores/breakdown",
      VIEWS.map((view) => `/scores/breakdown?by=device&${view}`),
    ),
    of("scores", "/scores/slow", counted("/scores/slow")),
    of("scores", "/comments", scored("/comments")),
    of("performance", "/performance", windowed("/performance")),
    ...["catalogue", "search", "checkout"].map((id) =>
      of(
        "performance",
        `/performance/features/${id}`,
        windowed(`/performance/features/${id}`),
      ),
    ),
    of(
      "performance",
      "/performance/availability",
      windowed("/performance/availability"),
    ),
    of("performance", "/alerts", ["/alerts"]),
    of("surveys", "/surveys", ["/surveys"]),
    of("surveys", "/survey-board", ["/survey-board"]),
    of("settings", "/delivery", ["/delivery", "/delivery?days=7"]),
    of("settings", "/audit", ["/audit", "/audit?limit=100"]),
    of("settings", "/team", ["/team"]),
    of("settings", "/sites", ["/sites"]),
    of("settings", "/tokens", ["/tokens"]),
    of(
      "settings",
      "/retention/{key}/older",
      ["responses", "impressions", "dismissals"].map(
        (kind) => `/retention/keep_${kind}/older?keep_ms=2592000000`,
      ),
    ),
    of("every page", "/session", ["/session"]),
    of("every page", "/views", ["/views"]),
  ];
}
