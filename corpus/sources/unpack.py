"""Compressed bytes → bytes, never more than a limit (brotli and zstandard live here)."""

from __future__ import annotations

import io
import zlib

from corpus.errors import ContentTooLarge, FetchFailed

ACCEPTED = "gzip, br, zstd"
"""The codings that are asked for and undone."""

_STEP = 65_536
_ZSTD_WINDOW = 8 * 1024 * 1024
"""Bytes: what the format asks every reader to be able to hold (RFC 9659)."""
GZIP_MARK = b"\x1f\x8b"


def unpack(content: bytes, coding: str, limit: int, name: str) -> bytes:
    """The bytes behind a Content-Encoding.

    Raises ContentTooLarge as soon as they are more than `limit`, whatever the whole would be, and FetchFailed when
    the coding is not known or the bytes are broken. `name` is what the message calls them.
    """
    match coding.strip().lower():
        case "" | "identity":
            plain = content[: limit + 1]
        case "gzip" | "x-gzip":
            plain = _gzip(content, limit, name)
        case "br":
            plain = _brotli(content, limit, name)
        case "zstd":
            plain = _zstd(content, limit, name)
        case other:
            raise FetchFailed(f"{name} is sent in the coding {other!r}, which was not asked for.")
    if len(plain) > limit:
        raise ContentTooLarge(f"{name} holds more than the {limit / 1e6:.3g} MB allowed.")
    return plain


def _gzip(content: bytes, limit: int, name: str) -> bytes:
    """All members of a gzip file."""
    plain = bytearray()
    try:
        while content and len(plain) <= limit:
            member = zlib.decompressobj(wbits=31)
            plain += member.decompress(content, limit + 1 - len(plain))
            if not member.eof and len(plain) <= limit:
                raise _broken(name)
            content = member.unused_data if member.unused_data.startswith(GZIP_MARK) else b""
    except zlib.error as error:
        raise _broken(name) from error
    return bytes(plain)


def _brotli(content: bytes, limit: int, name: str) -> bytes:
    import brotli

    plain = bytearray()
    stream = brotli.Decompressor()
    try:
        while not stream.is_finished() and len(plain) <= limit:
            piece = stream.process(content, output_buffer_limit=_STEP)
            content = b""  # it keeps what it has not read yet
            if not piece and not stream.is_finished():
                raise _broken(name)
            plain += piece
    except brotli.error as error:
        raise _broken(name) from error
    return bytes(plain)


def _zstd(content: bytes, limit: int, name: str) -> bytes:
    import zstandard

    plain = bytearray()
    try:
        decompressor = zstandard.ZstdDecompressor(max_window_size=_ZSTD_WINDOW)
        reader = decompressor.stream_reader(io.BytesIO(content), read_across_frames=True)
        while len(plain) <= limit and (piece := reader.read(_STEP)):
            plain += piece
        if len(plain) <= limit:
            # The reader passes over a frame that is cut short; known to be small, it may be unpacked at once.
            frame = decompressor.decompressobj()
            frame.decompress(content)
            if not frame.eof:
                raise _broken(name)
    except (zstandard.ZstdError, MemoryError) as error:
        raise _broken(name) from error
    return bytes(plain)


def _broken(name: str) -> FetchFailed:
    return FetchFailed(f"{name} is sent in a broken coding: it may be whole the next time.")
