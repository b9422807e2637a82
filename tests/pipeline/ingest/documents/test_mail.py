"""Mail: subject and body of every message, whoever wrote it."""

from __future__ import annotations

import base64
import binascii
import gzip
from email.message import EmailMessage
from pathlib import Path

import pytest

from seimai.pipeline.ingest import Document, ReadOptions, StreamLimits
from tests.pipeline.ingest.making import (
    SENTENCES,
    causes,
    docx_of,
    paragraph,
    places,
    read_all,
    skips,
    texts,
    zip_of,
)

BODY = f"{SENTENCES[0]}\n> {SENTENCES[1]}\n"


def message(body: str = BODY, subject: str = "会議の①件", charset: str = "utf-8") -> EmailMessage:
    """A mail."""
    mail = EmailMessage()
    mail["Subject"], mail["From"], mail["To"] = subject, "a@example.jp", "b@example.jp"
    mail["Date"] = "Mon, 06 May 2024 07:08:09 +0900"
    mail["Message-ID"] = "<1@example.jp>"
    mail.set_content(body, charset=charset)
    return mail


def mailbox(*mails: bytes) -> bytes:
    """A mailbox, with the lines that separate mails."""
    return b"\n".join(b"From a@example.jp Mon May  6 07:08:09 2024\n" + mail for mail in mails)


def test_a_mail_is_its_subject_and_body(tmp_path: Path):
    """Quoted lines stay, addresses are nowhere, pictures are counted."""
    mail = message(charset="iso-2022-jp")
    mail.add_alternative("<p>HTML</p>", subtype="html")
    mail.add_attachment(b"zz", maintype="image", subtype="png", filename="a.png")
    found = read_all(tmp_path, "a.eml", mail.as_bytes())
    [document] = [item for item in found if isinstance(item, Document)]

    assert f"会議の①件\n\n{BODY}".strip() == document.text
    assert {"title": "会議の①件"} == document.extra
    assert "2024-05-06T07:08:09+09:00" == document.date
    assert {"attachment": 1} == skips(found)
    assert "example.jp" not in repr(document)


def test_a_page_is_read_where_there_is_no_plain_text(tmp_path: Path):
    """The main text of an HTML body, in whatever encoding it says."""
    mail = (
        b"Subject: =?ISO-2022-JP?B?GyRCMnE1RBsoQg==?=\nFrom: a@example.jp\nMIME-Version: 1.0\n"
        b"Content-Type: text/html; charset=shift_jis\n\n"
    ) + f"<html><body><p>{SENTENCES[0]}</p></body></html>".encode("cp932")

    assert [f"会議\n\n{SENTENCES[0]}"] == texts(read_all(tmp_path, "a.eml", mail))


def test_raw_bytes_in_headers_are_read(tmp_path: Path):
    """Old programs put CP932 into headers as it is."""
    mail = "Subject: 会議のお知らせです\nFrom: a@b\n\n".encode("cp932") + SENTENCES[0].encode(
        "cp932"
    )

    assert [f"会議のお知らせです\n\n{SENTENCES[0]}"] == texts(read_all(tmp_path, "a.eml", mail))


def test_mails_without_a_name_are_recognised(tmp_path: Path):
    """Three headers of mail make a mail; a text that quotes one does not."""
    assert [f"会議の①件\n\n{BODY}".strip()] == texts(read_all(tmp_path, "17", message().as_bytes()))
    assert 1 == len(texts(read_all(tmp_path, "a.txt", message().as_bytes())))
    assert "From: a@example.jp" in texts(read_all(tmp_path, "a.txt", message().as_bytes()))[0]


def test_a_mailbox_is_its_mails(tmp_path: Path):
    """Escaped lines are restored, and a sentence with From at its start does not cut a mail."""
    body = ">From here on\n\nFrom the harbour it is far.\n"
    found = read_all(
        tmp_path, "a.mbox", mailbox(message().as_bytes(), b"Subject: two\n\n" + body.encode())
    )

    assert 2 == len(texts(found))
    assert "two\n\nFrom here on\n\nFrom the harbour it is far." == texts(found)[1]
    assert "@0" == places(found)[0]


def test_a_large_mail_costs_itself(tmp_path: Path):
    """A message over the limit is passed over, those around it are read."""
    large = b"Subject: large\n\n" + b"0123456789\n" * 500_000
    small = b"Subject: small\n\nx\n"
    found = read_all(
        tmp_path, "a.mbox", mailbox(small, large, small), ReadOptions(max_record=100_000)
    )

    assert ["small\n\nx", "small\n\nx"] == texts(found)
    assert ["too_large"] == causes(found)


def test_a_cut_mailbox_keeps_what_came_before(tmp_path: Path):
    """The mail in which the stream breaks is told, not half given."""
    data = mailbox(message().as_bytes(), b"Subject: two\n\n" + bytes(range(65, 91)) * 90)
    found = read_all(tmp_path, "a.mbox.gz", gzip.compress(data)[:-12])

    assert 1 == len(texts(found))
    assert ["truncated"] == causes(found)


def test_flowed_lines_are_put_together(tmp_path: Path):
    """Lines that end in a blank go on; with DelSp the blank is not part of the text."""
    mail = (
        "Subject: x\nContent-Type: text/plain; charset=utf-8; format=flowed; delsp=yes\n\n"
        "朝の港に \n船が戻る。\n"
    )

    assert ["x\n\n朝の港に船が戻る。"] == texts(read_all(tmp_path, "a.eml", mail.encode()))


def test_locked_and_empty_mails_are_told(tmp_path: Path):
    """An encrypted body is quarantined; a mail of nothing but attachments is counted."""
    locked = b"Subject: x\nContent-Type: application/pkcs7-mime\n\nMIIB"
    empty = b"Content-Type: image/png\nFrom: a@b\n\nzz"

    assert ["encrypted"] == causes(read_all(tmp_path, "a.eml", locked))
    assert {"attachment": 1, "empty": 1} == skips(read_all(tmp_path, "a.eml", empty))


def test_headers_without_end_are_refused(tmp_path: Path):
    """A million parameters would take the parser hours."""
    mail = b"Subject: x\nContent-Type: text/plain" + b";" * 1_000_000 + b"\n\nx"

    assert ["damaged"] == causes(read_all(tmp_path, "a.eml", mail))


def test_deeply_nested_mails_are_survived(tmp_path: Path):
    """A thousand parts in each other end with a reason, not with the stack."""
    mail = b"Subject: x\n" + b"".join(
        b'Content-Type: multipart/mixed; boundary="b%d"\n\n--b%d\n' % (k, k) for k in range(3000)
    )
    found = read_all(tmp_path, "a.eml", mail + b"\n\nx")

    assert 1 == len(causes(found)) + len(texts(found))


def test_attachments_are_read_like_members(tmp_path: Path):
    """Documents, archives and forwarded mails in a mail are read; logos and addresses counted."""
    forwarded = message(SENTENCES[2], "転送元")
    mail = message()
    mail.add_attachment(
        docx_of(paragraph(SENTENCES[0])),
        maintype="application",
        subtype="octet-stream",
        filename="議事録.docx",
    )
    packed = zip_of({"中/覚え書き.txt": SENTENCES[1], "Thumbs.db": "x"})
    mail.add_attachment(packed, maintype="application", subtype="zip", filename="../a.zip")
    mail.add_attachment(b"\x89PNG", maintype="image", subtype="png", filename="logo.png")
    mail.add_attachment("BEGIN:VCARD", subtype="vcard", filename="a.vcf")
    mail.add_attachment(forwarded)
    found = read_all(tmp_path, "a.eml", mail.as_bytes())

    assert [
        ("", f"会議の①件\n\n{BODY}".strip()),
        ("!/議事録.docx", SENTENCES[0]),
        ("!/a.zip!/中/覚え書き.txt", SENTENCES[1]),
        ("!/message-1.eml", f"転送元\n\n{SENTENCES[2]}"),
    ] == list(zip(places(found), texts(found), strict=True))
    assert {"attachment": 2, "litter": 1} == skips(found)
    assert "docx" == found[2].format


def test_attachments_of_a_mailbox_lie_in_their_message(tmp_path: Path):
    """The place begins with that of the message; what cannot be read costs itself."""
    mail = message()
    mail.add_attachment(SENTENCES[0], filename="覚え書き.txt")
    mail.add_attachment(b"PK\x03\x04 cut", maintype="application", subtype="zip", filename="b.zip")
    found = read_all(tmp_path, "a.mbox", mailbox(mail.as_bytes(), mail.as_bytes()))
    second = places(found)[2]

    assert ["@0", "@0!/覚え書き.txt", second, f"{second}!/覚え書き.txt"] == places(found)
    assert ["truncated", "truncated"] == causes(found)


def test_attachments_have_a_budget_and_a_depth(tmp_path: Path):
    """A bomb in a mail is one record; archives in a mail in archives come to an end."""
    mail = message()
    bomb = zip_of({"a.txt": b"a" * 5_000_000})
    mail.add_attachment(bomb, maintype="application", subtype="zip", filename="a.zip")
    small = ReadOptions(limits=StreamLimits(always=1 << 20))
    inner = zip_of({"a.txt": SENTENCES[0]})
    for _ in range(4):
        outer = message()
        outer.add_attachment(inner, maintype="application", subtype="zip", filename="i.zip")
        inner = zip_of({"mail.eml": outer.as_bytes()})

    assert ["bomb"] == causes(read_all(tmp_path, "a.eml", mail.as_bytes(), small))
    assert ["bomb"] == causes(read_all(tmp_path, "b.zip", inner))
    assert 1 < len(texts(read_all(tmp_path, "b.zip", inner)))


PLAIN = "Content-Type: text/plain; charset=utf-8\n\n"
HEAD = "From: a@example.jp\nSubject: x\nMIME-Version: 1.0\n"


def packed(kind: str, *parts: str, said: str = '; boundary="b"') -> str:
    """A mail of several parts."""
    every = "".join(f"--b\n{part}\n" for part in parts)
    return f"{HEAD}Content-Type: multipart/{kind}{said}\n\n{every}--b--\n"


FORWARDED = f"{HEAD}{PLAIN}{SENTENCES[1]}"
IN_BASE64 = base64.encodebytes(FORWARDED.encode()).decode()
UUENCODED = "begin 644 a.txt\n" + binascii.b2a_uu(b"tail of the ship").decode() + "`\nend\n"


def test_pages_saved_as_mail_are_read_whatever_they_are_called(tmp_path: Path):
    """Wikis export pages as .doc that are mails; addresses and appointments are named."""
    part = f"Content-Type: text/html; charset=utf-8\n\n<p>{SENTENCES[0]}</p>"
    page = "MIME-Version: 1.0\n" + packed("related", part).partition("MIME-Version: 1.0\n")[2]
    card = read_all(tmp_path, "a.vcf", b"BEGIN:VCARD\nFN:x\nEND:VCARD\n")
    quoting = f"{SENTENCES[0]}\nContent-Type: multipart/related;\n"

    assert [SENTENCES[0]] == texts(read_all(tmp_path, "a.doc", page.encode()))
    assert ["format"] == causes(card)
    assert [quoting] == texts(read_all(tmp_path, "a.txt", quoting.encode()))


@pytest.mark.parametrize(
    ("mail", "expected"),
    [
        (  # Newsletters leave the plain form empty.
            packed("alternative", PLAIN, f"Content-Type: text/html\n\n<p>{SENTENCES[0]}</p>"),
            [f"x\n\n{SENTENCES[0]}"],
        ),
        (
            packed(
                "mixed",
                f"{PLAIN}{SENTENCES[0]}",
                f"Content-Type: message/rfc822\nContent-Transfer-Encoding: base64\n\n{IN_BASE64}",
            ),
            [f"x\n\n{SENTENCES[0]}", f"x\n\n{SENTENCES[1]}"],
        ),
        (packed("mixed", f"{PLAIN}{SENTENCES[0]}", said=""), [f"x\n\n{SENTENCES[0]}"]),
        (
            packed("mixed", f"{PLAIN}{SENTENCES[0]}", said="; boundary=other"),
            [f"x\n\n{SENTENCES[0]}"],
        ),
        ("\ufeff" + HEAD + PLAIN + SENTENCES[0], [f"x\n\n{SENTENCES[0]}"]),
        (HEAD + PLAIN + UUENCODED + SENTENCES[0], [f"x\n\n{SENTENCES[0]}", "tail of the ship"]),
        (HEAD + PLAIN + "begin 644 of it\n続く", ["x\n\nbegin 644 of it\n続く"]),
        (
            HEAD + "Content-Type: text/plain; charset=utf-8; format=flowed; delsp=yes\n\n"
            "> 会議は \n> 延期です。\n>> 承知 \n返事 \nです",
            ["x\n\n> 会議は延期です。\n>> 承知 \n返事です"],
        ),
    ],
)  # fmt: skip
def test_what_programs_write_wrongly_is_read(tmp_path: Path, mail: str, expected: list[str]):
    """Empty forms, packed forwards, lost separators, and files among the lines of a text."""
    assert expected == texts(read_all(tmp_path, "a.eml", mail.encode()))
