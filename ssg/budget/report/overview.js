// All pages: how they are spread, what is wrong, the limits of the site, and the table.

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
  const svg = draw(
    "svg",
    { viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": label },
    ...bars,
    axis,
    ...ends,
  );
  $("histogram").replaceChildren($("histogram").firstElementChild, svg);
}

/** The next of 1, 2, 5, 10, 20 … */
function nice(value) {
  const power = 10 ** Math.floor(Math.log10(Math.max(1, value)));
  return power * [1, 2, 5, 10].find((one) => one * power >= value);
}

function findings(most = FINDINGS) {
  const made = data.findings.slice(0, most).map((finding) => shownFinding(finding, data.findings.length <= 3));
  const none = data.off ? "Budgets are off: nothing was checked." : "None: all limits are kept.";
  if (!made.length) made.push(make("p", { className: "quiet" }, data.rows.length || data.off ? none : NOTHING));
  const more = data.findings.length - most;
  if (more > 0) {
    const button = make("button", { type: "button" }, `Show ${counted(more, "more finding")}`);
    button.addEventListener("click", () => {
      findings(Infinity);
      $("findings").children[most + 1].querySelector("summary").focus();
    });
    made.push(button);
  }
  $("findings").replaceChildren($("wrong"), ...made);
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
  return [
    make("code", {}, key),
    `: ${figure(found, unit)} of ${bound} ${figure(limit, unit)}`,
    part && ` (${part})`,
    `, by ${decided}`,
  ];
}

function cause([what, path, line, bytes, advice, saving, passes, elements, fewer]) {
  const where = path && place(path, line) !== what ? [" (", make("code", {}, place(path, line)), ")"] : [];
  const part = elements ? counted(elements, "element") : size(bytes);
  const less = fewer ? counted(fewer, "element") : saving ? size(saving) : "";
  const helps =
    advice && make("div", { className: "advice" }, `${advice}${less && `: −${less}`}${passes ? ", passes" : ""}`);
  return make("li", {}, `${part}: ${what}`, ...where, helps);
}

function place(path, line) {
  return line ? `${path}:${line}` : path;
}

/** The first pages of a finding as links, and how many more there are. */
function named(finding) {
  const shown = finding.pages.slice(0, 8);
  const unit = finding.verdict?.[3] ?? "";
  const links = shown.flatMap(([row, found], at) => [
    at ? ", " : "",
    link(data.rows[row][0]),
    ` ${figure(found, unit)}`,
  ]);
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
    return make(
      "tr",
      {},
      make("th", { scope: "row" }, make("code", {}, key), profile && ` ${profile}`),
      make(
        "td",
        { className: "number", title: unit === "bytes" ? counted(found, "byte") : "" },
        figure(found, unit),
        sure === "exact" ? "" : ` (${sure})`,
      ),
      make("td", {}, bound === null ? "" : gauge(found, bound, level)),
      make("td", { className: "number" }, warn === null ? "" : figure(warn, unit)),
      make(
        "td",
        { className: "number" },
        error === null ? "" : figure(error, unit),
        least === null ? "" : `${error === null ? "" : ", "}below ${figure(least, unit)}`,
      ),
      make("td", {}, none ? make("span", { className: "quiet" }, "no limit") : verdict(level)),
      make("td", {}, decided),
    );
  });
  const head = make(
    "thead",
    {},
    make(
      "tr",
      {},
      heads.map((text, at) => make("th", { scope: "col", className: [1, 3, 4].includes(at) ? "number" : "" }, text)),
    ),
  );
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
  { key: "next", head: "Next", of: (row) => weighed(row)[NEXT] ?? null },
].filter(
  (column) =>
    !["media", "other"].includes(column.key) ||
    data.rows.some((row) => row.slice(3).some((bytes) => bytes[CLASSES + data.kinds.indexOf(column.key)])),
);

function heads() {
  const made = columns.map((column) => {
    const button = make("button", { type: "button" }, column.head);
    button.addEventListener("click", () => {
      view.down = view.sort === column.key ? !view.down : column.key !== "url";
      view.sort = column.key;
      view.part = 0;
      table();
    });
    return make(
      "th",
      { scope: "col", className: ["url", "level"].includes(column.key) ? "" : "number", id: `by-${column.key}` },
      button,
    );
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
