"""What the keys of a source mean, in both languages; see `keys.py`."""

from __future__ import annotations

from seimai.pipeline.messages.keys import Key

SOURCE_KEYS: dict[str, Key] = {
    "source.name": Key(
        "Its name, in `run.json`, the report and the release.",
        "入力元の名前。`run.json`、レポート、公開物に載ります。",
        "name: crawl",
    ),
    "source.files": Key(
        "Files, folders, globs and URLs, from the folder where the run starts; `${VAR}` comes "
        "from the environment. One alone needs no brackets.",
        "ファイル、フォルダ、グロブ、URL。実行したフォルダから数えます。"
        "`${VAR}` は環境変数に置き換わります。一つなら括弧は要りません。",
        "files: [crawl/*.jsonl.zst, intranet/]",
    ),
    "source.dataset": Key(
        "A folder saved with `save_to_disk`, a dataset folder, or a name on the Hugging Face Hub.",
        "`save_to_disk` で保存したフォルダ、データセットのフォルダ、またはHugging Face Hubの名前。",
        "dataset: data/my-dataset",
    ),
    "source.config": Key("Configuration of the `dataset`.", "`dataset` の構成名。", "config: ja"),
    "source.split": Key("Split of the `dataset`.", "`dataset` の分割名。", "split: train"),
    "source.database": Key(
        "A SQLAlchemy address; what is secret in it stands in the environment.",
        "SQLAlchemyのアドレス。パスワードなどは環境変数に置きます。",
        "database: ${DB_URL}",
    ),
    "source.query": Key(
        "What to ask the `database`; columns are found as those of a table.",
        "`database` への問い合わせ。列は表と同じように見つけます。",
        "query: SELECT id, body AS text FROM posts",
    ),
    "source.changed": Key(
        "A quick query whose result changes whenever that of `query` does; without it every run "
        "reads the database.",
        "`query` の結果が変わるときに必ず結果が変わる、軽い問い合わせ。"
        "省くと実行のたびにデータベースを読みます。",
        "changed: select count(*), max(updated) from posts",
    ),
    "source.format": Key(
        "Format of the files; `auto` looks at each file.",
        "ファイルの形式。`auto` はファイルごとに見分けます。",
        "format: jsonl",
    ),
    "source.text": Key(
        "The column that holds the text; found by itself where left out. Several columns make one "
        "text, a line `column: value` for each that is filled.",
        "本文の列。省くと自動で見つけます。"
        "複数書くと「列名: 値」の行をつなげて一つの本文にします。",
        "text: [件名, 本文]",
    ),
    "source.text_format": Key(
        "What the texts of records (JSON, tables, datasets) are written in; `auto` asks each.",
        "レコード（JSON、表、データセット）の本文の書式。`auto` は一件ずつ見分けます。",
        "text_format: markdown",
    ),
    "source.id": Key(
        "The column with the id; found by itself where left out.",
        "IDの列。省くと自動で見つけます。",
        "id: 管理番号",
    ),
    "source.url": Key(
        "The column with the address; found by itself where left out.",
        "URLの列。省くと自動で見つけます。",
        "url: page_url",
    ),
    "source.date": Key(
        "The column with the date; found by itself where left out.",
        "日付の列。省くと自動で見つけます。",
        "date: 更新日",
    ),
    "source.license": Key(
        "The licence of all its documents, by its SPDX name.",
        "この入力元の全文書のライセンス（SPDXの名称）。",
        "license: CC-BY-4.0",
    ),
    "source.extract": Key(
        "What is read of web pages: their main text, or all text with menus, headers and footers.",
        "ウェブページのどこを読むか。本文だけか、メニューやヘッダーも含めた全文か。",
        "extract: all",
    ),
    "source.language": Key(
        "`ja`: pages of a crawl without any sign of Japanese are counted and passed over, "
        "unparsed.",
        "`ja` とすると、日本語の気配がないクロールのページは、解析せずに数えるだけで飛ばします。",
        "language: ja",
    ),
    "source.code": Key(
        "Blocks of code in Markdown, reStructuredText and manual pages; words in sentences stay.",
        "Markdown、reStructuredText、manページのコードブロック。文中のコードは常に残ります。",
        "code: drop",
    ),
    "source.hidden": Key(
        "Hidden sheets, rows, columns, slides and text of office documents.",
        "Office文書の、非表示のシート・行・列・スライド・文字。",
        "hidden: keep",
    ),
    "source.comments": Key(
        "Comments of reviewers and notes of speakers in office documents, after the text; "
        "comments of readers on web pages, where they stand.",
        "Office文書の校閲コメントと発表者ノート（本文の後に置く）、"
        "ウェブページの読者コメント（元の位置に置く）。",
        "comments: keep",
    ),
    "source.sheets": Key(
        "What of a workbook is a document: a `whole` sheet, or each of the `rows` of its table; "
        "the columns of the text are found as in a CSV file, or named by `text`.",
        "表計算の文書をシートごとに一件とするか（`whole`）、"
        "表の行ごとに一件とするか（`rows`）。"
        "本文の列はCSVと同じように見つけるか、`text` で指定します。",
        "sheets: rows",
    ),
    "source.main": Key(
        "For sites whose main text is not found: a CSS selector by host, which stands for the "
        "hosts below it as well.",
        "本文がうまく見つからないサイト用。ホストごとにCSSセレクターを書きます。"
        "下位のホストにも当てはまります。",
        'main: {www.example.jp: "#article"}',
    ),
    "source.max_record": Key(
        "A record of more bytes is put into quarantine, so that memory stays bounded.",
        "これより大きいレコードは隔離し、メモリの使用量を抑えます。",
        "max_record: 16MiB",
    ),
    "source.max_seconds": Key(
        "A record that any one step works on for more seconds of processor time, or waits for "
        "ten times as long, is put into quarantine, so that one text cannot hold up a run.",
        "どれか一つの処理がこの秒数（CPU時間）を超えるか、その10倍待たされたレコードは隔離し、"
        "一件のために全体が止まらないようにします。",
        "max_seconds: 60",
    ),
}
