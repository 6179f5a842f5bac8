// Runs before anything else in a page: keeps what the browser says of its painting, moving and long tasks.
(() => {
  if (window.top !== window) return;
  const seen = { largest: 0, element: "", first: 0, windows: [], shifts: [], tasks: [] };
  const named = (node) => {
    if (!node || node.nodeType !== 1) return node && node.parentElement ? named(node.parentElement) : "";
    const id = node.id ? `#${node.id}` : "";
    const classes = [...node.classList].slice(0, 3).map((one) => `.${one}`).join("");
    return `${node.localName}${id}${classes}`;
  };
  const watch = (type, hear) =>
    new PerformanceObserver((list) => list.getEntries().forEach(hear)).observe({ type, buffered: true });
  watch("paint", (entry) => {
    if (entry.name === "first-contentful-paint") seen.first = entry.startTime;
  });
  watch("largest-contentful-paint", (entry) => {
    seen.largest = entry.startTime;
    seen.element = named(entry.element) + (entry.url ? ` ${entry.url}` : "");
  });
  // Shifts count in windows: each at most 1 s after the last and 5 s long; the worst window is the figure. Nobody
  // touches the page, so `hadRecentInput` only tells that the size of the emulated window was set: it counts for nothing.
  watch("layout-shift", (entry) => {
    const last = seen.windows.at(-1);
    const joined = last && entry.startTime - last.end < 1000 && entry.startTime - last.begin < 5000;
    if (joined) Object.assign(last, { end: entry.startTime, score: last.score + entry.value });
    else seen.windows.push({ begin: entry.startTime, end: entry.startTime, score: entry.value });
    for (const source of entry.sources) {
      seen.shifts.push({ element: named(source.node), score: entry.value });
    }
  });
  watch("longtask", (entry) => seen.tasks.push([entry.startTime, entry.duration]));
  Object.defineProperty(window, "__ssgAudit", {
    value: () => ({
      largest: seen.largest,
      element: seen.element,
      first: seen.first,
      shift: Math.max(0, ...seen.windows.map((one) => one.score)),
      shifts: seen.shifts.sort((a, b) => b.score - a.score).slice(0, 5),
      blocked: seen.tasks
        .filter(([start, took]) => start + took > seen.first)
        .reduce((sum, [start, took]) => sum + Math.max(0, start + took - Math.max(start, seen.first) - 50), 0),
      blocking: performance
        .getEntriesByType("resource")
        .filter((entry) => entry.renderBlockingStatus === "blocking")
        .map((entry) => entry.name),
    }),
  });
})();
