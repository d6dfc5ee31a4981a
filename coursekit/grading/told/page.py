"""The frame of a feedback page: one file, no script, nothing loaded from anywhere."""

from html import escape
from string import Template

FRAME = Template("""\
<!DOCTYPE html>
<html lang="$language">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>$title</title>
<style>
:root { color-scheme: light dark; --line: #8884; --good: #1a7f37; --some: #9a6700; --bad: #cf222e; --soft: #8882; }
@media (prefers-color-scheme: dark) { :root { --good: #4ac26b; --some: #d4a72c; --bad: #ff8182; } }
body { margin: 0 auto; padding: 1rem; max-width: 46rem; font: 1rem/1.5 system-ui, sans-serif; overflow-wrap: anywhere; }
h1 { font-size: 1.4rem; } h2 { font-size: 1.15rem; margin-top: 2rem; }
article { border: 1px solid var(--line); border-left-width: .4rem; border-radius: .4rem; }
article { padding: .6rem .9rem; margin: .8rem 0; }
article.right { border-left-color: var(--good); } article.partly { border-left-color: var(--some); }
article.wrong { border-left-color: var(--bad); }
h3 { display: flex; gap: .6rem; justify-content: space-between; font-size: 1rem; margin: 0; }
h3 span { white-space: nowrap; font-variant-numeric: tabular-nums; }
p { margin: .4rem 0; } summary { cursor: pointer; } .note { opacity: .8; font-size: .92rem; }
code, pre { font: .88rem/1.45 ui-monospace, monospace; background: var(--soft); border-radius: .2rem; }
code { padding: .05em .25em; } pre { padding: .6rem; overflow-x: auto; overflow-wrap: normal; }
</style>
</head>
<body>
$body
</body>
</html>
""")


def page(language: str, title: str, body: str) -> str:
    """A whole page, from a title (plain text) and a body (HTML)."""
    return FRAME.substitute(language=language, title=escape(title), body=body)


def prose(text: str) -> str:
    """Plain text as HTML, `code` in it set as code."""
    parts = escape(text).split("`")
    if len(parts) % 2 == 0:  # a lone backquote stands for itself
        return escape(text)
    return "".join(f"<code>{part}</code>" if place % 2 else part for place, part in enumerate(parts))
