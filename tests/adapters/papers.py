"""PDFs and videos made of as little as makes them one."""

PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\nxref\n0 1\ntrailer<<>>\nstartxref\n9\n%%EOF\n"


def box(kind: bytes, content: bytes) -> bytes:
    return (8 + len(content)).to_bytes(4, "big") + kind + content


def film(brand: bytes = b"isom", track: bytes = b"vide") -> bytes:
    """An MP4, MOV or 3GP by its brand; with sound alone when `track` is b"soun"."""
    return (
        box(b"ftyp", brand + b"\0\0\2\0")
        + box(b"moov", b"hdlr....mhlr" + track)
        + box(b"mdat", b"\x17" * 4096)
    )


WEBM = b"\x1a\x45\xdf\xa3\x8b\x42\x82\x84webm\x18\x53\x80\x67\x01\xff" + b"\x86\x85V_VP8" + b"\0" * 200
