"""HTML that ssg's own template functions write."""

from collections.abc import Mapping

from markupsafe import Markup, escape


def image_tag(url: str, alt: str, size: tuple[int, int] | None, attributes: Mapping[str, object]) -> Markup:
    """Give an `<img>`; `size` is its width and height in px, so that the page does not move when it arrives.

    It is loaded when the reader comes near (WHATWG HTML, section 2.6.7), unless `attributes` say otherwise.
    """
    width, height = size or (None, None)
    own = {"src": url, "alt": alt, "width": width, "height": height, "loading": "lazy", "decoding": "async"}
    return tag("img", own | {_attribute(name): value for name, value in attributes.items()})


def tag(name: str, attributes: Mapping[str, object]) -> Markup:
    """Give a start tag; an attribute that is None or False is left out, one that is True stands alone."""
    parts = [name]
    for key, value in attributes.items():
        if value is True:
            parts.append(key)
        elif value is not None and value is not False:
            parts.append(f'{key}="{escape(value)}"')
    return Markup(f"<{' '.join(parts)}>")  # noqa: S704 - values are escaped above


def _attribute(name: str) -> str:
    """Give the attribute that a keyword stands for: `class_`, `data_role`."""
    return name.rstrip("_").replace("_", "-")


def lone_paragraph(html: Markup) -> Markup:
    """Give HTML without the tags of its paragraph, where that is all there is."""
    trimmed = html.strip("\n")
    if trimmed.count("<p>") == 1 and trimmed.startswith("<p>") and trimmed.endswith("</p>"):
        return trimmed[3:-4]
    return html
