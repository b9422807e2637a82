"""Numbers and dates are read as their number formats show them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seimai.pipeline.ingest.documents.office.sheets.cells import (
    EPOCH_1904,
    built_in_formats,
    shown,
)
from seimai.pipeline.ingest.documents.office.sheets.format_dates import EPOCH
from seimai.pipeline.ingest.documents.office.sheets.number_formats import displayed

MAY = 45418.0
"""6 May 2024, a Monday."""


@pytest.mark.parametrize(
    ("number", "code", "text"),
    [
        (1234567.0, "#,##0", "1,234,567"),
        (123.0, "#,##0", "123"),
        (0.0, "#,##0", "0"),
        (1234.5, "#,##0.00", "1,234.50"),
        (1.005, "0.00", "1.01"),
        (0.5, "#.##", ".5"),
        (7.0, "0000", "0007"),
        (12345.0, '#,##0"円"', "12,345円"),
        (12345.0, "[$¥-411]#,##0", "¥12,345"),
        (12345.0, r"\¥#,##0;\¥\-#,##0", "¥12,345"),
        (-12345.0, r"\¥#,##0;\¥\-#,##0", "¥-12,345"),
        (-5.0, '#,##0;[Red]"△ "#,##0', "△ 5"),
        (-5.0, r"#,##0_);\(#,##0\)", "(5)"),
        (-5.0, "#,##0", "-5"),
        (-0.4, "0", "0"),
        (0.0, '#,##0;-#,##0;"-"', "-"),
        (1500.0, '_ * #,##0_ ;_ * -#,##0_ ;_ * "-"_ ;_ @_ ', "1,500"),
        (1234567.0, '#,##0,"千円"', "1,235千円"),
        (0.125, "0%", "13%"),
        (0.125, "0.0%", "12.5%"),
        (123456.0, "0.00E+00", "1.23E+05"),
        (1000014.0, r"000\-0000", "100-0014"),
        (312345678.0, r"[<=99999999]####\-####;\(00\)\ ####\-####", "(03) 1234-5678"),
        (12345678.0, r"[<=99999999]####\-####;\(00\)\ ####\-####", "1234-5678"),
        (3.0, 'General"個"', "3個"),
        (-3.0, 'General;"▲"General', "▲3"),
        (3.0, '"済"', "済"),
        (3.0, ";;;", ""),
    ],
)
def test_numbers_are_as_their_format_shows_them(number: float, code: str, text: str):
    """Thousands, fixed digits, currencies, shares, signs, and marks between digits."""
    assert text == displayed(number, code)


@pytest.mark.parametrize(
    ("number", "code", "text"),
    [
        (MAY, "yyyy/m/d", "2024/5/6"),
        (MAY, 'yyyy"年"m"月"d"日"(aaa)', "2024年5月6日(月)"),
        (MAY, "yyyy年mm月dd日aaaa", "2024年05月06日月曜日"),
        (MAY, '[$-411]ggge"年"m"月"d"日";@', "令和6年5月6日"),
        (MAY, "[$-411]ge.m.d", "R6.5.6"),
        (MAY, "rr", "令和06"),
        (43586.0, '[$-411]ggge"年"', "令和1年"),
        (43586.0, '[$-ja-JP-x-gannen]ggge"年"', "令和元年"),
        (43585.0, 'ggge"年"m"月"d"日"', "平成31年4月30日"),
        (9856.0, 'ggge"年"', "昭和1年"),
        (9855.0, 'ggge"年"', "大正15年"),
        (MAY, "e", "2024"),
        (MAY, "d-mmm-yy", "6-May-24"),
        (MAY, "[$-411]dddd", "月曜日"),
        (MAY + 0.75, 'h"時"mm"分"', "18時00分"),
        (MAY + 0.75, "yyyy/mm/dd h:mm AM/PM", "2024/05/06 6:00 PM"),
        (MAY + 0.75, '[$-411]AM/PM h"時"', "午後 6時"),
        (1.5, "[h]:mm:ss", "36:00:00"),
        (0.02, "mm:ss.0", "28:48.0"),
        (1.0, "yyyy/m/d", "1900/1/1"),
        (61.0, "yyyy/m/d", "1900/3/1"),
    ],
)
def test_dates_are_as_their_format_shows_them(number: float, code: str, text: str):
    """Years, eras with their first year, weekdays, times of day and hours beyond one day."""
    assert text == displayed(number, code)


def test_a_day_is_counted_from_the_first_one_of_the_workbook():
    """Workbooks of the old Macintosh begin in 1904."""
    assert "2024/5/6" == displayed(MAY - 1462, "yyyy/m/d", EPOCH_1904)


@pytest.mark.parametrize(
    ("number", "code"),
    [
        (5.0, ""), (5.0, "General"), (5.0, "@"), (0.5, "# ?/?"), (5.0, "[DBNum1]General"),
        (MAY, "[$-F800]dddd, mmmm dd, yyyy"), (-1.0, "yyyy/m/d"), (1e20, "#,##0"),
    ],
)  # fmt: skip
def test_what_a_format_does_not_tell_is_left_to_the_number(number: float, code: str):
    """Without a format, in one that is not read, and for what is no date, the number comes."""
    assert displayed(number, code) is None


@pytest.mark.parametrize(
    ("place", "text"),
    [
        (0, "1234.5"), (3, "1,235"), (4, "1,234.50"), (10, "123450.00%"), (14, "1903-05-18"),
        (31, "1903年5月18日"), (28, "明治36年5月18日"), (38, "1,235"), (49, "1234.5"),
    ],
)  # fmt: skip
def test_formats_that_every_program_knows(place: int, text: str):
    """Dates that each country shows in its own way are ISO dates; Japanese ones are Japanese."""
    assert text == shown(1234.5, built_in_formats().get(place, ""), EPOCH)


@given(
    st.text('0#?.,%;yYmMdDhHsSgGeEaA/[]$-<>=41"\\_*@+年円 ', max_size=30),
    st.floats(allow_nan=False, allow_infinity=False),
)
def test_no_format_and_no_number_raises(code: str, number: float):
    """Whatever stands in a file, a cell has a text."""
    assert isinstance(shown(number, f"={code}", EPOCH), str)
