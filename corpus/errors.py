"""What can go wrong with pages, and how it is said.

    CorpusError
    ├── PageError               one page cannot become a Document
    │   ├── PageNotFound        the path does not exist
    │   ├── PageUnreadable      binary, undecodable, too large, or not permitted
    │   ├── PageEmpty           no headline or no body is left after cleaning
    │   ├── PageLanguage        the text is in none of the supported languages
    │   └── FrontMatterError    front matter states a value that is not allowed
    ├── DocumentNotFound        no document of that id in the store
    └── StoreError              the corpus database cannot be opened, read or written

Each message is one sentence that names the thing and the mend, fit to be shown to a user.
"""

from __future__ import annotations


class CorpusError(Exception):
    """Base of all errors of the package."""


class PageError(CorpusError):
    """One page cannot become a Document; the others of the batch are not affected.

    `page` is the name of the page: its path or address.
    """

    def __init__(self, message: str, *, page: str = "") -> None:
        """Keep the page's name beside the message."""
        super().__init__(message)
        self.page = page


class PageNotFound(PageError):
    """The path does not exist."""


class PageUnreadable(PageError):
    """The bytes are not text, too many, or may not be read."""


class PageEmpty(PageError):
    """No headline or no body is left after cleaning."""


class PageLanguage(PageError):
    """The text is in none of the supported languages."""


class FrontMatterError(PageError):
    """Front matter states a value that is not allowed."""


class DocumentNotFound(CorpusError):
    """No document of that id is stored."""


class StoreError(CorpusError):
    """The corpus database cannot be opened, read or written."""
