"""The pages of a site as tests read them."""

import html.parser

from edition_world import texts

from das_research.home import Home


class Page(html.parser.HTMLParser):
    """The words, ids, references and headings of a page."""

    def __init__(self, text: str):
        super().__init__()
        self.words: list[str] = []
        self.ids: list[str] = []
        self.references: list[str] = []
        self.tags: list[str] = []
        self.alternates: dict[str, str] = {}
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        found = dict(attributes)
        self.tags.append(tag)
        self.ids += [found["id"]] if found.get("id") else []
        self.references += [found[name] for name in ("href", "src") if found.get(name)]
        if tag == "link" and found.get("hreflang"):
            self.alternates[found["hreflang"]] = found["href"]

    def handle_data(self, data):
        self.words.append(data)


def pages(home: Home) -> dict[str, Page]:
    """Every page of the site of a home, by its path."""
    return {name: Page(text) for name, text in texts(home.site).items() if name.endswith(".html")}
