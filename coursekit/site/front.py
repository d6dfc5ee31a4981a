"""The page before the others: it leads to the reader's language."""

import html
import json

from coursekit.course import MASTER, NAMES

PAGE = """\
<!DOCTYPE html>
<html lang="{master}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<link rel="icon" type="image/svg+xml" href="{master}/_static/favicon.svg">
{alternates}
<style>
:root {{ color-scheme: light dark; }}
body {{ font: 1.2rem/1.6 system-ui, sans-serif; max-width: 36rem; margin: 15vh auto; padding: 0 1.5rem; }}
h1 {{ font-size: 1.6rem; }}
ul {{ list-style: none; padding: 0; }}
a {{ display: block; padding: .8rem 1rem; margin: .6rem 0; border: 1px solid; border-radius: .5rem; color: inherit; }}
</style>
<script>
// The language chosen before, or else the first of the browser's languages that the course has.
(() => {{
  const course = {languages};
  let chosen = null;
  try {{ chosen = localStorage.getItem("language"); }} catch {{ /* storage is switched off */ }}
  const wanted = [chosen, ...navigator.languages.map((tag) => tag.slice(0, 2).toLowerCase())];
  const language = wanted.find((code) => course.includes(code)) ?? course[0];
  location.replace(language + "/index.html" + location.hash);
}})();
</script>
</head>
<body>
<main>
<h1>{title}</h1>
<ul>
{links}
</ul>
</main>
</body>
</html>
"""


def front_page(titles: dict[str, str]) -> str:
    """HTML that goes on to the reader's language; without JavaScript, links to each.

    Args:
        titles: the course's title by language, the master first.
    """
    links = [
        f'<li lang="{code}"><a href="{code}/index.html" hreflang="{code}"><strong>{NAMES[code]}</strong><br>'
        f"{html.escape(title)}</a></li>"
        for code, title in titles.items()
    ]
    alternates = [f'<link rel="alternate" hreflang="{code}" href="{code}/index.html">' for code in titles]
    return PAGE.format(
        master=MASTER,
        title=html.escape(titles[MASTER]),
        languages=json.dumps(list(titles)),
        alternates="\n".join(alternates),
        links="\n".join(links),
    )
