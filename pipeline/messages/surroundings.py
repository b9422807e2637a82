"""E, U: what can be wrong with the machine and with how a command was called."""

from __future__ import annotations

from seimai.pipeline.messages.message import Message

SURROUNDINGS: dict[str, Message] = {
    # --- E: environment -------------------------------------------------------------------
    "E001": Message(
        "{what} needs the package “{package}”",
        "{what}にはパッケージ「{package}」が必要です",
        "pip install '{install}'",
        "pip install '{install}'",
    ),
    "E010": Message(
        "no Prefect server is configured",
        "Prefect サーバーが設定されていません",
        "start one with `prefect server start`, then `export PREFECT_API_URL=http://127.0.0.1:4200/api`",
        "`prefect server start` で起動し、`export PREFECT_API_URL=http://127.0.0.1:4200/api` を"
        "設定してください",
    ),
    "E011": Message(
        "the Prefect server does not answer at {url}",
        "{url} の Prefect サーバーが応答しません",
        "`prefect server start` starts one on this machine",
        "`prefect server start` でこのマシン上に起動できます",
    ),
    "E012": Message(
        "the server accepted the deployment but scheduled no run within {seconds} s",
        "デプロイは登録されましたが、{seconds} 秒待っても実行が予約されません",
        "its scheduler is not running: SQLAlchemy 2.1 silently stops that of Prefect 3.8; use <2.1",
        "スケジューラーが止まっています。Prefect 3.8 では SQLAlchemy を 2.1 未満にしてください",
    ),
    "E013": Message(
        "“{cron}” in the time zone “{zone}” is not a valid schedule",
        "「{cron}」（タイムゾーン「{zone}」）はスケジュールとして正しくありません",
        "for example `0 3 * * *` in Asia/Tokyo: every night at three",
        "例: `0 3 * * *`（Asia/Tokyo）で毎日午前3時",
    ),
    "E014": Message(
        "Prefect's own server did not start: {cause}",
        "Prefect の内蔵サーバーを起動できませんでした: {cause}",
        "see {log}; `seimai run` works without Prefect, and {path} may be removed",
        "{log} を確認してください。`seimai run` は Prefect なしで動きます（{path} は削除可）",
    ),
    "E015": Message(
        "nobody can be told through “{to}”",
        "「{to}」には通知できません",
        "give https://… (a webhook), mailto:ADDRESS, or a block that is there as TYPE/NAME, such "
        "as slack-webhook/team",
        "https://…（Webhook）、mailto:アドレス、または登録済みのブロック（例 slack-webhook/team）を"
        "指定してください",
    ),
    "E016": Message(
        "mail needs a mail server in the environment variable {variable}",
        "メール通知には環境変数 {variable} にメールサーバーの指定が必要です",
        "for example {variable}=smtp://user:password@mail.example:587",
        "例: {variable}=smtp://user:password@mail.example:587",
    ),
    "E017": Message(
        "the server has no deployment “{name}”",
        "サーバーにデプロイ「{name}」がありません",
        "`prefect deployment ls` lists them; `python -m seimai.flows.deploy … --new-files` makes "
        "one",
        "`prefect deployment ls` で一覧を表示できます。"
        "`python -m seimai.flows.deploy … --new-files` で作成します",
    ),
    # --- U: usage -------------------------------------------------------------------------
    "U001": Message(
        "internal error: {cause}",
        "Seimaiの内部で問題が起きました: {cause}",
        "run again with --debug and report the output together with `seimai doctor --format json`",
        "--debug を付けて再実行し、その出力と `seimai doctor --format json` をお知らせください",
    ),
    "U002": Message(
        "“{path}”: {cause}",
        "「{path}」: {cause}",
    ),
    "U005": Message(
        "there is no command “{name}”",
        "「{name}」というコマンドはありません",
        "`seimai --help` lists them",
        "`seimai --help` で一覧を表示できます",
    ),
    "U006": Message(
        "`seimai {command}` has no option “{name}”",
        "`seimai {command}` に「{name}」というオプションはありません",
        "`seimai {command} --help` lists them",
        "`seimai {command} --help` で一覧を表示できます",
    ),
    "U013": Message(
        "`seimai` has no option “{name}”",
        "`seimai` に「{name}」というオプションはありません",
        "`seimai --help` lists them",
        "`seimai --help` で一覧を表示できます",
    ),
    "U014": Message(
        "`seimai {command}` needs a value after {name}",
        "`seimai {command}` の {name} には値が必要です",
        "see `seimai {command} --help`",
        "`seimai {command} --help` で説明を表示できます",
    ),
    "U007": Message(
        "`seimai {command}` needs {name}",
        "`seimai {command}` には {name} が必要です",
        "see `seimai {command} --help`",
        "`seimai {command} --help` で説明を表示できます",
    ),
    "U008": Message(
        "invalid value “{got}” for {name}",
        "「{got}」は {name} の値に使えません",
        "{want}",
        "{want}",
    ),
    "U009": Message(
        "unexpected argument “{got}” for `seimai {command}`",
        "`seimai {command}` では「{got}」を解釈できません",
        "see `seimai {command} --help`; quote globs so that the shell does not expand them",
        "`seimai {command} --help` を参照してください。グロブは引用符で囲んでください",
    ),
    "U061": Message(
        "there is no file “{path}”",
        "ファイル「{path}」がありません",
        "name an HTML file, or a record of a WARC file as FILE#OFFSET or FILE#ADDRESS",
        "HTMLファイル、または WARC のレコードを ファイル#位置 か ファイル#URL で指定してください",
    ),
    "U062": Message(
        "no page can be read from “{path}”: {cause}",
        "「{path}」からページを読めません: {cause}",
        "`seimai page crawl.warc.gz#1234` shows the record at byte 1234",
        "例: `seimai page crawl.warc.gz#1234` は 1234 バイト目のレコードを表示します",
    ),
    "U010": Message(
        "there is no signal or family “{name}”",
        "「{name}」という指標や系統はありません",
        "`seimai signals` lists all of them",
        "`seimai signals` で一覧を表示できます",
    ),
    "U011": Message(
        "“{path}” does not contain a finished run",
        "「{path}」に完了した実行結果がありません",
        "give the folder used as --out; `seimai run` continues an unfinished run",
        "--out に指定したフォルダを指定してください。未完了の場合は `seimai run` で再開できます",
    ),
    "U015": Message(
        "no text has the id “{id}” or one starting with it",
        "idが「{id}」（またはそれで始まる）テキストはありません",
        "ids are in the columns `id` of release/data and release/rejected",
        "idは release/data と release/rejected の `id` 列にあります",
    ),
    "U018": Message(
        "--on asks about one signal, and “{name}” is none",
        "--on には指標を一つ指定してください（「{name}」は指標名ではありません）",
        "for example `seimai signals ja.hiragana_share --on OUT`",
        "例: `seimai signals ja.hiragana_share --on OUT`",
    ),
    "U017": Message(
        "the numbers stored in “{path}” are not those of its release: it was rolled back, or the "
        "last run published nothing",
        "「{path}」に残る数値は、いまある出力のものではありません。"
        "出力を元に戻したか、直近の実行が出力を公開していません",
        "`seimai run` makes a release of them, `seimai rollback` goes back to one; the report of "
        "this release is in release/report.html, and `seimai find` says where a text is",
        "`seimai run` でその数値から出力を作るか、`seimai rollback` で戻してください。いまの出力の"
        "レポートは release/report.html に、テキストの行方は `seimai find` で分かります",
    ),
    "U016": Message(
        "several ids start with “{id}”: {found}",
        "「{id}」で始まるidが複数あります: {found}",
        "give a longer part of the id",
        "idをもう少し長く指定してください",
    ),
    "U019": Message(
        "the answer could not be written to standard output: {cause}",
        "結果を標準出力に書き込めません: {cause}",
        "only what was to be printed is lost; free some space, or send it elsewhere",
        "失われたのは画面への出力だけです。空き容量を確保するか、出力先を変えてください",
    ),
    "U012": Message(
        "out of memory",
        "メモリが足りません",
        "run with fewer --workers; finished shards are kept",
        "--workers を減らして再実行してください。完了済みの分は再利用されます",
    ),
    "U003": Message(
        "“{path}” is not a Python file",
        "「{path}」はPythonファイルではありません",
    ),
    "U091": Message(
        "there is no filters file “{path}”",
        "フィルタのファイル「{path}」が見つかりません",
        "--filters takes the path of a Python file with signals or cleaners of your own",
        "--filters には、独自の指標やクリーナーを書いたPythonファイルのパスを指定してください",
    ),
    "U004": Message(
        "the filters in “{path}” cannot be loaded: {cause}",
        "「{path}」のフィルタを読み込めません: {cause}",
    ),
}
