// Replace the page in place: scroll position, focus, what was typed and what was opened stay.

import { Idiomorph } from "./idiomorph.js";

const SHEETS = 'link[rel~="stylesheet"], style';
// Scripts run once, and what http-equiv says holds from the start: neither can be changed in place. JSON-LD, in which
// every title and date is repeated, is read by search engines alone.
const FIXED = 'script:not([type="application/ld+json"]), meta[http-equiv], base';
// What the preview itself has put over the page.
const OWN = "ssg-overlay, ssg-budget";
// The page as the server gave it: asked for at once, as another tab of the same page will put a newer one into the cache.
const first = load("force-cache");
let before; // the page as it was served, or as the last change in place left it

/** Parse a page as the server sent it, without the preview's script. */
function parse(text) {
  const page = new DOMParser().parseFromString(text, "text/html");
  page.querySelector('script[src^="/_ssg/client.js"]')?.remove();
  // Where scripts run, what is in <noscript> is text.
  for (const element of page.querySelectorAll("noscript")) element.textContent = element.innerHTML;
  return page;
}

async function load(cache) {
  const response = await fetch(location.pathname + location.search, { cache });
  return response.text();
}

/** An element's markup for comparison: without the overlay, and without what a reader or a swapped sheet changes. */
function plain(element) {
  const copy = element.cloneNode(true);
  for (const overlay of copy.querySelectorAll(OWN)) overlay.remove();
  for (const opened of copy.querySelectorAll("details, dialog")) opened.removeAttribute("open");
  for (const link of copy.querySelectorAll('link[rel~="stylesheet"][href]')) link.setAttribute("href", address(link));
  copy.normalize();
  return copy;
}

/** The URL of a style sheet without what a swap put into it. */
function address(link) {
  const url = new URL(link.getAttribute("href"), document.baseURI);
  url.searchParams.delete("_ssg");
  return url.href;
}

/** Give the live page the new page's style sheets, one by one and in order; false where they do not pair. */
async function dress(fresh) {
  const old = [...document.querySelectorAll(SHEETS)];
  const next = [...fresh.querySelectorAll(SHEETS)];
  if (old.length !== next.length || old.some((one, at) => one.localName !== next[at].localName)) return false;
  await Promise.all(old.map((one, at) => (one.localName === "style" ? restyle : relink)(one, next[at])));
  return true;
}

function restyle(old, next) {
  if (old.textContent !== next.textContent) old.textContent = next.textContent;
}

function relink(old, next) {
  if (address(old) === address(next)) {
    next.setAttribute("href", old.getAttribute("href"));
    return undefined;
  }
  return new Promise((resolve, reject) => {
    const link = document.importNode(next, true);
    link.addEventListener("load", () => {
      old.remove();
      resolve();
    });
    link.addEventListener("error", reject);
    old.after(link);
  });
}

/** Note what was typed or chosen in forms; gives what puts it back. */
function forms() {
  const noted = [];
  for (const field of document.querySelectorAll("input, textarea, select")) {
    const { value, checked } = field;
    if (field.localName === "select") {
      const chosen = [...field.options].map((option) => option.selected);
      if ([...field.options].some((option) => option.selected !== option.defaultSelected)) {
        noted.push([field, () => chosen.forEach((on, at) => field.options[at] && (field.options[at].selected = on))]);
      }
    } else if (checked !== undefined && checked !== field.defaultChecked) {
      noted.push([field, () => (field.checked = checked)]);
    } else if (field.type !== "file" && value !== field.defaultValue) {
      noted.push([field, () => (field.value = value)]);
    }
  }
  return () => noted.forEach(([field, restore]) => field.isConnected && restore());
}

/** What of a page cannot be changed in place. */
function fixed(page) {
  return [...page.querySelectorAll(FIXED)].map((element) => element.outerHTML).join();
}

/**
 * Make this page the one that the server has now.
 *
 * False where that cannot be done in place: its scripts or style sheets are others, or scripts have changed the page, so
 * that they must run again.
 */
export async function morph() {
  if (!before) {
    const served = parse(await first);
    before = { fixed: fixed(served), page: plain(served.documentElement) };
  }
  const fresh = parse(await load("no-cache"));
  const touched = !plain(document.documentElement).isEqualNode(before.page);
  if (touched || fixed(fresh) !== before.fixed || !(await dress(fresh))) return false;
  const restore = forms();
  Idiomorph.morph(document.documentElement, fresh.documentElement, {
    head: { style: "merge" },
    callbacks: {
      beforeNodeRemoved: (node) => !node.matches?.(OWN),
      beforeAttributeUpdated: (name, node) => name !== "open" || !["details", "dialog"].includes(node.localName),
    },
  });
  restore();
  before.page = plain(document.documentElement);
  return true;
}
