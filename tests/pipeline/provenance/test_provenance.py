"""Addresses, lists, opt-outs and licences, each in its many spellings."""

from __future__ import annotations

import gzip

import numpy as np
import pytest

from seimai.pipeline.provenance import lists, optout
from seimai.pipeline.provenance.addresses import host_and_path
from seimai.pipeline.provenance.licences import is_allowed, licence_key

LIST = """# a list of everything
0.0.0.0 ads.example.jp tracker.example.jp
127.0.0.1 localhost
例え.jp
||pop.example.com^$third-party
*.wild.example.com
http://deep.example.jp/a/b/
.cn
"""


@pytest.fixture
def hashes(tmp_path):
    """The list as it is mapped from a file."""
    path = tmp_path / "list.txt.gz"
    path.write_bytes(gzip.compress(LIST.encode()))
    files = (str(path),)
    return lists.mapped(files, lists.digest_of(files), tmp_path / "mapped")


@pytest.mark.parametrize(
    ("url", "wanted"),
    [
        ("https://ads.example.jp/x", 1),
        ("https://a.ads.example.jp", 1),
        ("https://bads.example.jp", 0),
        ("http://www.例え.jp/", 1),
        ("http://xn--r8jz45g.jp/?q=1", 1),
        ("http://WWW.XN--R8JZ45G.JP.:80/", 1),
        ("https://pop.example.com/", 1),
        ("https://x.wild.example.com/", 1),
        ("https://deep.example.jp/a/b/c", 1),
        ("https://deep.example.jp/a/bc", 0),
        ("https://any.thing.cn/", 1),
        ("https://localhost/", 0),
        ("https://cn.example.org/", 0),
        ("mailto:a@ads.example.jp", np.nan),
        (None, np.nan),
    ],
)
def test_addresses_under_an_entry_are_on_the_list(hashes, url, wanted):
    """Sub-domains, paths, top-level domains and Punycode; a part of a name is no sub-domain."""
    np.testing.assert_equal(lists.on_list(hashes, [url]), [wanted])


def test_quick_lines_are_read_as_all_others():
    """Lines that are a host already give the hash that the slower way gives, and no other."""
    lines = [
        *LIST.splitlines(keepends=True),
        "a.example.jp\r\n", "UPPER.example.jp\n", "0.0.0.0 local\n", "0.0.0.0\n", "127.0.0.1\n",
        "127.0.0.1 b.example.jp\n", "0.0.0.0 -x.example.jp\n", "c.example.jp.\n",
        "d.example.jp # e\n", "::1 localhost\n", "f.example.jp/g\n", "h.example.jp:80\n",
        "xn--r8jz45g.jp", "\n", "i..j\n",
    ]  # fmt: skip

    expected = [lists.hash_of(entry) for entry in lists.entries(lines)]
    assert expected == list(lists.hashes_of([line.encode() for line in lines]))


def test_folders_of_ut1_are_read(tmp_path):
    """A category of UT1 is a folder with `domains` and `urls`; its other files are no list."""
    (tmp_path / "domains").write_text("a.example.jp\n")
    (tmp_path / "urls").write_text("b.example.jp/x\n")
    (tmp_path / "usage").write_text("black\n")

    hashes = lists.build([str(tmp_path)])

    urls = ["http://a.example.jp", "http://b.example.jp/x/y", "http://b.example.jp", "http://black"]
    assert [1, 1, 0, 0] == lists.on_list(hashes, urls).tolist()


def test_users_ports_and_queries_are_no_part_of_an_address():
    """What stands around host and path is left out."""
    assert host_and_path("//u:p@Example.JP:80/a/?b#c") == ("example.jp", "a")


@pytest.mark.parametrize(
    ("extra", "wanted"),
    [
        ({"robots": "index, noai"}, {"meta"}),
        ({"robots": "noimageai"}, set()),
        ({"robots": "noindex, nofollow"}, {"noindex"}),
        ({"robots_header": "googlebot: noindex"}, set()),
        ({"robots_header": "GPTBot: noindex, nofollow"}, {"header"}),
        ({"robots_header": "noai, noimageai"}, {"header"}),
        ({"robots_agents": "googlebot: noindex; ccbot: none"}, {"agents"}),
        ({"robots_agents": "googlebot: noindex"}, set()),
        ({"tdm_reservation": "1"}, {"tdm"}),
        ({"tdm_reservation": "0"}, set()),
        ({"tdm_header": "1"}, {"tdm"}),
        ({"robots_txt": "disallow"}, {"robots_txt"}),
        ({"robots_allowed": True}, set()),
        ({"robots_allowed": False, "ai_txt": "denied"}, {"robots_txt", "ai_txt"}),
        ({"noai": True}, {"noai"}),
        ({"title": "noai"}, set()),
    ],
)
def test_refusals_are_told_by_protocol(extra, wanted):
    """What is said to search engines, or about pictures, is no refusal of training."""
    assert wanted == optout.refusals(extra)


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("https://creativecommons.org/licenses/by/4.0/deed.ja", "cc-by-4.0"),
        ("http://creativecommons.org/publicdomain/zero/1.0/", "cc0-1.0"),
        ("CC BY-NC-SA 4.0 International", "cc-by-nc-sa-4.0"),
        ("Creative Commons BY 2.1", "cc-by-2.1"),
        ("CC0 1.0", "cc0-1.0"),
        ("パブリックドメイン", "public-domain"),
        ("Apache-2.0", "apache-2.0"),
        ("社内利用のみ", "社内利用のみ"),
        ("", "unknown"),
    ],
)
def test_licences_have_one_name(name, wanted):
    """Names and links of one licence become one; what no rule knows keeps its own words."""
    assert wanted == licence_key(name)


def test_any_version_is_no_other_licence():
    """`CC-BY-*` is CC BY of any version, and never CC BY-NC."""
    assert is_allowed("CC-BY-3.0", ["CC-BY-*"])
    assert not is_allowed("CC-BY-NC-4.0", ["CC-BY-*"])
    assert not is_allowed("CC-BY-ND-4.0", ["CC-BY-*", "CC-BY-SA-*"])
