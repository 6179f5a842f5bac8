// The service worker of a site. FILES, VERSION, BASE, OFFLINE and TIMEOUT stand before it.
// Hashed files never change: one cache for all versions, served from it. Pages come from the network where there is one.
(() => {
  const scope = "ssg " + BASE + " ", shell = scope + VERSION, assets = scope + "assets", pages = scope + "pages";
  const hashed = path => path.startsWith(BASE + "assets/") && /\.[0-9a-f]{10}(\.[^/]*)?$/.test(path);
  const whole = response => response.status == 200 && response.type == "basic" && !response.redirected;
  const has = (response, name, pattern) => pattern.test(response.headers.get(name));
  const kept = async (name, path) => (await caches.open(name)).match(path, {ignoreVary: true});

  // The oldest copies go first, but none that this version needs.
  const keep = async (name, path, response, most) => {
    try {
      const cache = await caches.open(name);
      await cache.put(path, response);
      const old = (await cache.keys()).map(request => new URL(request.url).pathname).slice(0, -most);
      for (const one of old) FILES.includes(one) || await cache.delete(one);
    } catch (reason) { // there is no room: the next page works without a copy too
      console.warn(reason);
    }
  };
  const keepPage = (path, response) =>
    whole(response) && has(response, "content-type", /html/) && !has(response, "cache-control", /no-store|private/) &&
    keep(pages, path, response.clone(), 60);

  const install = async () => {
    await Promise.all(FILES.map(async path => {
      const cache = await caches.open(hashed(path) ? assets : shell);
      if (hashed(path) && await cache.match(path)) return;
      const response = await fetch(path, {cache: hashed(path) ? "default" : "no-cache"});
      if (!whole(response)) throw Error(path + " " + response.status);
      await cache.put(path, response);
    }));
    await skipWaiting();
  };

  const activate = async () => {
    for (const name of await caches.keys())
      name.startsWith(scope) && ![shell, assets, pages].includes(name) && await caches.delete(name);
    const seen = await caches.open(pages);
    for (const path of FILES) await seen.delete(path);
    if (registration.navigationPreload) await registration.navigationPreload.enable();
    await clients.claim();
    // The page that brought the worker lies in the browser's own cache.
    for (const client of await clients.matchAll({type: "window"})) {
      const path = new URL(client.url).pathname;
      if (FILES.includes(path) || await seen.match(path)) continue;
      await fetch(path, {cache: "force-cache"}).then(response => keepPage(path, response)).catch(() => 0);
    }
  };

  const page = async (event, path) => {
    const copy = async () => await kept(pages, path) || kept(shell, path);
    const answer = (async () => {
      const response = await event.preloadResponse || await fetch(event.request);
      event.waitUntil(keepPage(path, response));
      return response;
    })();
    event.waitUntil(answer.catch(() => 0));
    try {
      return await Promise.race([answer, new Promise(done => setTimeout(done, TIMEOUT))]) || await copy() || await answer;
    } catch {
      return await copy() || await kept(shell, OFFLINE) || Response.error();
    }
  };

  const asset = async (event, path) => {
    const copy = await kept(assets, path);
    if (copy) return copy;
    const response = await fetch(event.request);
    if (whole(response) && !has(response, "content-type", /html/)) // a host may answer with a page what is not there
      event.waitUntil(keep(assets, path, response.clone(), 240));
    return response;
  };

  addEventListener("install", event => event.waitUntil(install()));
  addEventListener("activate", event => event.waitUntil(activate()));
  addEventListener("fetch", event => {
    const {request} = event, {origin, pathname} = new URL(request.url);
    if (request.method != "GET" || origin != location.origin || request.headers.has("range") || !pathname.startsWith(BASE))
      return;
    if (request.mode == "navigate") event.respondWith(page(event, pathname));
    else if (hashed(pathname)) event.respondWith(asset(event, pathname));
    else if (FILES.includes(pathname))
      event.respondWith(fetch(request).catch(async reason => {
        const copy = await kept(shell, pathname);
        if (copy) return copy;
        throw reason;
      }));
  });
})();
