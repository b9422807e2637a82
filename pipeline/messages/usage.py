"""`help.*` and `usage.*`: what `--help` shows."""

from __future__ import annotations

from seimai.pipeline.messages.message import Message

USAGE: dict[str, Message] = {
    "usage.title": Message("Usage", "使い方"),
    "usage.commands": Message("Commands", "コマンド"),
    "usage.arguments": Message("Arguments", "引数"),
    "usage.options": Message("Options", "オプション"),
    "usage.command": Message("COMMAND", "コマンド"),
    "usage.options_word": Message("OPTIONS", "オプション"),
    "usage.more": Message(
        "`seimai COMMAND --help` explains a command.",
        "各コマンドの詳細は `seimai コマンド --help` で表示できます。",
    ),
    "usage.exit": Message(
        "Exit codes: 0 done · 1 finished, but needs attention · 2 could not run · 130 interrupted",
        "終了コード: 0 想定どおり完了 · 1 実行済み、要確認 · 2 実行できず · 130 中断",
    ),
    "usage.help": Message("show this help", "このヘルプを表示"),
    "usage.version": Message("show the version", "バージョンを表示"),
    # --- commands --------------------------------------------------------------------------
    "help.seimai": Message(
        "Seimai (精米) polishes raw Japanese text into training data.",
        "精米（Seimai）は、日本語の生テキストを学習データに仕上げるツールです。",
    ),
    "help.run": Message(
        "run a recipe and write a release",
        "レシピを実行し、公開用データを書き出す",
    ),
    "help.check": Message(
        "find every mistake in a recipe without running it",
        "レシピの誤りをすべて指摘する（実行はしない）",
    ),
    "help.explain": Message(
        "say why a text was kept or rejected",
        "テキストの採用・除外の理由を説明する",
    ),
    "help.page": Message(
        "show what is read of a web page, what is cut, and why",
        "ウェブページのどこが本文とされ、どこがなぜ除かれたかを表示する",
    ),
    "help.signals": Message(
        "list what can be measured, or explain one signal",
        "測定できる指標を一覧、または個別に説明する",
    ),
    "help.reference": Message(
        "explain every key of a recipe; with a name that section, key or cleaner",
        "レシピのキーを説明（名前を付けると、その節・キー・クリーナーだけ）",
    ),
    "help.schema": Message(
        "print the JSON schema of recipes, for editors",
        "エディタ用に、レシピのJSONスキーマを出力",
    ),
    "help.recipes": Message(
        "list the recipes that come with Seimai, or print one to start from",
        "同梱レシピを一覧表示、または内容を出力する",
    ),
    "help.verify": Message(
        "check that a release is complete and unchanged",
        "公開用データに矛盾や破損がないか確かめる",
    ),
    "help.doctor": Message(
        "check that this machine is ready",
        "実行環境が整っているか確かめる",
    ),
    "help.report": Message(
        "write the report of a finished run again",
        "完了した実行のレポートを作り直す",
    ),
    # --- arguments and options -------------------------------------------------------------
    "help.recipe": Message(
        "a YAML file, or the name of a shipped recipe (`seimai recipes`)",
        "YAMLファイル、または同梱レシピの名前（`seimai recipes` で一覧）",
    ),
    "help.recipe_name": Message(
        "the shipped recipe to print (`seimai recipes web > my.yaml`)",
        "出力する同梱レシピ（`seimai recipes web > my.yaml`）",
    ),
    "help.out": Message(
        "the folder of a run (for `run` by default out/NAME OF THE RECIPE)",
        "出力フォルダ（`run` の既定値は out/レシピ名）",
    ),
    "help.out_or_address": Message(
        "the folder of a run (by default out/NAME OF THE RECIPE), or an address such as "
        "s3://bucket/web, where the release is published and found by latest.json",
        "出力フォルダ（既定値は out/レシピ名）。s3://bucket/web のようなアドレスも可"
        "（公開用データを送り、latest.json から参照できるようにする）",
    ),
    "help.published": Message(
        "the folder of a run, or the address it publishes to",
        "出力フォルダ、または公開先のアドレス",
    ),
    "help.work": Message(
        "the folder in which a run works that publishes to an address (by default out/NAME OF THE "
        "RECIPE); only releases are published, so keep it: without it everything is read again",
        "アドレスに公開する実行の作業フォルダ（既定値は out/レシピ名）。途中のファイルは公開"
        "されないため、次回も同じフォルダを使う（なければすべて処理し直す）",
    ),
    "U093": Message(
        "--work is for runs that publish to an address, and --out names none",
        "--work はアドレスに公開する実行のためのものですが、--out がアドレスではありません",
        "write `--out s3://bucket/web --work {path}`, or leave --work out",
        "`--out s3://bucket/web --work {path}` とするか、--work を外してください",
    ),
    "U094": Message(
        "“{path}” is an address, and this needs the folder of a run",
        "「{path}」はアドレスです。ここには出力フォルダを指定してください",
        "give the folder in which the run worked; the flow `release` publishes it",
        "実行の作業フォルダを指定してください。公開は release フローで行えます",
    ),
    "run.empty_work": Message(
        "{work} holds nothing of an earlier run: all inputs are read again, and readers of {place} "
        "keep {release} until that is done",
        "{work} に以前の実行結果がないため、すべての入力を処理し直します。完了するまで "
        "{place} では {release} が公開されたままです",
    ),
    "run.published": Message(
        "published {place} ({pointer} leads to it)",
        "公開先    {place}（{pointer} から参照されます）",
    ),
    "run.published_already": Message(
        "published {place} (it was there already)",
        "公開先    {place}（公開済みの内容と同じです）",
    ),
    "rollback.remote": Message(
        "{pointer} leads to {place} again; the other one is {previous}",
        "{pointer} は前回の {place} を指すようになりました。入れ替えた方は {previous} です",
    ),
    "help.source": Message(
        "read these files instead of the recipe's sources: file, folder, glob or URL; repeatable",
        "レシピの入力元の代わりに読むファイル、フォルダ、グロブ、URL（複数指定可）",
    ),
    "help.doctor_recipe": Message(
        "a recipe: say whether what a run of it writes fits into its folder",
        "レシピ。実行時に書き込む量が作業フォルダに収まるかも調べる",
    ),
    "help.doctor_work": Message(
        "the folder that a run is to work in (its `--work`, or its `--out` on a disk): is there "
        "room, and can its file system do what a run asks of it? What is tried there is removed",
        "実行の作業フォルダ（`--work`、またはディスク上の `--out`）。空き容量と、必要な操作が"
        "できるファイルシステムかを調べる（試したファイルは削除する）",
    ),
    "U095": Message(
        "“{path}” is an address, and a run works in a folder",
        "「{path}」はアドレスです。実行にはフォルダが要ります",
        "give the folder that you mean as `--work` of the run; "
        "`seimai verify {path}` checks what is published at an address",
        "実行時に `--work` で指定するフォルダを書いてください。"
        "アドレスに公開したものは `seimai verify {path}` で検査できます",
    ),
    "U096": Message(
        "--source is for the recipe whose needs are estimated, and none is named",
        "--source は必要な容量を見積もるレシピのためのものですが、レシピの指定がありません",
        "write `seimai doctor RECIPE --source FILES`",
        "`seimai doctor レシピ --source ファイル` としてください",
    ),
    "help.workers": Message(
        "number of worker processes (default: one per processor)",
        "並列に動かすプロセス数（既定値: プロセッサ数）",
    ),
    "help.metrics": Message(
        "write counts and times of the run for Prometheus (textfile collector)",
        "件数と時間を Prometheus（textfile collector）用に書き出す",
    ),
    "help.crew": Message(
        "hand the work to a batch system, as array jobs, or to a Ray cluster",
        "処理をアレイジョブとしてジョブ管理システムに、または Ray クラスタに渡す",
    ),
    "help.site": Message(
        "what the computing centre wants to be told: queue, group, modules, limits (with --crew)",
        "計算センターごとの設定（キュー、グループ、モジュール、上限など。--crew と併用）",
    ),
    "help.limit": Message(
        "read at most this many documents from each source, as a trial in FOLDER/trial",
        "入力元ごとに読む文書数の上限（試行として「出力先/trial」に書き込む）",
    ),
    "help.accept": Message(
        "publish the result although it is worse than the release that is there",
        "これまでの出力より悪い結果でも公開する",
    ),
    "help.recheck": Message(
        "read again what looks unchanged by size and time",
        "サイズと日時が同じ入力も読み直して確認する",
    ),
    "help.no_previous": Message(
        "keep no release but the new one: nothing of an earlier run stays in the folder",
        "前回の出力を残さない（以前の実行のデータは出力先から消える）",
    ),
    "help.rollback": Message(
        "exchange the release and the one before it",
        "公開用データを前回のものと入れ替える",
    ),
    "help.stages": Message(
        "check the stage files too, which the next run builds on",
        "次の実行で再利用される途中データも確かめる",
    ),
    "help.plan_only": Message(
        "show what would be done without doing it", "実行内容だけを表示し、実行しない"
    ),
    "help.filters": Message(
        "a Python file with filters of your own; repeatable",
        "独自のフィルタを書いたPythonファイル（複数指定可）",
    ),
    "help.id": Message(
        "the id of a text, or its first characters; “-” reads a text from standard input",
        "テキストのid（先頭部分でも可）。「-」で標準入力のテキストを読む",
    ),
    "help.place": Message(
        "the folder of a run, or a recipe when a text comes from standard input",
        "実行結果のフォルダ。標準入力のテキストを調べるときはレシピ",
    ),
    "help.page_file": Message(
        "an HTML file, or a record of a WARC file: FILE#OFFSET or FILE#ADDRESS",
        "HTMLファイル、またはWARCのレコード（ファイル#位置、ファイル#URL）",
    ),
    "help.html": Message(
        "write the page for a browser, its parts coloured by rule",
        "除いた部分を規則ごとに色分けしたページを書き出す",
    ),
    "help.comments": Message("keep readers' comments", "読者コメントを残す"),
    "help.name": Message(
        "a signal (ja.hiragana_share) or a family (ja)",
        "指標名（ja.hiragana_share）または系統名（ja）",
    ),
    "help.signal_on": Message(
        "a finished run: show where its texts lie with this signal",
        "完了した実行のフォルダ。その文書での分布を示す",
    ),
    "help.all": Message("show everything", "すべて表示する"),
    "help.format": Message(
        "text for people, json for programs, github for annotations and a job summary",
        "出力形式。text は人向け、json はプログラム向け、github は注釈とジョブ要約",
    ),
    "help.lang": Message(
        "language of messages (default: the locale)", "表示言語（既定値: ロケール）"
    ),
    "help.quiet": Message("print only problems", "問題があるときだけ表示する"),
    "help.debug": Message("show tracebacks", "トレースバックを表示する"),
}
