"""Which documents are one release: its editions in several languages, and its words again on other pages.

`link_editions` groups them by decisions of staff, by what front matter, pages and addresses state, and by likeness;
each link keeps its reason. The links follow from the documents and the decisions alone, so that they are made anew for
each build and never grow stale.
"""

from corpus.editions.groups import Linked, link_editions
from corpus.editions.link import Link

__all__ = ["Link", "Linked", "link_editions"]
