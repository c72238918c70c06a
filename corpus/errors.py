"""What can go wrong with pages, and how it is said.

    CorpusError
    ├── PageError               one page cannot become a Document
    │   ├── PageNotFound        the path does not exist
    │   ├── PageUnreadable      binary, undecodable, too large, or not permitted
    │   ├── PageEmpty           no headline or no body is left after cleaning
    │   ├── PageUnwanted        its source does not want documents like it
    │   ├── PageLanguage        the text is in none of the supported languages
    │   └── FrontMatterError    front matter states a value that is not allowed
    ├── FetchError              something was not fetched
    │   ├── AddressRefused      the address, or a machine that it leads to, may not be fetched
    │   ├── RobotsRefused       the site's robots.txt asks not to fetch it
    │   ├── ContentTooLarge     more bytes than allowed, or too many redirects
    │   └── FetchFailed         the site did not answer as it should; it may the next time
    ├── SourceError             sources.toml, or what a source lists, is not what it should be
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


class PageUnwanted(PageError):
    """The source of the page does not want documents of its language, kind or address."""


class FrontMatterError(PageError):
    """Front matter states a value that is not allowed."""


class FetchError(CorpusError):
    """Something was not fetched; other addresses are not affected."""


class AddressRefused(FetchError):
    """The address, or a machine that it leads to, may not be fetched."""


class RobotsRefused(FetchError):
    """The site's robots.txt asks not to fetch it."""


class ContentTooLarge(FetchError):
    """More bytes than allowed, or too many redirects."""


class FetchFailed(FetchError):
    """The site did not answer as it should; it may the next time."""


class SourceError(CorpusError):
    """The file of sources, or what a source lists, is not what it should be."""


class DocumentNotFound(CorpusError):
    """No document of that id is stored."""


class StoreError(CorpusError):
    """The corpus database cannot be opened, read or written."""
