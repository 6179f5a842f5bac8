// The preview's client: tells the server which page this tab shows, and does what a build means for it.

import { weigh } from "./budget.js";
import { morph } from "./morph.js";
import { show } from "./overlay.js";

const page = location.pathname;
let release = new URL(import.meta.url).searchParams.get("release");
let stream;
let work = Promise.resolve();

/** Load the page anew, once for a release: where that brings no newer one, again would not either. */
function reload(wanted) {
  const key = `ssg-reloaded:${page}`;
  if (sessionStorage.getItem(key) === `${release} ${wanted}`) return;
  sessionStorage.setItem(key, `${release} ${wanted}`);
  location.reload();
}

/** The readable path of a URL of this site; nothing for others. */
function path(url) {
  const { origin, pathname } = new URL(url, document.baseURI);
  if (origin !== location.origin) return undefined;
  try {
    return decodeURIComponent(pathname);
  } catch {
    return pathname;
  }
}

/** The paths of everything that this page has loaded. */
function loaded() {
  const urls = performance.getEntriesByType("resource").map((entry) => entry.name);
  for (const script of document.scripts) urls.push(script.src);
  for (const image of document.images) urls.push(image.currentSrc);
  return new Set(urls.filter(Boolean).map(path));
}

/** Load a style sheet anew: the old one goes when the new one is there, so that the page is never without. */
function swap(link, name) {
  return new Promise((resolve, reject) => {
    const fresh = link.cloneNode();
    const url = new URL(link.href);
    url.searchParams.set("_ssg", name);
    fresh.href = url.href;
    fresh.addEventListener("load", () => {
      link.remove();
      resolve();
    });
    fresh.addEventListener("error", () => {
      fresh.remove();
      reject(new Error(`${url} cannot be loaded`));
    });
    link.after(fresh);
  });
}

async function follow(told) {
  show(told.mistakes);
  weigh(decoded(page));
  const used = loaded();
  const links = [...document.querySelectorAll('link[rel~="stylesheet"][href]')];
  const linked = new Set(links.map((link) => path(link.href)));
  const styles = new Set(told.styles.filter((style) => linked.has(style)));
  const lost = [...told.files, ...told.styles.filter((style) => !linked.has(style))].some((file) => used.has(file));
  if (told.page === "reload" || lost || location.pathname !== page) return reload(told.release);
  try {
    await Promise.all(links.filter((link) => styles.has(path(link.href))).map((link) => swap(link, told.release)));
    if (told.page === "changed" && !(await morph())) return reload(told.release);
  } catch {
    return reload(told.release); // a sheet or the page cannot be had: the browser shows why
  }
  if (release !== told.release) {
    release = told.release;
    document.dispatchEvent(new CustomEvent("ssg:update", { detail: { release } }));
  }
}

function connect() {
  stream?.close();
  stream = new EventSource(`/_ssg/events?page=${encodeURIComponent(decoded(page))}&release=${release}`);
  stream.addEventListener("build", ({ data }) => {
    work = work.then(() => follow(JSON.parse(data)));
  });
  stream.addEventListener("error", ({ target }) => {
    if (target === stream && target.readyState === EventSource.CLOSED) setTimeout(connect, 1000);
  });
}

function decoded(name) {
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}

// A browser has six connections to a server of HTTP/1.1: tabs that nobody looks at give theirs up, and catch up later.
function look() {
  if (document.visibilityState === "hidden") stream?.close();
  else connect();
}

performance.setResourceTimingBufferSize(10000);
document.querySelector('script[src^="/_ssg/client.js"]')?.remove();
document.addEventListener("visibilitychange", look);
addEventListener("pageshow", (event) => event.persisted && look());
look();
