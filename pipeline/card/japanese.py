"""
The same for readers of Japanese: what a card says in sentences, once more and shorter.

Cards go to the Hub, where nobody can choose a language, so both stand on one page. Figures come
from the same places as the English ones; recipe and versions are there once.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from seimai.pipeline.card.figures import collected, limited, only_duplicates
from seimai.pipeline.card.markdown import inline, percent, table
from seimai.pipeline.card.metadata import files_of, licence_of
from seimai.pipeline.report.funnel import bound_text, combined_limits, funnel, share

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pyarrow as pa

    from seimai.pipeline.run_record import RunRecord

STEPS = {
    "read": "入力",
    "limits": "− しきい値の範囲外",
    "duplicates": "− 採用した文書と重複",
    "quarantined": "− 読み込めず隔離",
    "kept": "= **採用**",
}

COLUMNS = {
    "id": "文書の名前（変わらない）",
    "text": "整形後の本文",
    "source": "レシピでの入力元の名前",
    "url": "元のURL（分かる場合）",
    "license": "文書のライセンス（不明なら `unknown`）",
    "date": "文書の日付（分かる場合）",
    "dedup_group_size": "この文書が代表する類似文書の数（自身を含む）",
    "cut_passages": "ほかの文書に残し、この文書からは削った箇所の数",
    "cut_characters": "その文字数",
    "reasons": "除外の理由すべて（レシピの順）",
    "first_reason": "最初の理由",
    "values": "それぞれの理由の測定値",
    "duplicate_of": "代わりに採用した文書の `id`",
    "similarity": "その文書との類似度",
    "token_count": "トークン数",
}


def japanese(content: RunRecord, schemas: Mapping[str, pa.Schema]) -> str:
    """What happened, limits, duplicates, columns, personal data, known limits, licence, removal."""
    return "\n\n".join(
        [
            "### 採否の内訳",
            _funnel(content),
            "### しきい値",
            _limits(content),
            "### 重複",
            _duplicates(content),
            "### 列",
            _columns(schemas),
            "### 個人情報",
            _personal(content),
            "### 限界",
            _known_limits(content),
            "### ライセンスと収集",
            _licence(content),
            "### 削除のご依頼",
            _removal(content),
        ]
    )


def _funnel(content: RunRecord) -> str:
    rows = [(STEPS[step.name], step.count, percent(step.share)) for step in funnel(content)]
    characters, size = content["characters"], content["bytes"]
    return (
        table(("段階", "件数", "割合"), rows)
        + f"\n\n文字数は{characters['read']:,}のうち{characters['kept']:,}、UTF-8のバイト数は"
        f"{size['read']:,}のうち{size['kept']:,}です。記録なしに捨てたものはなく、"
        "採用・除外・隔離の合計は入力に一致します。"
    )


def _limits(content: RunRecord) -> str:
    rows = [
        (
            f"`{row['reason']}`",
            allowed,
            row["texts"],
            row["alone"],
            percent(share(row["texts"], content["counts"]["read"])),
        )
        for row, allowed in limited(content, "ja")
    ]
    if not rows:
        return "レシピにしきい値はありません。"
    head = ("指標", "許容範囲", "範囲外の件数", "単独の理由", "入力に占める割合")
    said = (
        "すべての数値がしきい値の範囲（両端を含む）にある文書を採用します。"
        "複数の範囲から外れた文書は、それぞれに数えています。"
    )
    if combined_limits(content["recipe_resolved"]):
        said += "`together.名前` は複数のしきい値の組み合わせで、何を除外するかを表に示します。"
    return f"{said}\n\n{table(head, rows)}"


def _duplicates(content: RunRecord) -> str:
    settings = content["recipe_resolved"].get("dedup")
    if not settings:
        return "重複は調べていません。"
    return (
        f"完全一致と、{settings['n']}-gram（`{settings['unit']}`）のJaccard類似度が"
        f"{bound_text(settings['similarity'])}以上の文書を重複とし、本文どうしを比べて確かめています。"
        f"似た文書の集まりからは1件（`{settings['keep']}`）を残し、"
        f"これだけを理由に除外した文書は{only_duplicates(content):,}件です。"
    )


def _columns(schemas: Mapping[str, pa.Schema]) -> str:
    parts = []
    for config, schema in schemas.items():
        rows = [(f"`{field.name}`", _meaning(field.name)) for field in schema]
        parts.append(f"構成 `{config}`:\n\n{table(('列', '内容'), rows)}")
    return "\n\n".join(parts)


def _meaning(column: str) -> str:
    if column in COLUMNS:
        return COLUMNS[column]
    if column.startswith("bucket."):
        return "この文書が属する区分"
    return "この文書の指標の値" if "." in column else "元データの列（そのまま）"


def _personal(content: RunRecord) -> str:
    resolved = content["recipe_resolved"]
    kinds = resolved.get("personal", [])
    if not any(name == "personal" for name in resolved.get("clean", [])):
        looked = "個人情報を置き換えるクリーナーは使っていません。"
    elif kinds:
        looked = f"調べた種類: {', '.join(kinds)}。"
    else:
        looked = "人名を除く、対応しているすべての種類を調べました。"
    return (
        f"個人情報{content['cleaned']['masked']:,}か所を、決まった記号に置き換えました。{looked}"
        "置き換えは書式と見出し語を手がかりにしており、どちらもないものは残ります。"
    )


def _known_limits(content: RunRecord) -> str:
    rejected = (
        "`rejected` 構成で確かめられます。"
        if files_of(content, "rejected")
        else "除外した文書はこの公開物に含まれていません。"
    )
    points = [
        "指標が測るのは文章の形であり、内容が正しいか、公正か、無害かではありません。",
        f"しきい値は良い文章も一部除外します。{rejected}",
    ]
    if content["recipe_resolved"].get("dedup"):
        points.append("類似度が基準に届かない重複や、翻訳は残ります。")
    if content["counts"]["quarantined"]:
        points.append(
            f"{content['counts']['quarantined']:,}件のレコードは読み込めませんでした。"
            "場所と原因は `quarantine/` にあります。"
        )
    return "\n".join(f"- {point}" for point in points)


def _licence(content: RunRecord) -> str:
    licence = licence_of(content)
    if licence["license"] == "unknown":
        said = "データ全体のライセンスは**不明**です。レシピに記載がありません。"
    else:
        said = (
            f"データ全体のライセンス: {inline(licence.get('license_name', licence['license']))}。"
        )
    if licence.get("license_link"):
        said += f"条件: {inline(licence['license_link'])} 。"
    said += "文書ごとに分かっていることは `license` 列にあります。"
    when = inline(collected(content))
    return said + (f"収集: {when}。" if when else "")


def _removal(content: RunRecord) -> str:
    contact = inline(content["about"].get("contact", ""))
    if not contact:
        return "連絡先はレシピに記載されていません（`about: contact`）。"
    return f"対象の `id` または `url` を添えて {contact} までご連絡ください。"
