"""An SVG drawing → the same drawing without scripts and without what its editor left in it."""

from xml.parsers import expat  # declarations of entities are refused below, outer files are never read

import msgspec

from ssg.errors import Diagnostic, Location, warning

# Namespaces of editors: what is in them is not drawn.
_EDITORS = (
    "http://www.inkscape.org/",
    "http://sodipodi.sourceforge.net/",
    "http://ns.adobe.com/",
    "http://www.bohemiancoding.com/",
    "http://www.serif.com/",
    "http://www.figma.com/",
    "http://vectornator.io",
    "http://krita.org/",
    "http://www.corel.com/",
)
# Elements whose white space is shown, or means something to others than SVG (SVG 2, section 11.7).
_SPACED = {"text", "tspan", "textPath", "title", "desc", "style", "script", "foreignObject", "switch"}
# Attributes that hold a URL, or set one in an animation (SVG 2, section 16.1).
_LINKS = {"action", "by", "formaction", "from", "href", "src", "to", "values"}
_ESCAPES = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}
# An attribute's white space becomes spaces unless it is written as a reference (XML 1.0, section 3.3.3).
_QUOTED = _ESCAPES | {'"': "&quot;", "\t": "&#9;", "\n": "&#10;", "\r": "&#13;"}


class CleanedSvg(msgspec.Struct, frozen=True):
    """The bytes of a drawing as it is published, and what is to be said of it."""

    body: bytes
    diagnostics: tuple[Diagnostic, ...] = ()


class _Refused(Exception):  # noqa: N818 - it ends the parse
    """The document declares entities, which may be made to grow without end."""


def clean_svg(path: str, body: bytes) -> CleanedSvg:
    """Give an SVG file without comments, editor's data, `<metadata>`, scripts and `on…` attributes.

    Ids, references, style sheets, titles and all that is drawn stay. Scripts that were removed are a warning; a file
    that cannot be read as XML, or that declares entities, stays as it is, with a warning. `path` names it there.
    """
    writer = _Writer()
    try:
        _parse(body, writer)
    except expat.ExpatError as reason:
        return _left(path, body, f"is no well-formed XML: {expat.ErrorString(reason.code)}", reason.lineno)
    except (LookupError, ValueError) as reason:  # of the encoding that it names
        return _left(path, body, f"is no well-formed XML: {reason}", 1)
    except _Refused as reason:
        return _left(path, body, str(reason), 0)
    cleaned = "".join(writer.parts).encode()
    if writer.scripted:
        line = min(writer.scripted)
        said = warning("svg", "holds a script", Location(path, line), "it is published without; draw without scripts")
        return CleanedSvg(cleaned, (said,))
    return CleanedSvg(min(cleaned, body, key=len))


def _left(path: str, body: bytes, message: str, line: int) -> CleanedSvg:
    return CleanedSvg(body, (warning("svg", message, Location(path, line), "it is published as it is"),))


def _refuse(*_: object) -> None:
    raise _Refused("declares entities, which ssg does not expand")


def _parse(body: bytes, writer: "_Writer") -> None:
    parser = expat.ParserCreate()
    parser.ordered_attributes = True
    parser.buffer_text = True
    parser.EntityDeclHandler = _refuse
    parser.StartElementHandler = lambda name, attributes: writer.start(name, attributes, parser.CurrentLineNumber)
    parser.EndElementHandler = writer.end
    parser.CharacterDataHandler = writer.text
    parser.ProcessingInstructionHandler = writer.instruction
    parser.Parse(body, True)  # noqa: FBT003 - the last part


class _Writer:
    """Writes what the parser reads, without what goes."""

    def __init__(self) -> None:
        self.parts: list[str] = []
        self.scripted: list[int] = []
        # The element that is being left out, as the number of elements around it; the prefixes of editors.
        self._omitted: int | None = None
        self._editors: set[str] = set()
        self._path: list[str] = []
        self._spaced = 0
        self._open = False

    def start(self, name: str, attributes: list[str], line: int) -> None:
        """Take a start tag with its attributes, name and value by turns."""
        pairs = list(zip(attributes[::2], attributes[1::2], strict=True))
        self._editors |= {key[6:] for key, value in pairs if key.startswith("xmlns:") and value.startswith(_EDITORS)}
        self._path.append(name)
        local = name.rpartition(":")[2]
        if self._omitted is None and self._goes(name, local, line):
            self._omitted = len(self._path)
        if self._omitted is not None:
            return
        kept = [(key, value) for key, value in pairs if not self._attribute_goes(key, value, line)]
        self._close()
        self.parts.append(f"<{name}" + "".join(f' {key}="{_escaped(value, _QUOTED)}"' for key, value in kept))
        self._open = True
        if self._spaced or local in _SPACED or ("xml:space", "preserve") in kept:
            self._spaced += 1

    def end(self, name: str) -> None:
        """Take an end tag."""
        depth = len(self._path)
        self._path.pop()
        if self._omitted is not None:
            self._omitted = None if self._omitted == depth else self._omitted
            return
        self.parts.append("/>" if self._open else f"</{name}>")
        self._open = False
        self._spaced = max(0, self._spaced - 1)

    def text(self, text: str) -> None:
        """Take text; white space between shapes goes."""
        if self._omitted is None and (self._spaced or text.strip(" \t\r\n")):
            self._close()
            self.parts.append(_escaped(text, _ESCAPES))

    def instruction(self, target: str, data: str) -> None:
        """Take a processing instruction; one that names a style sheet stays."""
        if target == "xml-stylesheet":
            self._close()
            self.parts.append(f"<?{target} {data}?>")

    def _close(self) -> None:
        if self._open:
            self.parts.append(">")
            self._open = False

    def _goes(self, name: str, local: str, line: int) -> bool:
        if local == "script":
            self.scripted.append(line)
            return True
        return local == "metadata" or (":" in name and name.partition(":")[0] in self._editors)

    def _attribute_goes(self, key: str, value: str, line: int) -> bool:
        prefix, _, local = key.rpartition(":")
        if local.lower().startswith("on") or (local in _LINKS and _scripted(value)):
            self.scripted.append(line)
            return True
        return prefix in self._editors or (prefix == "xmlns" and local in self._editors)


def _scripted(value: str) -> bool:
    """Tell whether an attribute's value may be a URL that runs (WHATWG URL, section 4.4, strips what is stripped)."""
    return "javascript:" in "".join(value.split()).lower()


def _escaped(text: str, escapes: dict[str, str]) -> str:
    return "".join(escapes.get(letter, letter) for letter in text)
