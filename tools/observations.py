#!/usr/bin/env python3
"""Makes tests/fixtures/observations.json from a file of measured rows: tools/observations.py ROWS.json

A row is one probe of one scenario in one browser. Kept is what the page saw (`js`), as far as a run of the page could see
it too; dropped are the truth (`truth`: consoles, servers), probes that no run makes, and words of messages. The result has
the same format, one row per line, so tests/observations.rs reads both."""

import json
import pathlib
import sys

# tests/observations/world.rs says which answers which question; the others would serve probes that are still to come.
PROBES = {
    "fetch_get", "fetch_hdr", "fetch_auth", "fetch_manual", "fetch_manual_auth", "fetch_post_json", "fetch_post_text",
    "fetch_put", "fetch_patch", "fetch_delete", "fetch_nocors", "prefetch", "object", "iframe", "ws", "permissions_query",
}  # fmt: skip
ROW = ["browser", "page", "page_url", "scenario", "probe", "target", "expect"]
JS = [
    "resolved", "type", "status", "redirected", "headers", "bodyLen", "timedOut", "ms", "event", "events", "code",
    "isSecureContext", "local-network-access", "loopback-network", "local-network",
]  # fmt: skip


def seen(js):
    kept = {name: js[name] for name in JS if name in js and js[name] not in (None, False, [], "")}
    if "resolved" in js:
        kept["resolved"] = js["resolved"]
    if "ms" in kept:
        kept["ms"] = round(kept["ms"])
    if js.get("onLine") is False:
        kept["onLine"] = False
    if js.get("bodyErr"):
        kept["bodyErr"] = {"name": js["bodyErr"].get("name")}
    if js.get("csp"):
        kept["csp"] = [{name: event.get(name) for name in ("blockedURI", "disposition")} for event in js["csp"]]
    if js.get("rt"):
        kept["rt"] = {name: js["rt"][name] for name in ("duration", "contentType") if js["rt"].get(name) is not None}
    return kept


def main():
    rows = json.loads(pathlib.Path(sys.argv[1]).read_text())
    lines = []
    for row in rows:
        if row["probe"] in PROBES:
            kept = {name: row[name] for name in ROW if name in row} | {"js": seen(row["js"])}
            lines.append(json.dumps(kept, separators=(",", ":"), ensure_ascii=False))
    out = pathlib.Path(__file__).parent.parent / "tests/fixtures/observations.json"
    out.parent.mkdir(exist_ok=True)
    out.write_text("[\n" + ",\n".join(lines) + "\n]\n")
    print(f"{out}: {len(lines)} of {len(rows)} rows, {out.stat().st_size:,} bytes")


main()
