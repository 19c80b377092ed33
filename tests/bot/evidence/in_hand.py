"""Real files: a photo that knows where it was taken, documents, and things that only look like one."""

from __future__ import annotations

import io
import struct
import zipfile

from PIL import Image
from PIL.ExifTags import GPS, IFD, Base

MB = 1024 * 1024
OOXML = "application/vnd.openxmlformats-officedocument"
DOCX = f"{OOXML}.wordprocessingml.document"
XLSX = f"{OOXML}.spreadsheetml.sheet"
PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer<<>>\n%%EOF\n"
SECRET_PLACE = "Secret Lane 7"


def photo(
    form: str = "JPEG", size: tuple[int, int] = (60, 40), *, orientation: int = 1, colour: str = "#336699"
) -> bytes:
    """A picture with its position, the maker of the camera and a comment; `size` is before it is turned."""
    image = Image.new("RGB", size, colour)
    image.putpixel((0, 0), (255, 255, 255))
    exif = image.getexif()
    exif[Base.Orientation] = orientation
    exif[Base.ImageDescription] = SECRET_PLACE
    place = exif.get_ifd(IFD.GPSInfo)
    place[GPS.GPSLatitudeRef], place[GPS.GPSLatitude] = "N", (25.0, 2.0, 3.25)
    place[GPS.GPSLongitudeRef], place[GPS.GPSLongitude] = "E", (121.0, 30.0, 12.5)
    target = io.BytesIO()
    image.save(target, form, exif=exif)
    return target.getvalue()


def position(content: bytes) -> dict[int, object]:
    """The position that a picture carries."""
    with Image.open(io.BytesIO(content)) as image:
        return dict(image.getexif().get_ifd(IFD.GPSInfo))


def archive(**entries: bytes | str) -> bytes:
    """A zip; the names' `__` stand for `/` and a leading `types` for the table of content types."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in entries.items():
            made.writestr("[Content_Types].xml" if name == "types" else name.replace("__", "/"), content)
    return target.getvalue()


def docx(**more: bytes | str) -> bytes:
    """A Word document, or a zip that has all that makes one."""
    return archive(types="<Types/>", **{"word__document.xml": "<document/>"}, **more)


def xlsx() -> bytes:
    """An Excel workbook."""
    return archive(types="<Types/>", **{"xl__workbook.xml": "<workbook/>"})


def odt() -> bytes:
    """An ODF text."""
    return archive(mimetype="application/vnd.oasis.opendocument.text", **{"content.xml": "<office/>"})


def bomb(unpacked: int = 300 * MB) -> bytes:
    """A Word document of some hundred KB whose one picture unpacks to hundreds of MB."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as made:
        made.writestr("[Content_Types].xml", "<Types/>")
        made.writestr("word/document.xml", "<document/>")
        with made.open("word/media/image1.bmp", "w") as picture:
            for _ in range(unpacked // MB):
                picture.write(b"\0" * MB)
    return target.getvalue()


def overlapping(count: int = 50) -> bytes:
    """A Word document whose entries all claim the same packed bytes."""
    plain = docx(**{"word__media__a.bin": bytes(range(256)) * 40})
    at = plain.rfind(b"PK\x05\x06")
    begin = struct.unpack_from("<I", plain, at + 16)[0]
    last = plain.rfind(b"PK\x01\x02", 0, at)
    entries = plain[begin:at] + plain[last:at] * count
    total = 3 + count
    end = struct.pack("<4s4H2IH", b"PK\x05\x06", 0, 0, total, total, len(entries), begin, 0)
    return plain[:begin] + entries + end


def huge_picture() -> bytes:
    """A PNG of some KB that claims, and has, a hundred million pixels."""
    target = io.BytesIO()
    Image.new("1", (10_000, 10_000)).save(target, "PNG")
    return target.getvalue()


FILM = b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom" + b"\0" * 64
HEIC = b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + b"\0" * 64
OLD_WORD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 512
