"""What `verify` says of a release, and `doctor` of a machine."""

from __future__ import annotations

from seimai.pipeline.messages.message import Message

CHECKS: dict[str, Message] = {
    "verify.run": Message("{path} · {count} texts kept", "{path} · 採用 {count}件"),
    "verify.files": Message(
        "files: {count}, names without gaps", "{count}ファイル、名前に欠番なし"
    ),
    "verify.missing": Message("“{path}” is missing", "「{path}」がありません"),
    "verify.stranger": Message(
        "“{path}” is not part of this release", "「{path}」はこのリリースのファイルではありません"
    ),
    "verify.unreadable": Message(
        "“{path}” cannot be read: {cause}", "「{path}」を読み込めません: {cause}"
    ),
    "verify.rows": Message(
        "rows: {kept} kept + {rejected} rejected + {quarantined} quarantined = {read} read",
        "件数: 採用 {kept} + 除外 {rejected} + 隔離 {quarantined} = 入力 {read}",
    ),
    "verify.rows_off": Message(
        "“{path}” has {got} rows, but run.json says {want}",
        "「{path}」は{got}行ですが、run.json では{want}行です",
    ),
    "verify.sum_off": Message(
        "{kept} kept + {rejected} rejected + {quarantined} quarantined is not {read} read",
        "採用 {kept} + 除外 {rejected} + 隔離 {quarantined} が入力 {read} と一致しません",
    ),
    "verify.kind_off": Message(
        "{kind}: the files hold {got} rows, but run.json says {want}",
        "{kind}: ファイルは計{got}行、run.json の件数は{want}です",
    ),
    "verify.digests": Message("digests of all files", "全ファイルのダイジェスト一致"),
    "verify.digest_off": Message(
        "“{path}” was changed after the run: its digest differs",
        "「{path}」は実行後に変更されています（ダイジェスト不一致）",
    ),
    "verify.ids": Message("ids are unique", "idの重複なし"),
    "verify.ids_off": Message("duplicate ids: {count}", "{count}件のidが重複しています"),
    "verify.texts": Message("no kept text is empty", "採用テキストに空のものなし"),
    "verify.texts_off": Message(
        "kept texts that are empty: {count}", "採用テキスト{count}件が空です"
    ),
    "verify.reasons": Message("every rejected text has a reason", "除外テキストすべてに理由あり"),
    "verify.reasons_off": Message(
        "rejected texts without a reason: {count}", "除外テキスト{count}件に理由がありません"
    ),
    "verify.keepers_off": Message(
        "duplicates of a text that was not kept: {count}",
        "重複{count}件の参照先が採用されていません",
    ),
    "verify.card": Message("card and croissant.json agree", "README.md と croissant.json が一致"),
    "verify.card_off": Message(
        "“{path}” does not agree with run.json: {what}",
        "「{path}」が run.json と一致しません: {what}",
    ),
    "verify.sums": Message("{path} holds", "{path} が一致"),
    "verify.schema_off": Message(
        "the columns of “{path}” are not those of a release, or not those of its neighbours",
        "「{path}」の列が公開用データの形式、または他のファイルと異なります",
    ),
    "verify.figure_off": Message(
        "run.json says of “{what}” what the rows do not",
        "run.json の「{what}」が実際の行と合いません",
    ),
    "verify.statements": Message(
        "figures, reasons and limits hold when counted again",
        "件数・理由・しきい値を再計算して一致",
    ),
    "verify.null": Message(
        "rows without an id or a text: {count}", "idまたは本文がない行: {count}件"
    ),
    "verify.first_reason": Message(
        "first_reason is not the first of the reasons: {count}",
        "first_reason が理由の先頭と異なる行: {count}件",
    ),
    "verify.values": Message(
        "not a value for each reason: {count}", "理由と値の数が合わない行: {count}件"
    ),
    "verify.reason": Message(
        "reasons that the recipe does not have, or in another order: {count}",
        "レシピにない理由、または順序の異なる理由: {count}件",
    ),
    "verify.broken_limit": Message(
        "a reason whose value keeps to its limit: {count}",
        "しきい値を満たす値が理由になっている行: {count}件",
    ),
    "verify.duplicate_of": Message(
        "duplicates without a keeper, or keepers without the reason: {count}",
        "重複の理由と duplicate_of が合わない行: {count}件",
    ),
    "verify.similarity": Message(
        "duplicates below the similarity of the recipe: {count}",
        "類似度がレシピの値に満たない重複: {count}件",
    ),
    "verify.kept_fails": Message(
        "kept texts that fail a limit: {count}", "しきい値を満たさない採用テキスト: {count}件"
    ),
    "verify.other_reasons": Message(
        "rejected texts that fail other limits than they say: {count}",
        "測り直すと理由が異なる除外テキスト: {count}件",
    ),
    "verify.equal_kept": Message(
        "kept texts that are equal to another one: {count}",
        "ほかと同一の採用テキスト: {count}件",
    ),
    "verify.not_alike": Message(
        "duplicates that are not as similar to their keeper as they say: {count}",
        "採用側との類似度が記載と異なる重複: {count}件",
    ),
    "verify.unmasked": Message(
        "texts with personal data that the recipe says is masked: {count}",
        "マスク済みのはずの個人情報が残るテキスト: {count}件",
    ),
    "verify.stages": Message(
        "{count} stage files are what was written",
        "途中データ {count}ファイルはすべて書き込み時のまま",
    ),
    "verify.stage_off": Message(
        "stages/{path} is damaged (the next run makes it again)",
        "stages/{path} が壊れています（次の実行で作り直されます）",
    ),
    "verify.stage_gone": Message(
        "stages/{path} is missing, or not known to be whole (the next run makes it again)",
        "stages/{path} がないか、完全だと確かめられません（次の実行で作り直されます）",
    ),
    "verify.stage_open": Message(
        "stages/{path} was not finished (the next run makes it again)",
        "stages/{path} は書き込みが完了していません（次の実行で作り直されます）",
    ),
    "verify.stages_more": Message(
        "{count} more stage files are damaged or missing",
        "ほかに {count}件の途中データが壊れているか欠けています",
    ),
    "verify.changes": Message(
        "{path}: the lists have as many ids as they say", "{path}: 一覧の件数が一致"
    ),
    "verify.changes_off": Message(
        "{path} does not have as many ids as changes.json says",
        "{path} の件数が changes.json の記載と異なります",
    ),
    "verify.previous_off": Message(
        "{path}, the previous release, is not whole (`seimai verify {path}` names the files)",
        "前回の出力 {path} は完全ではありません"
        "（`seimai verify {path}` で該当ファイルを確認できます）",
    ),
    "verify.load": Message("load_dataset opens {configs}", "load_dataset で {configs} を開けます"),
    "verify.load_off": Message(
        "load_dataset fails: {cause}", "load_dataset が失敗しました: {cause}"
    ),
    "verify.load_skip": Message(
        "load_dataset not tried: “datasets” is not installed",
        "load_dataset は未確認（パッケージ「datasets」なし）",
    ),
    "verify.license": Message(
        "kept texts without a known licence: {count}", "採用テキスト{count}件のライセンスが不明です"
    ),
    "verify.expect": Message("{name} is {value}, not {want}", "{name}が{value}です（想定 {want}）"),
    "verify.fine": Message(
        "the release is complete and unchanged", "公開用データは記録と一致しています"
    ),
    "verify.faults": Message("problems: {count}", "{count}件の異常があります"),
    "doctor.fine": Message("ready", "準備ができています"),
    "doctor.warnings": Message("warnings: {count}", "注意 {count}件"),
    "doctor.faults": Message("problems: {count}", "異常 {count}件"),
    "doctor.paste": Message(
        "paste `seimai doctor --format json` into an issue",
        "問題を報告するときは `seimai doctor --format json` の出力を添えてください",
    ),
    "doctor.versions": Message("Python {python} · {packages}", "Python {python} · {packages}"),
    "doctor.missing": Message(
        "{package} is missing: pip install '{package}'",
        "{package} がありません: pip install '{package}'",
    ),
    "doctor.mecab": Message(
        "MeCab through fugashi · dictionary {dictionary} · 「{text}」→ {tokens}",
        "MeCab（fugashi 経由）· 辞書 {dictionary} · 「{text}」→ {tokens}",
    ),
    "doctor.mecab_off": Message("MeCab cannot be used: {cause}", "MeCab を使えません: {cause}"),
    "doctor.mecab_wrong": Message(
        "MeCab splits 「{text}」 into {tokens}, not {want}",
        "MeCab の分割結果が「{text}」→ {tokens} です（想定: {want}）",
    ),
    "doctor.signals": Message("{count} signals: {plugins}", "指標 {count}件: {plugins}"),
    "doctor.from": Message("{count} from {plugin}", "{plugin} {count}件"),
    "doctor.cache_warm": Message(
        "compiled kernels are cached ({count} files)",
        "コンパイル済みカーネルのキャッシュあり（{count}ファイル）",
    ),
    "doctor.cache_cold": Message(
        "compiled kernels are not cached yet: the first run takes a minute or two longer",
        "カーネルは未コンパイルです。初回の実行時に1〜2分かかります",
    ),
    "doctor.cache_locked": Message(
        "“{path}” is not writable: every process compiles the kernels again; set NUMBA_CACHE_DIR",
        "「{path}」に書き込めないため毎回コンパイルされます。NUMBA_CACHE_DIR を指定してください",
    ),
    "doctor.memory": Message(
        "{workers} workers × about {each} fit into the {free} free here",
        "空きメモリ {free} に対し、{workers} ワーカー × 約{each}",
    ),
    "doctor.memory_short": Message(
        "{workers} workers × about {each} may exceed the {free} free here; try --workers {fit}",
        "{workers} ワーカー × 約{each} は空きメモリ {free} を超えるおそれがあります。"
        "--workers {fit} を試してください",
    ),
    "doctor.memory_unknown": Message(
        "free memory is not known on this system", "このシステムでは空きメモリを確認できません"
    ),
    "doctor.optional": Message("optional: {packages}", "任意のパッケージ: {packages}"),
    "doctor.prefect_local": Message(
        "Prefect {version}: no server configured, runs here (only flows/ needs it)",
        "Prefect {version}: サーバー未設定、この環境内で実行（flows/ でのみ使用）",
    ),
    "doctor.prefect_server": Message(
        "Prefect {version}: server {url}", "Prefect {version}: サーバー {url}"
    ),
    "doctor.prefect_off": Message(
        "Prefect is not installed (only flows/ needs it)",
        "Prefect は未インストール（flows/ でのみ使用）",
    ),
    "doctor.disk": Message(
        "{free} free on the disk of this folder", "このフォルダのディスク空き容量 {free}"
    ),
    "doctor.disk_short": Message(
        "only {free} free on the disk of this folder",
        "このフォルダのディスク空き容量が {free} しかありません",
    ),
    "doctor.work": Message("“{path}” is a folder", "フォルダ「{path}」があります"),
    "doctor.work_new": Message(
        "“{path}” is not there yet; a run makes it in “{parent}”",
        "「{path}」はまだありません。実行時に「{parent}」の下に作られます",
    ),
    "doctor.work_no_folder": Message(
        "a run cannot work in “{path}”: “{parent}” is a file",
        "「{path}」では実行できません（「{parent}」がファイルです）",
    ),
    "doctor.work_locked": Message(
        "“{path}” cannot be written to: {cause}", "「{path}」に書き込めません: {cause}"
    ),
    "doctor.work_able": Message(
        "“{path}”: written, synced, renamed, locked, exchanged; {time} for a file",
        "「{path}」: 書き込み・同期・改名・ロック・交換ができます（1ファイル {time}）",
    ),
    "doctor.work_slow": Message(
        "“{path}” takes {time} to sync a file, and every shard has some fifteen: "
        "a disk of this machine is faster",
        "「{path}」は1ファイルの同期に {time} かかります。シャードごとに約15ファイルを書くため、"
        "このマシンのディスクのほうが高速です",
    ),
    "doctor.work_no_locks": Message(
        "“{path}” has no locks (flock), and a run needs one: choose another folder, "
        "or mount it with locks",
        "「{path}」ではロック（flock）を使えず、実行できません。別のフォルダにするか、"
        "ロックを有効にしてマウントしてください",
    ),
    "doctor.work_no_exchange": Message(
        "“{path}” cannot exchange two folders in one step: readers find no release for a moment "
        "when a new one takes its place",
        "「{path}」では二つのフォルダを一度に入れ替えられません。公開用データの更新時に、"
        "見えなくなる瞬間があります",
    ),
    "doctor.work_file_system": Message("file system: {kind}", "ファイルシステム: {kind}"),
    "doctor.work_object_storage": Message(
        "“{path}” is object storage shown as a folder ({kind}): it neither syncs nor renames as a "
        "run needs it. Work on a disk, and publish with `--out s3://… --work FOLDER`",
        "「{path}」はオブジェクトストレージをフォルダとして見せるもの（{kind}）で、同期も改名も"
        "実行の要件を満たしません。ディスク上で処理し、`--out s3://… --work フォルダ` で"
        "公開してください",
    ),
    "doctor.work_in_memory": Message(
        "“{path}” lies in memory ({kind}): when the machine starts again, everything is read and "
        "measured again",
        "「{path}」はメモリ上にあります（{kind}）。マシンの再起動後は、すべて処理し直しになります",
    ),
    "doctor.work_network": Message(
        "“{path}” is on a network file system ({kind}): a file is safe only after a round "
        "trip to the server. One machine is faster on a disk of its own; several need the share",
        "「{path}」はネットワークファイルシステム（{kind}）上にあり、ファイルの同期のたびにサーバー"
        "との往復が要ります。1台で動かすならそのマシンのディスクのほうが高速です（複数台では共有が"
        "必要です）",
    ),
    "doctor.work_local_locks": Message(
        "“{path}” is mounted with {option}: locks hold on this machine only, so never start a run "
        "into it from two machines",
        "「{path}」は {option} でマウントされ、ロックはこのマシンの中だけで有効です。2台から同時に"
        "実行しないでください",
    ),
    "doctor.work_free": Message("{free} free there", "空き容量 {free}"),
    "doctor.work_room": Message(
        "a run needs about {needs} there; {free} is free, {own} is in use by earlier runs",
        "実行に必要な容量は約{needs}、空き容量は {free}、前回までの使用量は {own} です",
    ),
    "doctor.work_short": Message(
        "a run needs about {needs} there, but only {free} is free and {own} is in use by "
        "earlier runs",
        "実行には約{needs}が必要ですが、空き容量は {free}、前回までの使用量は {own} しかありません",
    ),
    "doctor.work_few_files": Message(
        "a run makes about {needs} files there, but the file system has room for {free} only",
        "実行では約{needs}ファイルを作りますが、このファイルシステムに作れるのはあと{free}"
        "ファイルです",
    ),
}
