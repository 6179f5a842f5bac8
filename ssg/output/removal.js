// What takes the place of the service worker of a site that is no app any more. BASE stands before it.
(() => {
  const remove = async () => {
    for (const name of await caches.keys()) name.startsWith("ssg " + BASE + " ") && await caches.delete(name);
    await registration.unregister();
  };
  addEventListener("install", () => skipWaiting());
  addEventListener("activate", event => event.waitUntil(remove()));
})();
