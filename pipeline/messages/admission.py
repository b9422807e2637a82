"""What is said of benchmarks, lists, opt-outs and licences, and of their keys in a recipe."""

from __future__ import annotations

from seimai.pipeline.messages.keys import Key
from seimai.pipeline.messages.message import Message

ADMISSION: dict[str, Message] = {
    "verify.admission": Message(
        "licences, hosts, time spans and benchmarks hold when counted again",
        "ライセンス、ホスト、期間、ベンチマークの数字は数え直しても一致します",
    ),
    "R092": Message(
        "“{name}” cannot be the name of a benchmark or a list",
        "「{name}」はベンチマークやリストの名前に使えません",
        "small letters, digits and “_”: the signals are called after it",
        "小文字、数字、「_」が使えます。指標名の一部になります",
    ),
    "C001": Message(
        "the benchmark file “{path}” cannot be read: {cause}",
        "ベンチマークのファイル「{path}」を読み込めません: {cause}",
        "JSON lines, JSON, CSV, TSV and Parquet are read; name the `layout` or the columns",
        "JSON Lines・JSON・CSV・TSV・Parquetに対応しています。`layout` か列名を指定してください",
    ),
    "C002": Message(
        "the benchmark file “{path}” has no column of questions",
        "ベンチマークのファイル「{path}」に設問の列が見つかりません",
        "name it with `question:`, and a column of passages with `passage:`",
        "`question:` で列名を指定してください。本文の列は `passage:` で指定します",
    ),
    "C003": Message(
        "no benchmark file matches “{path}”",
        "「{path}」に一致するベンチマークのファイルがありません",
        "paths start from the folder that the run is started in",
        "パスは実行時のフォルダからの相対パスです",
    ),
    "C004": Message(
        "no list matches “{path}”",
        "「{path}」に一致するリストのファイルがありません",
        "paths start from the folder that the run is started in",
        "パスは実行時のフォルダからの相対パスです",
    ),
}

_NAME_EN = "What its signals are called after: small letters, digits, “_”."
_NAME_JA = "指標名の一部になる名前。小文字、数字、「_」が使えます。"

ADMISSION_KEYS: dict[str, Key] = {
    "recipe.contamination": Key("Benchmarks; see below.", "ベンチマークの混入。詳しくは後述。"),
    "recipe.lists": Key("Lists of addresses; see below.", "URLのリスト。詳しくは後述。"),
    "recipe.optout": Key(
        "What becomes of texts whose site has refused training on them (robots meta tags, "
        "X-Robots-Tag, TDM-Reservation, robots.txt and ai.txt columns); counted per protocol.",
        "学習利用を拒んでいるサイトの文書の扱い（robotsメタタグ、X-Robots-Tag、"
        "TDM-Reservation、robots.txtやai.txtの列）。プロトコルごとに数えます。",
        "optout: reject",
    ),
    "recipe.licenses": Key("Licences; see below.", "ライセンス。詳しくは後述。"),
    "contamination.name": Key(_NAME_EN, _NAME_JA, "name: jcommonsenseqa"),
    "contamination.files": Key(
        "Files of the benchmark: JSON lines, JSON, CSV, TSV or Parquet.",
        "ベンチマークのファイル。JSON Lines、JSON、CSV、TSV、Parquet。",
        "files: benchmarks/jcommonsenseqa-valid.jsonl",
    ),
    "contamination.layout": Key(
        "How the files are laid out; `auto` finds the columns by name.",
        "ファイルの形式。`auto` では列名から判断します。",
        "layout: mgsm-ja",
    ),
    "contamination.question": Key(
        "The column of the question, where it is not found.",
        "設問の列。自動で見つからないときに指定します。",
        "question: 問題文",
    ),
    "contamination.choices": Key(
        "The column of the choices, or one for each.",
        "選択肢の列。選択肢ごとに列があれば並べて書きます。",
        "choices: [A, B, C, D]",
    ),
    "contamination.answer": Key("The column of the answer.", "正解の列。", "answer: 正解"),
    "contamination.passage": Key(
        "The column of the passage that is asked about.",
        "設問が対象とする本文の列。",
        "passage: context",
    ),
    "contamination.id": Key(
        "The column that names an item in the ledger.", "台帳に載せる問題IDの列。", "id: q_id"
    ),
    "contamination.action": Key(
        "`reject` texts that hold a question, or `report` them only.",
        "設問を含む文書を除外する（`reject`）か、報告だけする（`report`）か。",
        "action: report",
    ),
    "contamination.passages": Key(
        "The same for texts that hold a long piece of a passage: often an article that the "
        "benchmark was made from.",
        "本文の長い一部を含む文書の扱い。ベンチマークの出典である記事のことが多いため、"
        "既定では報告だけします。",
        "passages: reject",
    ),
    "lists.name": Key(_NAME_EN, _NAME_JA, "name: adult"),
    "lists.files": Key(
        "Plain lists, hosts files, or folders of UT1; `.gz` and `.bz2` too.",
        "一行に一つのリスト、hosts形式、UT1のフォルダ。`.gz` と `.bz2` も読めます。",
        "files: lists/ut1/adult",
    ),
    "lists.action": Key(
        "`block` rejects what is on the list, `allow` everything else, `report` counts.",
        "`block` は載っている文書、`allow` は載っていない文書を除外します。"
        "`report` は数えるだけです。",
        "action: allow",
    ),
    "licenses.allow": Key(
        "Names or links of licences; `-*` at the end stands for any version.",
        "ライセンスの名前かURL。末尾の `-*` は任意のバージョンに一致します。",
        "allow: [CC-BY-4.0, CC-BY-SA-*, public-domain]",
    ),
    "licenses.unknown": Key(
        "What becomes of texts whose licence nobody has said.",
        "ライセンスが不明な文書の扱い。",
        "unknown: keep",
    ),
}
