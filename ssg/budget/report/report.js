// The web page of a budget's report: draws what stands in #data as tables, a treemap and a waterfall.
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
  for (const [unit, name] of [[1e9, "GB"], [1e6, "MB"], [1e3, "kB"]]) {
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

// Overview

function quantile(sorted, part) {
  return sorted.length ? sorted[Math.max(0, Math.ceil(part * sorted.length) - 1)] : 0;
}

function tile(term, value, more) {
  return make("div", {}, make("dt", {}, term), make("dd", {}, value, more ? make("small", {}, more) : ""));
}

function tiles() {
  const sizes = data.rows.map(start).sort((a, b) => a - b);
  const largest = data.rows.reduce((found, row) => (!found || start(row) > start(found) ? row : found), undefined);
  const over = data.rows.filter((row) => row[2] === 2).length;
  const warned = data.rows.filter((row) => row[2] === 1).length;
  $("tiles").replaceChildren(
    tile("Pages", data.rows.length.toLocaleString("en"), `${over} over, ${warned} with a warning`),
    tile("Half of them at most", size(quantile(sizes, 0.5)), "median, p50"),
    tile("19 of 20 at most", size(quantile(sizes, 0.95)), "p95"),
    tile("Largest", size(sizes.at(-1) ?? 0), largest ? link(largest[0]) : ""),
  );
}

function classes() {
  const sums = data.kinds.map((_, place) =>
    data.rows.reduce((sum, row) => sum + (weighed(row)[CLASSES + place] ?? 0), 0),
  );
  const all = sums.reduce((sum, one) => sum + one, 0) || 1;
  const stack = make("div", { className: "stack", role: "presentation" });
  const legend = make("ul", { className: "legend" });
  for (const [place, sum] of sums.entries()) {
    if (!sum) continue;
    const part = make("span", { className: data.kinds[place] });
    part.style.width = `${(100 * sum) / all}%`;
    stack.append(part);
    const mean = size(Math.round(sum / data.rows.length));
    legend.append(make("li", {}, swatch(place), `${data.kinds[place]} ${mean}, ${percent(sum, all)}`));
  }
  $("classes").replaceChildren($("classes").firstElementChild, stack, legend);
}

function swatch(kind) {
  return make("span", { className: `swatch ${data.kinds[kind]}` });
}

function histogram() {
  const sizes = data.rows.map(start);
  const largest = sizes.reduce((most, one) => Math.max(most, one), 1);
  const step = nice(largest / 20);
  const bins = Array.from({ length: Math.floor(largest / step) + 1 }, () => 0);
  for (const one of sizes) bins[Math.floor(one / step)] += 1;
  const most = Math.max(...bins);
  const [width, height, floor] = [600, 120, 100];
  const wide = width / bins.length;
  const bars = bins.map((count, place) => {
    const tall = count ? Math.max(2, (count / most) * (floor - 14)) : 0;
    const range = `${size(place * step)} to ${size((place + 1) * step)}: ${counted(count, "page")}`;
    const box = { x: place * wide + 1, y: floor - tall, width: Math.max(1, wide - 2), height: tall };
    return draw("rect", box, draw("title", {}, range));
  });
  const label = `${counted(sizes.length, "page")} in steps of ${size(step)}, at most ${size(largest)}`;
  const axis = draw("line", { x1: 0, y1: floor + 0.5, x2: width, y2: floor + 0.5 });
  const ends = [
    draw("text", { x: 1, y: 115 }, "0"),
    draw("text", { x: width, y: 115, "text-anchor": "end" }, size(bins.length * step)),
    draw("text", { x: 1, y: 10 }, counted(most, "page")),
  ];
  const svg = draw("svg", { viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": label }, ...bars, axis, ...ends);
  $("histogram").replaceChildren($("histogram").firstElementChild, svg);
}

/** The next of 1, 2, 5, 10, 20 … */
function nice(value) {
  const power = 10 ** Math.floor(Math.log10(Math.max(1, value)));
  return power * [1, 2, 5, 10].find((one) => one * power >= value);
}

function findings() {
  const made = data.findings.map((finding) => shownFinding(finding, data.findings.length <= 3));
  const none = data.off ? "Budgets are off: nothing was checked." : "None: all limits are kept.";
  $("findings").replaceChildren($("wrong"), ...(made.length ? made : [make("p", { className: "quiet" }, none)]));
}

function shownFinding(finding, open) {
  const level = finding.level;
  const title = make("summary", {}, verdict(level, finding.verdict ? WORDS[level] : SAID[level]), " ", finding.message);
  const inside = make("div", {});
  if (finding.verdict) inside.append(make("p", {}, ...rule(finding.verdict)));
  if (finding.path) inside.append(make("p", {}, "Source: ", make("code", {}, place(finding.path, finding.line))));
  if (finding.causes.length) inside.append(make("ol", {}, finding.causes.map(cause)));
  if (finding.hint) inside.append(make("p", { className: "advice" }, finding.hint));
  if (finding.pages.length) inside.append(make("p", { className: "quiet" }, ...named(finding)));
  return make("details", { className: `finding ${MARKS[level]}`, open }, title, inside);
}

function rule([key, found, limit, unit, below, decided]) {
  const bound = below ? "at least" : "at most";
  const part = percent(found, limit);
  return [make("code", {}, key), `: ${figure(found, unit)} of ${bound} ${figure(limit, unit)}`, part && ` (${part})`, `, by ${decided}`];
}

function cause([what, path, line, bytes, advice, saving, passes]) {
  const where = path && place(path, line) !== what ? [" (", make("code", {}, place(path, line)), ")"] : [];
  const helps = advice && make("div", { className: "advice" }, `${advice}${saving ? `: −${size(saving)}` : ""}${passes ? ", passes" : ""}`);
  return make("li", {}, `${size(bytes)}: ${what}`, ...where, helps);
}

function place(path, line) {
  return line ? `${path}:${line}` : path;
}

/** The first pages of a finding as links, and how many more there are. */
function named(finding) {
  const shown = finding.pages.slice(0, 8);
  const unit = finding.verdict?.[3] ?? "";
  const links = shown.flatMap(([row, found], at) => [at ? ", " : "", link(data.rows[row][0]), ` ${figure(found, unit)}`]);
  const more = finding.count - shown.length;
  return [...links, more > 0 ? ` and ${counted(more, "more page")}` : ""];
}

function link(url) {
  return make("a", { className: "url", href: `#page=${encodeURIComponent(url)}` }, url);
}

function site() {
  $("site").hidden = !data.site.length;
  $("site").replaceChildren($("limits"), judged(data.site, "Limits of the site"));
}

/** A table of figures against their limits. */
function judged(figures, label) {
  const heads = ["Limit", "Found", "Against the limit", "Warning above", "Error above", "Verdict", "Decided by"];
  const rows = figures.map(([limit, found]) => {
    const [key, profile, unit, warn, error, least, sure, decided] = data.limits[limit];
    const low = least !== null && found < least;
    const level = low || (error !== null && found > error) ? 2 : warn !== null && found > warn ? 1 : 0;
    const bound = low ? least : (error ?? warn);
    const none = warn === null && error === null && least === null;
    return make("tr", {},
      make("th", { scope: "row" }, make("code", {}, key), profile && ` ${profile}`),
      make("td", { className: "number", title: unit === "bytes" ? counted(found, "byte") : "" }, figure(found, unit), sure === "exact" ? "" : ` (${sure})`),
      make("td", {}, bound === null ? "" : gauge(found, bound, level)),
      make("td", { className: "number" }, warn === null ? "" : figure(warn, unit)),
      make("td", { className: "number" }, error === null ? "" : figure(error, unit), least === null ? "" : `${error === null ? "" : ", "}below ${figure(least, unit)}`),
      make("td", {}, none ? make("span", { className: "quiet" }, "no limit") : verdict(level)),
      make("td", {}, decided));
  });
  const head = make("thead", {}, make("tr", {}, heads.map((text, at) => make("th", { scope: "col", className: [1, 3, 4].includes(at) ? "number" : "" }, text))));
  return scrolled(make("table", {}, head, make("tbody", {}, rows)), label);
}

/** A bar against a limit, which stands at three quarters, or where it must for the bar to fit. */
function gauge(found, limit, level) {
  const full = Math.max(found, limit / 0.75) || 1;
  const fill = make("span", { className: "fill" });
  const mark = make("span", { className: "mark" });
  fill.style.width = `${(100 * found) / full}%`;
  mark.style.left = `${(100 * limit) / full}%`;
  return make("div", { className: `bar gauge ${MARKS[level]}`, title: percent(found, limit) }, fill, mark);
}

function scrolled(table, label) {
  return make("div", { className: "scroll", tabIndex: 0, role: "group", "aria-label": label }, table);
}

// The table of pages

const columns = [
  { key: "url", head: "Page", of: (row) => row[0] },
  { key: "level", head: "Verdict", of: (row) => row[2] },
  { key: "start", head: "Start", of: start },
  { key: "critical", head: "Critical", of: (row) => weighed(row)[CRITICAL] ?? 0 },
  ...data.kinds.map((kind, at) => ({ key: kind, head: kind, of: (row) => weighed(row)[CLASSES + at] ?? 0 })),
  { key: "requests", head: "Requests", of: (row) => weighed(row)[REQUESTS] ?? 0, count: true },
  { key: "lazy", head: "Lazy", of: (row) => weighed(row)[LAZY] ?? 0 },
  { key: "next", head: "Next page", of: (row) => weighed(row)[NEXT] ?? null },
].filter((column) => !["media", "other"].includes(column.key) || data.rows.some((row) => row.slice(3).some((bytes) => bytes[CLASSES + data.kinds.indexOf(column.key)])));

function heads() {
  const made = columns.map((column) => {
    const button = make("button", { type: "button" }, column.head);
    button.addEventListener("click", () => {
      view.down = view.sort === column.key ? !view.down : column.key !== "url";
      view.sort = column.key;
      view.part = 0;
      table();
    });
    return make("th", { scope: "col", className: ["url", "level"].includes(column.key) ? "" : "number", id: `by-${column.key}` }, button);
  });
  $("table").tHead.rows[0].replaceChildren(...made);
}

function chosen() {
  const word = view.filter.trim().toLowerCase();
  const rows = data.rows.filter(
    ([url, source, level]) =>
      (!word || url.toLowerCase().includes(word) || source.toLowerCase().includes(word)) &&
      (view.verdict === "" || String(level) === view.verdict),
  );
  const { of } = columns.find((column) => column.key === view.sort);
  const turn = view.down ? -1 : 1;
  const compare = (a, b) => (a === b ? 0 : a < b || a === null ? -1 : 1);
  return rows.sort((a, b) => turn * compare(of(a), of(b)) || compare(a[0], b[0]));
}

function table() {
  const rows = chosen();
  const first = view.part * PART;
  const shown = rows.slice(first, first + PART);
  for (const column of columns) {
    const on = column.key === view.sort;
    if (on) $(`by-${column.key}`).setAttribute("aria-sort", view.down ? "descending" : "ascending");
    else $(`by-${column.key}`).removeAttribute("aria-sort");
  }
  $("table").tBodies[0].replaceChildren(...shown.map(line));
  const range = rows.length > PART ? `${first + 1}–${first + shown.length} of ` : "";
  $("shown").textContent = range + counted(rows.length, "page");
  $("pager").hidden = rows.length <= PART;
  $("previous").disabled = view.part === 0;
  $("next").disabled = first + PART >= rows.length;
}

function line(row) {
  const cells = columns.slice(1).map((column) => {
    if (column.key === "level") return make("td", {}, verdict(row[2]));
    const value = column.of(row);
    if (column.count) return make("td", { className: "number" }, String(value));
    return value === 0 || value === null ? make("td", { className: "number quiet" }, "–") : sized(value);
  });
  return make("tr", {}, make("th", { scope: "row" }, link(row[0]), make("small", {}, row[1])), ...cells);
}

// One page

/** What a page fetches, its own HTML first: objects with url, kind, phase, label, size, raw, via, third. */
function fetches(row, weight) {
  const [set, own] = weight;
  const first = own && { url: row[0], kind: data.kinds.indexOf("html"), phase: 0, label: 0, size: own[0], raw: own[1], via: "", third: 0 };
  const others = data.sets[set].map((number) => {
    const [file, phase, label, via] = data.fetches[number];
    const [url, kind, bytes, raw, third] = data.files[file];
    return { url: data.urls[url], kind, phase, label, size: bytes, raw, via: via < 0 ? "the page" : data.urls[via], third };
  });
  return first ? [first, ...others] : others;
}

function detail(row) {
  const full = data.pages[places.get(row[0])];
  const [critical, begun, lazy, next, requests] = weighed(row);
  const back = make("p", { className: "back" }, make("a", { href: "#" }, "← All pages"));
  const title = make("h2", { id: "title", tabIndex: -1 }, make("span", { className: "url" }, row[0]), " ", verdict(row[2]));
  const made = full ? `${full[0] ? `, section ${full[0]}` : ""}${full[1] ? `, template ${full[1]}` : ""}` : "";
  const summary = make("dl", { className: "tiles" },
    tile("Cold, before scrolling", size(begun), counted(requests ?? 0, "request")),
    tile("Critical, before the first paint", size(critical)),
    tile("Lazy, at most", size(lazy)),
    tile("As the next page, warm", size(next), next === null ? "" : percent(next, begun)),
  );
  const parts = [back, title, make("p", { className: "quiet made" }, "Made from ", make("code", {}, row[1]), made), summary];
  $("detail").replaceChildren(...parts);
  if (!full) {
    const why = `The ${data.pages.length.toLocaleString("en")} worst pages are told in full; ssg budget ${row[0]} --format html tells this one.`;
    $("detail").append(make("p", { className: "quiet" }, why));
    return;
  }
  const weight = full[3][view.profile] ?? full[3].find(Boolean);
  const all = weight ? fetches(row, weight) : [];
  const number = places.get(row[0]);
  const wrong = data.findings.filter((finding) => finding.pages.some(([one]) => one === number));
  section("What it is made of", ...composition(all));
  if (wrong.length) section("Findings", ...wrong.map((finding) => shownFinding(finding, true)));
  section("Limits", judged(full[2], "Limits of the page"));
  section("What is fetched, in which order", waterfall(all));
  if (weight) section("The document", facts(weight));
}

function section(title, ...parts) {
  $("detail").append(make("section", {}, make("h2", {}, title), ...parts));
}

function facts([, own, head, nodes, inline, unknown]) {
  const tilesOf = make("dl", { className: "tiles" },
    tile("HTML to the end of <head>", size(head), "the first flight holds 14 kB"),
    tile("HTML, unpacked", size(own?.[1])),
    tile("Elements", nodes.toLocaleString("en")),
    ...inline.map(([kind, bytes]) => tile(`Inline ${kind}`, size(bytes), "unpacked")),
  );
  if (!unknown.length) return tilesOf;
  const items = unknown.map(([url, reason]) => make("li", {}, make("code", {}, url), `: ${reason}`));
  return make("div", {}, tilesOf, make("h3", {}, "What cannot be known"), make("ul", {}, items));
}

/** The treemap with its legend; lazy files, which may dwarf all others, are drawn when asked for. */
function composition(all) {
  const late = all.filter((one) => one.phase === 2);
  const drawn = view.lazy ? all : all.filter((one) => one.phase !== 2);
  const parts = [treemap(drawn), legend(drawn)];
  if (!late.length) return parts;
  const choice = make("input", { type: "checkbox", id: "lazy", checked: view.lazy });
  choice.addEventListener("change", () => {
    view.lazy = choice.checked;
    detail(asked());
    $("lazy").focus();
  });
  return [make("label", { className: "choice" }, choice, ` with ${counted(late.length, "lazy file")}`), ...parts];
}

function legend(all) {
  const items = data.kinds.flatMap((kind, at) => {
    const sum = total(all.filter((one) => one.kind === at));
    return sum ? [make("li", {}, swatch(at), `${kind} ${size(sum)}`)] : [];
  });
  const unknown = all.filter((one) => one.size === null).length;
  if (unknown) items.push(make("li", {}, `${counted(unknown, "file")} of unknown size not drawn`));
  if (all.some((one) => one.phase === 2 && one.size)) items.push(make("li", {}, "paler: lazy"));
  return make("ul", { className: "legend" }, items);
}

/**
 * Fill a rectangle with rectangles whose areas are as the sizes, each as square as can be.
 *
 * Squarified treemaps: Bruls, Huizing, van Wijk (2000). Sizes are positive, the largest first.
 */
function squarify(sizes, x, y, width, height) {
  const all = sizes.reduce((sum, one) => sum + one, 0);
  const scale = (width * height) / all;
  const boxes = [];
  let begin = 0;
  while (begin < sizes.length) {
    const side = Math.min(width, height);
    let [end, area] = [begin + 1, sizes[begin] * scale];
    let worst = ratio(area, area, area, side);
    while (end < sizes.length) {
      const next = area + sizes[end] * scale;
      const longer = ratio(sizes[begin] * scale, sizes[end] * scale, next, side);
      if (longer > worst) break;
      [worst, area, end] = [longer, next, end + 1];
    }
    const deep = area / side;
    let along = 0;
    for (const one of sizes.slice(begin, end)) {
      const long = (one * scale) / deep;
      boxes.push(width >= height ? [x, y + along, deep, long] : [x + along, y, long, deep]);
      along += long;
    }
    if (width >= height) [x, width] = [x + deep, width - deep];
    else [y, height] = [y + deep, height - deep];
    begin = end;
  }
  return boxes;
}

/** The worst ratio of sides in a row of areas between these two, along a side. */
function ratio(largest, smallest, sum, side) {
  return Math.max((side * side * largest) / (sum * sum), (sum * sum) / (side * side * smallest));
}

function treemap(all) {
  const drawn = all.filter((one) => one.size).sort((a, b) => b.size - a.size || (a.url < b.url ? -1 : 1));
  const sum = total(drawn);
  const label = `${counted(drawn.length, "file")}, ${size(sum)}; the table below says the same`;
  const svg = draw("svg", { class: "treemap", role: "img", "aria-label": label, "data-bytes": sum });
  const fill = () => {
    const [width, height] = [svg.clientWidth || 1000, svg.clientHeight || 352];
    svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
    const boxes = squarify(drawn.map((one) => one.size), 0, 0, width, height);
    svg.replaceChildren(...drawn.map((one, at) => cell(one, boxes[at])));
  };
  new ResizeObserver(fill).observe(svg);
  return svg;
}

function cell(one, [x, y, width, height]) {
  const name = one.url.replace(/\/$/, "").split("/").at(-1) || one.url;
  const hint = `${one.url}\n${data.kinds[one.kind]}, ${data.phases[one.phase]}: ${counted(one.size, "byte")}`;
  const rect = draw("rect", { x, y, width, height, class: data.kinds[one.kind], "data-bytes": one.size });
  const group = draw("g", { class: data.phases[one.phase] }, draw("title", {}, hint), rect);
  const fits = Math.floor((width - 12) / 7);
  if (height >= 22 && fits >= 4) {
    group.append(draw("text", { x: x + 7, y: y + 16 }, name.length > fits ? `${name.slice(0, fits - 1)}…` : name));
    if (height >= 38) group.append(draw("text", { x: x + 7, y: y + 31 }, size(one.size)));
  }
  return group;
}

function total(some) {
  return some.reduce((bytes, one) => bytes + (one.size ?? 0), 0);
}

function waterfall(all) {
  let gone = 0;
  const bodies = data.phases.flatMap((phase, at) => {
    const those = all.filter((one) => one.phase === at);
    if (!those.length) return [];
    const sum = total(those);
    // What is lazy has a scale of its own: nobody waits for it.
    const whole = total(all.filter((one) => (one.phase === 2) === (at === 2))) || 1;
    if (at === 2) gone = 0;
    const head = make("tr", { className: "group" }, make("th", { scope: "rowgroup", colSpan: 6 }, `${phase}: ${counted(those.length, "request")}, ${size(sum)}`));
    const rows = those.map((one) => {
      const bar = make("span", { className: data.kinds[one.kind] });
      bar.style.left = `${(100 * gone) / whole}%`;
      bar.style.width = `${(100 * (one.size ?? 0)) / whole}%`;
      gone += one.size ?? 0;
      return make("tr", {},
        make("th", { scope: "row" }, make("span", { className: "url" }, one.url), one.third ? " (third party)" : ""),
        make("td", {}, data.kinds[one.kind]),
        sized(one.size),
        make("td", {}, data.labels[one.label]),
        make("td", { className: "url" }, one.via),
        make("td", {}, make("div", { className: "bar" }, bar)));
    });
    return [make("tbody", {}, head, ...rows)];
  });
  const names = ["File", "Class", "Size", "Figure", "Named by", "Bytes so far"];
  const head = make("thead", {}, make("tr", {}, names.map((name, at) => make("th", { scope: "col", className: at === 2 ? "number" : "" }, name))));
  return scrolled(make("table", { id: "waterfall" }, head, ...bodies), "Files in the order of their phases");
}

// What is shown

/** The page that the address asks for; undefined for the overview. */
function asked() {
  const found = /^#page=(.*)$/.exec(location.hash);
  try {
    return found ? data.rows[places.get(decodeURIComponent(found[1]))] : undefined;
  } catch {
    return undefined;
  }
}

function overview() {
  tiles();
  classes();
  histogram();
  findings();
  site();
  table();
}

let left = 0; // how far the overview was scrolled

function show(focus) {
  const row = asked();
  if (row && !$("overview").hidden) left = scrollY;
  $("overview").hidden = Boolean(row);
  $("detail").hidden = !row;
  document.title = row ? `${row[0]} – performance budget` : "Performance budget";
  if (row) detail(row);
  if (!focus) return;
  if (row) {
    $("title").focus({ preventScroll: true });
    scrollTo(0, 0);
  } else {
    $("main").focus({ preventScroll: true });
    scrollTo(0, left);
  }
}

function profiles() {
  $("profiles").hidden = data.profiles.length < 2;
  for (const [at, name] of data.profiles.entries()) {
    const choice = make("input", { type: "radio", name: "profile", value: name, checked: at === 0 });
    choice.addEventListener("change", () => {
      view.profile = at;
      overview();
      if (asked()) detail(asked());
    });
    $("profiles").append(make("label", {}, choice, name));
  }
}

function begin() {
  const versions = Object.entries(data.compressors).map(([name, version]) => `${name} ${version}`);
  const kilo = "Sizes are of bodies, without headers; 1 kB is 1,000 bytes.";
  $("made").textContent = `Measured in ${data.measure}${versions.length ? ` (${versions.join(", ")})` : ""}. ${kilo}`;
  profiles();
  heads();
  overview();
  show(false);
  // A browser may draw what comes before the data: nothing that is filled in later is shown until it is whole.
  $("main").hidden = $("made").hidden = false;
  const change = (name) => ({ target }) => {
    view[name] = target.value;
    view.part = 0;
    table();
  };
  $("filter").addEventListener("input", change("filter"));
  $("verdict").addEventListener("change", change("verdict"));
  $("filters").addEventListener("submit", (event) => event.preventDefault());
  $("previous").addEventListener("click", () => turn(-1));
  $("next").addEventListener("click", () => turn(1));
  addEventListener("hashchange", () => show(true));
  addEventListener("beforeprint", () => document.querySelectorAll("details").forEach((one) => (one.open = true)));
}

function turn(by) {
  view.part += by;
  table();
  $("table").scrollIntoView({ block: "start" });
}

begin();
