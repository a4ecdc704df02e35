// Turns the page's shell into the running console: fetches the module, the chunk of the page that the address
// names and the words of one language, all at once, and starts it.
import init from "../../target/wasm-bindgen/console/console.js";

const starting = document.getElementById("starting");
const shelf = document.getElementById("assets");
const { words, chunks } = JSON.parse(shelf.textContent);

/** What somebody chose for this browser, if the browser lets us keep anything. */
function kept(name) {
  try {
    return localStorage.getItem(`firsthand-${name}`);
  } catch {
    return null;
  }
}

/** The first language that is asked for and that there are words in. */
function language() {
  const asked = [kept("language"), ...navigator.languages];
  const tags = asked.map((tag) => (tag ?? "").split("-")[0].toLowerCase());
  return tags.find((tag) => Object.hasOwn(words, tag)) ?? "en";
}

/** Which pages below the settings are in which chunk; see `section.rs`. */
const within = {
  access: ["team", "tokens"],
  data: ["health", "people"],
  done: ["account", "audit"],
  project: ["project", "sites"],
  times: ["budgets", "maintenance", "releases"],
};

/**
 * The chunks of the page at this address: the start of the console is its scores, one survey is another page than
 * their list, a page below the settings is inside of theirs, and whatever has none of its own is a way in.
 */
function ahead() {
  const base = new URL(document.baseURI).pathname;
  const [first, second] = location.pathname.slice(base.length).split("/");
  const page = first === "surveys" && second ? "survey" : first || "scores";
  const [inner] =
    Object.entries(within).find(([, pages]) => pages.includes(second)) ?? [];
  const inside = chunks[`${page}_${inner}`] ?? [];
  if (!Object.hasOwn(chunks, page)) return chunks.door.forEach(preload);
  // Every page begins with the question who looks at it.
  ["api/v1/session", ...chunks[page], ...inside].forEach(preload);
}

/** Fetches what the console will ask for, in the same way as it will. */
function preload(href) {
  const link = document.createElement("link");
  Object.assign(link, { rel: "preload", as: "fetch", crossOrigin: "", href });
  document.head.append(link);
}

async function start() {
  const root = document.documentElement;
  const theme = kept("theme");
  if (theme === "light" || theme === "dark") root.dataset.theme = theme;
  // `href` is resolved against <base>, so this holds under any path.
  const module = fetch(document.getElementById("console-wasm").href);
  ahead();
  root.lang = language();
  const said = await fetch(words[root.lang]);
  if (!said.ok) throw new Error(`${said.status} ${said.url}`);
  // The console reads them from where their address stood.
  shelf.textContent = await said.text();
  await init({ module_or_path: module });
}

start().then(
  () => starting.remove(),
  (error) => {
    starting.className = "starting-failed";
    starting.setAttribute("role", "alert");
    starting.textContent =
      "The console could not start. Reload the page; if that does not help, this browser may not run WebAssembly here. " +
      `(${error.message})`;
  },
);
