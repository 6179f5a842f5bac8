// One page: what it is made of, what is wrong with it, its limits, and what is fetched in which order.

/** What a page fetches, its own HTML first: objects with url, kind, phase, label, size, raw, via, third. */
function fetches(row, weight) {
  const [set, own] = weight;
  const first = own && {
    url: row[0],
    kind: data.kinds.indexOf("html"),
    phase: 0,
    label: 0,
    size: own[0],
    raw: own[1],
    via: "",
    third: 0,
  };
  const others = data.sets[set].map((number) => {
    const [file, phase, label, via] = data.fetches[number];
    const [url, kind, bytes, raw, third] = data.files[file];
    return {
      url: data.urls[url],
      kind,
      phase,
      label,
      size: bytes,
      raw,
      via: via < 0 ? "the page" : data.urls[via],
      third,
    };
  });
  return first ? [first, ...others] : others;
}

function detail(row) {
  const full = data.pages[places.get(row[0])];
  const [critical, begun, lazy, next, requests] = weighed(row);
  const back = make("p", { className: "back" }, make("a", { href: "#" }, "← All pages"));
  const title = make(
    "h2",
    { id: "title", tabIndex: -1 },
    make("span", { className: "url" }, row[0]),
    " ",
    verdict(row[2]),
  );
  const made = full ? `${full[0] ? `, section ${full[0]}` : ""}${full[1] ? `, template ${full[1]}` : ""}` : "";
  const summary = make(
    "dl",
    { className: "tiles" },
    tile("Cold, before scrolling", size(begun), counted(requests ?? 0, "request")),
    tile("Critical, before the first paint", size(critical)),
    tile("Lazy, at most", size(lazy)),
    tile("As the next page, warm", size(next), next === null ? "" : percent(next, begun)),
  );
  const parts = [
    back,
    title,
    make("p", { className: "quiet made" }, "Made from ", make("code", {}, row[1]), made),
    summary,
  ];
  $("detail").replaceChildren(...parts);
  if (!full) {
    const number = data.pages.length.toLocaleString("en");
    const why = `The ${number} worst pages are told in full; ssg budget ${row[0]} --format html tells this one.`;
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
  const tilesOf = make(
    "dl",
    { className: "tiles" },
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
    const boxes = squarify(
      drawn.map((one) => one.size),
      0,
      0,
      width,
      height,
    );
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
    const head = make(
      "tr",
      { className: "group" },
      make("th", { scope: "rowgroup", colSpan: 6 }, `${phase}: ${counted(those.length, "request")}, ${size(sum)}`),
    );
    const rows = those.map((one) => {
      const bar = make("span", { className: data.kinds[one.kind] });
      bar.style.left = `${(100 * gone) / whole}%`;
      bar.style.width = `${(100 * (one.size ?? 0)) / whole}%`;
      gone += one.size ?? 0;
      return make(
        "tr",
        {},
        make("th", { scope: "row" }, make("span", { className: "url" }, one.url), one.third ? " (third party)" : ""),
        make("td", {}, data.kinds[one.kind]),
        sized(one.size),
        make("td", {}, data.labels[one.label]),
        make("td", { className: "url" }, one.via),
        make("td", {}, make("div", { className: "bar" }, bar)),
      );
    });
    return [make("tbody", {}, head, ...rows)];
  });
  const names = ["File", "Class", "Size", "Figure", "Named by", "Bytes so far"];
  const head = make(
    "thead",
    {},
    make(
      "tr",
      {},
      names.map((name, at) => make("th", { scope: "col", className: at === 2 ? "number" : "" }, name)),
    ),
  );
  return scrolled(make("table", { id: "waterfall" }, head, ...bodies), "Files in the order of their phases");
}
