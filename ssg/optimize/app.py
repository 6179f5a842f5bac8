"""A page of a site that is an app → the same page, which says so and starts the service worker."""

import json
from collections.abc import Iterable

from turbohtml import Doctype, Element
from turbohtml import Document as Tree

from ssg.errors import Diagnostic
from ssg.optimize.context import Context
from ssg.routes import TOUCH_ICON, WEB_MANIFEST, WORKER

# What waits for `load` takes nothing from the page. It is the same on every page: a policy has one hash for it.
_REGISTER = (
    '"serviceWorker"in navigator&&addEventListener("load",()=>navigator.serviceWorker.register({}).catch(console.warn))'
)


def app(tree: Tree, page: Context) -> Iterable[Diagnostic]:
    """Name the web app manifest, its colour and icon in `<head>`, and start the worker at the end of `<body>`.

    What a template names itself stays. A page that leads elsewhere at once, and a fragment, which has no doctype, are
    left alone.
    """
    pwa, head, body = page.config.pwa, tree.find("head"), tree.find("body")
    whole = any(isinstance(one, Doctype) for one in tree.children)
    if pwa is None or head is None or body is None or not whole or tree.select('meta[http-equiv="refresh" i]'):
        return ()
    base = page.config.site.base_path
    if not tree.select("link[rel~=manifest]"):
        head.append(Element("link", {"rel": "manifest", "href": base + WEB_MANIFEST}))
    if pwa.theme_color and not tree.select('meta[name="theme-color" i]'):
        head.append(Element("meta", {"name": "theme-color", "content": pwa.theme_color}))
    icon = page.find(TOUCH_ICON)
    if icon is not None and not tree.select("link[rel~=apple-touch-icon]"):
        head.append(Element("link", {"rel": "apple-touch-icon", "href": icon.url}))
    text = _REGISTER.format(json.dumps(base + WORKER))
    if all(one.text != text for one in tree.select("script:not([src])")):
        script = Element("script")
        script.text = text
        body.append(script)
    return ()
