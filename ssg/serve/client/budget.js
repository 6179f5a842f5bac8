// The budget bar: what this page weighs, by class and against its limits, and what the last edit added.
// It lies over the page and moves nothing. Text goes in as text, styles as a constructed sheet, as for the overlay.

const STYLE = `
:host { all: initial !important; color-scheme: light dark !important; --back: #fff; --text: #1c1b1f; --soft: #5d5966;
  --line: #d8d4de; --raised: #f4f2f7; --error: #b3261e; --warn: #8a5300; --good: #1a6b38;
  --html: #ee9a63; --css: #6aa6de; --js: #e4c54e; --font: #bd97de; --image: #66bd94; --media: #de86ac;
  --other: #a7b1ad; }
@media (prefers-color-scheme: dark) { :host { --back: #1d1b20; --text: #ece8f0; --soft: #b3adbd; --line: #4a4653;
  --raised: #2a272f; --error: #ffb4ab; --warn: #ffc46b; --good: #86d49f; } }
@media print { :host { display: none !important; } }
* { box-sizing: border-box; }
[hidden] { display: none !important; }
.bar { position: fixed; left: 1rem; bottom: 1rem; z-index: 2147483646; max-width: min(26rem, calc(100vw - 2rem));
  max-height: calc(100vh - 2rem); overflow: auto; font: 14px/1.4 system-ui, sans-serif; color: var(--text);
  background: var(--back); border: 1px solid var(--line); border-radius: 10px;
  box-shadow: 0 4px 20px rgb(0 0 0 / .25); }
button, a { font: inherit; color: inherit; }
button { display: flex; gap: .6rem; align-items: center; width: 100%; padding: .4rem .75rem; border: 0;
  background: none; text-align: left; cursor: pointer; font-variant-numeric: tabular-nums; }
button::before { content: "▸"; color: var(--soft); }
button[aria-expanded="true"]::before { content: "▾"; }
:focus-visible { outline: 3px solid #6b8cff; outline-offset: -3px; border-radius: 8px; }
.stack { display: flex; width: 5rem; height: .7rem; border-radius: 3px; overflow: hidden; background: var(--raised); }
.html { background: var(--html); } .css { background: var(--css); } .js { background: var(--js); }
.font { background: var(--font); } .image { background: var(--image); } .media { background: var(--media); }
.other { background: var(--other); }
.error { color: var(--error); font-weight: 600; } .warn { color: var(--warn); font-weight: 600; }
.less { color: var(--good); } .soft { color: var(--soft); }
section { padding: 0 .75rem .6rem; border-top: 1px solid var(--line); }
table { width: 100%; border-collapse: collapse; font-variant-numeric: tabular-nums; }
caption { white-space: nowrap; padding: .5rem 0 .3rem; text-align: left; color: var(--soft); }
th, td { padding: .15rem 0 .15rem .75rem; text-align: right; font-weight: 400; white-space: nowrap; }
th { padding-left: 0; text-align: left; }
i { display: inline-block; width: .7em; height: .7em; margin-right: .5em; border-radius: 2px; }
p { display: flex; gap: 1rem; justify-content: space-between; margin: .5rem 0 0; }
`;
const KEY = "ssg-budget";
const WORDS = { error: "over budget", warn: "more than it should be" };

let host; // the element that holds the bar
let known = ""; // what it shows

function element(name, properties = {}, ...children) {
  const made = document.createElement(name);
  Object.assign(made, properties);
  made.append(...children.filter((child) => child !== ""));
  return made;
}

function figure(found, unit) {
  if (unit !== "bytes") return `${found.toLocaleString("en")} ${unit}`.trim();
  const [scale, name] = [
    [1e6, "MB"],
    [1e3, "kB"],
  ].find(([least]) => Math.abs(found) >= least) ?? [1, "B"];
  return `${Number((found / scale).toPrecision(3))} ${name}`;
}

/** What an edit added, with its sign; empty where it added nothing or nobody knows. */
function change(added, unit) {
  if (!added) return "";
  const text = `${added > 0 ? "+" : "−"}${figure(Math.abs(added), unit)}`;
  return element("span", { className: added > 0 ? "more" : "less" }, text);
}

function opened() {
  try {
    return localStorage.getItem(KEY) === "open";
  } catch {
    return false; // a browser that keeps nothing shows the bar closed
  }
}

function remember(open) {
  try {
    localStorage.setItem(KEY, open ? "open" : "closed");
  } catch {
    // the next page shows it closed
  }
}

function line(part, classes) {
  const swatch = classes ? element("i", { className: part.key }) : "";
  const limit = part.limit === null ? "" : `${part.below ? "at least" : "of"} ${figure(part.limit, part.unit)}`;
  return element(
    "tr",
    {},
    element("th", { scope: "row", className: part.level ?? "" }, swatch, part.key),
    element("td", { className: part.level ?? "" }, figure(part.found, part.unit)),
    element("td", { className: "soft" }, limit),
    element("td", {}, change(part.added, part.unit)),
  );
}

function stack(bar) {
  const made = element("span", { className: "stack" });
  for (const part of bar.parts) {
    const piece = element("span", { className: part.key });
    piece.style.width = `${(100 * part.found) / (bar.bytes || 1)}%`;
    made.append(piece);
  }
  return made;
}

function draw(bar) {
  const said = element(
    "span",
    { className: bar.level ?? "" },
    `${bar.about ? "about " : ""}${figure(bar.bytes, "bytes")}`,
    bar.level ? `, ${WORDS[bar.level]}` : "",
  );
  const button = element("button", { type: "button" }, stack(bar), said, change(bar.added, "bytes"));
  button.setAttribute("aria-controls", "parts");
  const rows = [...bar.parts.map((part) => line(part, true)), ...bar.limits.map((part) => line(part, false))];
  const requests = `${bar.requests} request${bar.requests === 1 ? "" : "s"}`;
  const caption = `Before scrolling, ${[bar.measure, bar.profile].filter(Boolean).join(", ")}; ${requests}`;
  const table = element("table", {}, element("caption", {}, caption), element("tbody", {}, ...rows));
  const report = element("a", { href: `/_ssg/budget#page=${encodeURIComponent(bar.url)}` }, "Report");
  const edit =
    bar.added === null
      ? ""
      : element("span", { className: "soft" }, bar.added ? "with the last edit" : "the last edit added nothing");
  const parts = element("section", { id: "parts" }, table, element("p", {}, report, edit));
  const turn = (open) => {
    parts.hidden = !open;
    button.setAttribute("aria-expanded", String(open));
  };
  button.addEventListener("click", () => {
    turn(parts.hidden);
    remember(!parts.hidden);
  });
  turn(opened());
  const made = element("aside", { className: "bar" }, button, parts);
  made.setAttribute("aria-label", "Performance budget");
  return made;
}

/** Show what the page at a readable path weighs now; nothing where that is not known. */
export async function weigh(page) {
  let bar = null;
  try {
    const response = await fetch(`/_ssg/budget.json?page=${encodeURIComponent(page)}`);
    bar = await response.json();
  } catch {
    return; // the preview has ended: what was shown stays
  }
  const now = JSON.stringify(bar);
  if (now === known && host?.isConnected) return;
  known = now;
  if (!bar) {
    host?.remove();
    return;
  }
  if (!host?.isConnected) {
    host = document.createElement("ssg-budget");
    const root = host.attachShadow({ mode: "open" });
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(STYLE);
    root.adoptedStyleSheets = [sheet];
    document.documentElement.append(host);
  }
  const focused = host.shadowRoot.activeElement?.localName;
  host.shadowRoot.replaceChildren(draw(bar));
  if (focused) host.shadowRoot.querySelector(focused).focus({ preventScroll: true });
}
