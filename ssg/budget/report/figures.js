// The web page of a budget's report: draws what stands in #data as tables, a treemap and a waterfall.
//
// The page has one script, so that it needs no other file: figures.js, overview.js, detail.js and report.js, one after
// the other, are the parts of one module.
//
// Places in the data, as ssg/budget/report/packing.py writes them:
//   rows    [url, source, level, [bytes…] for each profile, or one for all]
//   bytes   [critical, before scrolling, lazy, next page, requests, a number for each class]
//   pages   [section, template, figures, weights], as many as are told in full
//   weight  [set, [size, raw] of the HTML, head, elements, [[class, inline bytes]…], [[url, reason]…]]
//   set     numbers of fetches: [file, phase, label, url of what names it, or -1 for the page]
//   file    [url, class, size, raw, third party]
//   figure  [limit, found]; limit [key, profile, unit, warn, error, least, label, rule]

const data = JSON.parse(document.getElementById("data").textContent);
const $ = (id) => document.getElementById(id);
const [CRITICAL, START, LAZY, NEXT, REQUESTS, CLASSES] = [0, 1, 2, 3, 4, 5];
const PART = 100; // rows of the table that are shown at once
const FINDINGS = 50; // findings that are shown at first
const NOTHING = "No page was weighed.";
const WORDS = ["within", "warning", "over"];
const SAID = ["note", "warning", "error"]; // of what is no figure
const MARKS = ["good", "warn", "error"];
const view = { profile: 0, sort: "start", down: true, part: 0, filter: "", verdict: "", lazy: false };
const places = new Map(data.rows.map(([url], place) => [url, place]));

/** Make an element; `properties` are set on it, those with a hyphen and `role` as attributes. */
function make(name, properties = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(properties)) {
    if (key.includes("-") || key === "role" || key === "scope") made.setAttribute(key, value);
    else made[key] = value;
  }
  made.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== ""));
  return made;
}

/** Make an SVG element with attributes. */
function draw(name, attributes = {}, ...children) {
  const made = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

// Figures in words

function digits(value) {
  return value < 1000 ? String(Number(value.toPrecision(3))) : Math.round(value).toLocaleString("en");
}

function size(bytes) {
  if (bytes === null || bytes === undefined) return "unknown";
  for (const [unit, name] of [
    [1e9, "GB"],
    [1e6, "MB"],
    [1e3, "kB"],
  ]) {
    if (bytes >= unit) return `${digits(bytes / unit)} ${name}`;
  }
  return `${bytes} B`;
}

function figure(found, unit) {
  return unit === "bytes" ? size(found) : `${found.toLocaleString("en")} ${unit}`.trim();
}

function counted(number, noun) {
  return `${number.toLocaleString("en")} ${noun}${number === 1 ? "" : "s"}`;
}

function percent(found, limit) {
  return limit ? `${Math.round((100 * found) / limit)} %` : "";
}

/** A cell with a number of bytes; the exact number is its title. */
function sized(bytes) {
  const exact = bytes === null || bytes === undefined ? "" : counted(bytes, "byte");
  return make("td", { className: "number", title: exact }, size(bytes));
}

function verdict(level, word = WORDS[level]) {
  return make("span", { className: `verdict ${MARKS[level]}` }, word);
}

/** The bytes of a row under the profile that is chosen. */
function weighed(row) {
  return row[3 + view.profile] ?? row[3];
}

function start(row) {
  return weighed(row)[START] ?? 0;
}
