"""Words as everybody types them, without what a word processor or a page of the web puts between them unseen."""

import unicodedata

from das_research.catalog.models import Text

TYPED = str.maketrans({"\u2011": "-", "\u0132": "IJ", "\u0133": "ij"})


def plain(text: str) -> str:
    """The same words: accents on their letters, hyphens and spaces as on a keyboard, no signs without a shape.

    Examples
    --------
    >>> plain("twee\\u00a0zaken,  niet\\u2011ree\\u0308el; aan\\u00adgif\\u00adte\\n")
    'twee zaken, niet-reëel; aangifte'
    """
    composed = unicodedata.normalize("NFC", text).translate(TYPED)
    return " ".join("".join(sign for sign in composed if unicodedata.category(sign) != "Cf").split())


def plain_text(words: str | Text) -> Text:
    """The same in both languages; a bare string stands for both.

    Examples
    --------
    >>> plain_text("  Keten ").en
    'Keten'
    """
    nl, en = (words, words) if isinstance(words, str) else (words.nl, words.en)
    return Text(nl=plain(nl), en=plain(en))
