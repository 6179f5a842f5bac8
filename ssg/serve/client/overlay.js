// What the last build said, over the page: errors in a panel, warnings behind a button.
// Text goes in as text, styles as a constructed sheet: no Content-Security-Policy forbids either.

const STYLE = `
:host { all: initial !important; color-scheme: light dark !important; --back: #fff; --text: #1c1b1f; --soft: #5d5966; --line: #d8d4de; --code: #f4f2f7;
  --error: #b3261e; --warning: #8a5300; }
@media (prefers-color-scheme: dark) { :host { --back: #1d1b20; --text: #ece8f0; --soft: #b3adbd; --line: #4a4653;
  --code: #2a272f; --error: #ffb4ab; --warning: #ffc46b; } }
* { box-sizing: border-box; }
[hidden] { display: none !important; }
section, .badge { position: fixed; z-index: 2147483647; font: 16px/1.5 system-ui, sans-serif; color: var(--text);
  background: var(--back); border: 1px solid var(--line); box-shadow: 0 8px 32px rgb(0 0 0 / .35); }
section { inset: auto 0 0 0; max-height: 85vh; overflow: auto; margin: 0 auto; width: min(60rem, 100%);
  border-radius: 10px 10px 0 0; padding: 0 1.25rem 1.25rem; }
header { position: sticky; top: 0; display: flex; gap: 1rem; align-items: center; justify-content: space-between;
  background: var(--back); padding: .75rem 0; border-bottom: 1px solid var(--line); }
h2 { font-size: 1.1rem; margin: 0; }
button { font: inherit; color: inherit; background: var(--code); border: 1px solid var(--line); border-radius: 6px;
  padding: .25rem .75rem; cursor: pointer; }
button:focus-visible, section:focus-visible { outline: 3px solid #6b8cff; outline-offset: 2px; }
.badge { right: 1rem; bottom: 1rem; border-radius: 99px; }
ol { list-style: none; margin: 0; padding: 0; }
li { padding: 1rem 0 0; }
p { margin: 0 0 .25rem; overflow-wrap: anywhere; }
.place { font: 600 .9rem/1.5 ui-monospace, monospace; }
.error .place, .badge.error { color: var(--error); }
.warning .place, .badge.warning { color: var(--warning); }
.hint, .subject { color: var(--soft); }
pre { margin: .5rem 0 0; padding: .5rem 0; overflow-x: auto; background: var(--code); border-radius: 6px;
  font: .85rem/1.5 ui-monospace, monospace; tab-size: 4; }
pre span { display: block; padding: 0 .75rem; border-left: 4px solid transparent; white-space: pre; min-width: fit-content; }
pre mark { display: block; padding: 0 .75rem; color: inherit; border-left: 4px solid var(--error); font-weight: 700;
  background: color-mix(in srgb, var(--error) 15%, transparent); white-space: pre; min-width: fit-content; }
.warning mark { border-color: var(--warning); background: color-mix(in srgb, var(--warning) 15%, transparent); }
`;

let host; // the element that holds the overlay
let known = ""; // what is shown now
let dismissed = ""; // what the reader has closed

function element(name, properties = {}, ...children) {
  const made = document.createElement(name);
  Object.assign(made, properties);
  made.append(...children);
  return made;
}

function counted(number, noun) {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}

function title({ shown, more }) {
  const errors = shown.filter((mistake) => mistake.severity === "error").length;
  const warnings = shown.length - errors;
  const said = [errors && counted(errors, "error"), warnings && counted(warnings, "warning"), more && `${more} more`];
  return said.filter(Boolean).join(", ");
}

function item(mistake) {
  const made = element("li", { className: mistake.severity }, element("p", { className: "place" }, mistake.place));
  made.append(element("p", { className: "message" }, `${mistake.severity}: ${mistake.message}`));
  if (mistake.hint) made.append(element("p", { className: "hint" }, mistake.hint));
  if (mistake.subject) made.append(element("p", { className: "subject" }, `rendering ${mistake.subject}`));
  if (mistake.excerpt.length) {
    const width = String(mistake.excerpt.at(-1).number).length;
    const lines = mistake.excerpt.map((line) =>
      element(line.marked ? "mark" : "span", {}, `${String(line.number).padStart(width)}  ${line.text}`),
    );
    made.append(element("pre", { tabIndex: 0 }, ...lines));
  }
  return made;
}

function panel(mistakes, close) {
  const closer = element("button", { type: "button" }, "Close");
  closer.addEventListener("click", close);
  const made = element("section", { id: "panel", tabIndex: -1 });
  made.setAttribute("aria-labelledby", "title");
  made.append(element("header", {}, element("h2", { id: "title" }, title(mistakes)), closer));
  made.append(element("ol", {}, ...mistakes.shown.map(item)));
  made.addEventListener("keydown", (event) => event.key === "Escape" && close());
  return made;
}

/** Show what a build said; nothing where it said nothing. What the reader has closed stays a button. */
export function show(mistakes) {
  const now = JSON.stringify(mistakes);
  if (now === known && (host?.isConnected || !mistakes.shown.length)) return;
  known = now;
  host?.remove();
  if (!mistakes.shown.length) return;
  const worst = mistakes.shown[0].severity;
  const badge = element("button", { type: "button", className: `badge ${worst}` }, title(mistakes));
  badge.setAttribute("aria-controls", "panel");
  const turn = (open) => {
    body.hidden = !open;
    badge.hidden = open;
    badge.setAttribute("aria-expanded", String(open));
  };
  const body = panel(mistakes, () => {
    dismissed = now;
    turn(false);
    badge.focus();
  });
  badge.addEventListener("click", () => {
    turn(true);
    body.focus();
  });
  turn(worst === "error" && dismissed !== now);
  const live = element("div", { role: "alert" }, body, badge);
  host = document.createElement("ssg-overlay");
  const root = host.attachShadow({ mode: "open" });
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(STYLE);
  root.adoptedStyleSheets = [sheet];
  root.append(live);
  document.documentElement.append(host);
}

// Escape closes the panel from anywhere on the page.
document.addEventListener("keydown", (event) => {
  const body = host?.isConnected && host.shadowRoot.querySelector("section:not([hidden])");
  if (event.key === "Escape" && body) body.querySelector("button").click();
});
