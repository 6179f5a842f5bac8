"""S3 behind CloudFront: what each object is stored with, two functions, a policy of headers and the answers to errors.

S3 negotiates nothing, and CloudFront compresses by itself. A function leads from `/a` to `/a/` and asks S3 for
`/a/index.html`; one more sets headers that are for some paths alone.

Limits are those of "Quotas" in the CloudFront Developer Guide and of "Amazon CloudFront endpoints and quotas" in the
AWS General Reference: 10 KB a function, 10 custom headers a policy, 1,783 characters a value.
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from ssg.delivery.emitted import Emitted, Limit, at_root, over, without_missing
from ssg.delivery.policy import Policy, Served, stored_headers
from ssg.errors import Diagnostic, Location, error
from ssg.urls import uri

_NAME = "CloudFront"
# Bytes of a function (quotas of CloudFront Functions), and characters of a header in a policy.
_FUNCTION, _HEADER = 10 * 1024, 1783
_CUSTOM = Limit("headers of its own kind in a policy", 10)
# Bytes of the name of an object ("Naming Amazon S3 objects" in the S3 User Guide).
_KEY = 1024
_FRAMES = frozenset(("DENY", "SAMEORIGIN"))


def emit(policy: Policy, where: Location) -> Emitted:
    """Give the files for S3 and CloudFront."""
    objects = {one.path: _stored(policy, one) for one in policy.files}
    files = {
        "s3-cloudfront/objects.json": _json(objects),
        "s3-cloudfront/viewer-request.js": _request(policy),
        "s3-cloudfront/response-headers-policy.json": _json(_headers(policy)),
        "s3-cloudfront/error-responses.json": _json(_errors(policy)),
    }
    if policy.rules:
        files["s3-cloudfront/viewer-response.js"] = _response(policy)
    return Emitted(beside=files, diagnostics=tuple(_limits(policy, files, where)))


def _stored(policy: Policy, file: Served) -> dict[str, str]:
    """Give the metadata of an object: there is no `CDN-Cache-Control` in S3, so a page has `s-maxage`."""
    said = stored_headers(policy, file, purged=True)
    return {name: said[name] for name in ("Cache-Control", "Content-Type")}


def _limits(policy: Policy, files: Mapping[str, str], where: Location) -> Iterator[Diagnostic]:
    yield from at_root(_NAME, policy, where)
    yield from without_missing(_NAME, policy, where)
    for name, text in files.items():
        if name.endswith(".js") and len(text.encode()) > _FUNCTION:
            message = f"{_NAME} takes functions of {_FUNCTION:,} bytes, and {name} has {len(text.encode()):,}"
            yield error("limit", message, where, "have redirects with * stand for many, and fewer headers by path")
    custom = _headers(policy).get("CustomHeadersConfig", {}).get("Items", ())
    yield from over(_NAME, _CUSTOM, len(custom), where, "set fewer headers for all paths")
    for name, value in (*policy.everywhere, *policy.pages):
        if len(value) > _HEADER:
            message = f"{_NAME} takes {_HEADER:,} characters a header, and {name} has {len(value):,}"
            yield error("limit", message, where, "have it say less")
    for one in policy.files:
        if len(one.path.encode()) > _KEY:
            yield error(
                "path",
                f"S3 takes names of {_KEY:,} bytes, and that of {one.path[:40]}… has more",
                one.place(where),
                "rename it",
            )


def _request(policy: Policy) -> str:
    """Write the function that sees each request; the language is that of `cloudfront-js-2.0`."""
    exact = {uri(one.source): [one.target, one.status] for one in policy.redirects if not one.dynamic}
    begin = [[uri(one.source[:-1]), one.target, one.status] for one in policy.redirects if one.dynamic]
    plain = sorted(uri(policy.url(one.path)) for one in policy.files if "." not in one.path.rpartition("/")[2])
    return f"""// The function of the event viewer request, runtime cloudfront-js-2.0.
var exact = {_script(exact)};
var beginnings = {_script(begin)};
var files = {_script(plain)};

function moved(location, status) {{
  return {{ statusCode: status, statusDescription: 'Moved', headers: {{ location: {{ value: location }} }} }};
}}

function handler(event) {{
  var request = event.request;
  var uri = request.uri;
  if (Object.prototype.hasOwnProperty.call(exact, uri)) return moved(exact[uri][0], exact[uri][1]);
  for (var i = 0; i < beginnings.length; i++) {{
    if (uri.indexOf(beginnings[i][0]) === 0) {{
      var rest = uri.slice(beginnings[i][0].length);
      return moved(beginnings[i][1].replace(':splat', function () {{ return rest; }}), beginnings[i][2]);
    }}
  }}
  if (uri.charAt(uri.length - 1) === '/') {{
    request.uri = uri + 'index.html';
  }} else if (uri.slice(uri.lastIndexOf('/')).indexOf('.') < 0 && files.indexOf(uri) < 0) {{
    return moved(uri + '/', 301);
  }}
  return request;
}}
"""


def _response(policy: Policy) -> str:
    """Write the function that sees each answer."""
    rules = [
        [*uri(rule.pattern).partition("*"), {name.lower(): {"value": value} for name, value in rule.headers}]
        for rule in policy.rules
    ]
    return f"""// The function of the event viewer response, runtime cloudfront-js-2.0.
var rules = {_script(rules)};

function handler(event) {{
  var uri = event.request.uri.replace(/\\/index\\.html$/, '/');
  rules.forEach(function (rule) {{
    var long = uri.length >= rule[0].length + rule[2].length;
    var within = long && uri.indexOf(rule[0]) === 0 && uri.slice(uri.length - rule[2].length) === rule[2];
    if (rule[1] ? within : uri === rule[0]) Object.assign(event.response.headers, rule[3]);
  }});
  return event.response;
}}
"""


def _headers(policy: Policy) -> dict[str, Any]:
    """Give the configuration for `aws cloudfront create-response-headers-policy`."""
    security: dict[str, Any] = {}
    custom = []
    for name, value in (*policy.everywhere, *policy.pages):
        known = _known(name.lower(), value)
        if known is not None:
            security |= known
        else:
            custom.append({"Header": name, "Value": value, "Override": True})
    found: dict[str, Any] = {"Name": "ssg", "Comment": "The headers of all answers", "SecurityHeadersConfig": security}
    if custom:
        found["CustomHeadersConfig"] = {"Quantity": len(custom), "Items": custom}
    return found


def _known(name: str, value: str) -> dict[str, Any] | None:
    """Give a header as that part of the policy which CloudFront has a name for; None for all others."""
    match name:
        case "x-content-type-options":
            return {"ContentTypeOptions": {"Override": True}}
        case "referrer-policy":
            return {"ReferrerPolicy": {"Override": True, "ReferrerPolicy": value}}
        case "content-security-policy":
            return {"ContentSecurityPolicy": {"Override": True, "ContentSecurityPolicy": value}}
        case "x-frame-options" if value in _FRAMES:
            return {"FrameOptions": {"Override": True, "FrameOption": value}}
        case "strict-transport-security":
            parts = {one.strip().lower() for one in value.split(";")}
            seconds = next((int(one[8:]) for one in sorted(parts) if one.startswith("max-age=")), 0)
            told = {"IncludeSubdomains": "includesubdomains" in parts, "Preload": "preload" in parts}
            return {"StrictTransportSecurity": {"Override": True, "AccessControlMaxAgeSec": seconds, **told}}
        case _:
            return None


def _errors(policy: Policy) -> dict[str, Any]:
    """Give the `CustomErrorResponses` of a distribution: S3 answers 403 for what is not there."""
    page = f"{policy.base_path}/404.html"
    items = [
        {"ErrorCode": code, "ResponsePagePath": page, "ResponseCode": "404", "ErrorCachingMinTTL": 10}
        for code in (403, 404)
    ]
    return {"Quantity": len(items), "Items": items}


def _json(value: object) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False) + "\n"


def _script(value: object) -> str:
    """Write a value for a script, with as few bytes as can be."""
    return json.dumps(value, separators=(",", ":"), ensure_ascii=True)
