// What is shown: the overview, or the page that the address names.

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
  const change =
    (name) =>
    ({ target }) => {
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
