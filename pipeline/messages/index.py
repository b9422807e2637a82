"""Sentences about the index of releases, about finding a text, and about forgetting one."""

from __future__ import annotations

from seimai.pipeline.messages.message import Message

INDEX: dict[str, Message] = {
    "X001": Message(
        "there is no index in {path}",
        "{path} にインデックスがありません",
        "make one: seimai index build OUT --index {path}",
        "次のコマンドで作成できます: seimai index build 出力フォルダ --index {path}",
    ),
    "X002": Message(
        "the index {path} was made with other settings: {key} is {found}, wanted is {want}",
        "インデックス {path} は別の設定で作られています: {key} は {found}、必要なのは {want}",
        "use the index's settings in the recipe's `dedup`, or make another index",
        "レシピの `dedup` をインデックスの設定に合わせるか、別のインデックスを作成してください",
    ),
    "X003": Message(
        "the index is damaged: {path}",
        "インデックスが壊れています: {path}",
        "remove its folder and make it again from the releases (seimai index build)",
        "フォルダを削除し、公開用データから作り直してください（seimai index build）",
    ),
    "X004": Message(
        "the index {path} holds no release “{name}”",
        "インデックス {path} に「{name}」という公開用データはありません",
        "seimai index info lists its releases",
        "seimai index info で一覧を確認できます",
    ),
    "X005": Message(
        "two releases are called “{name}”: {path} and {other}",
        "「{name}」という名前の公開用データが二つあります: {path} と {other}",
        "a release is called as its output folder: give one of them another name",
        "公開用データの名前は出力フォルダの名前です。どちらかの名前を変えてください",
    ),
    "X006": Message(
        "`seimai index {action}` needs {what}",
        "`seimai index {action}` には {what} が必要です",
        "see seimai index --help",
        "seimai index --help を参照してください",
    ),
    "X007": Message(
        "{path} has no stages of this version to make its release from",
        "{path} に、このバージョンで公開用データを作り直すための中間ファイルがありません",
        "run its recipe once more, then ask again",
        "レシピをもう一度実行してから、やり直してください",
    ),
    "X008": Message(
        "the run in {path} looked for no duplicates, so no text can be looked up there",
        "{path} の実行では重複を調べていないため、本文では検索できません",
        "ask by --id, --url or --host",
        "--id、--url、--host のいずれかで検索してください",
    ),
    "X009": Message(
        "say what is meant: exactly one of --id, --url, --host and --text-file",
        "--id、--url、--host、--text-file のうち、ちょうど一つを指定してください",
    ),
    "help.dedup": Message(
        "propose settings for duplicates, with what they find and cost",
        "重複の設定を提案し、見つかる割合と費用を示す",
    ),
    "help.dedup_out": Message(
        "a run whose texts tell lengths and time", "長さと時間の目安にする実行結果のフォルダ"
    ),
    "help.edited": Message(
        "catch texts of which this share of characters was exchanged (0.02)",
        "この割合の文字が書き換えられたテキストを見つける（0.02）",
    ),
    "help.recall": Message("find this share of them (0.95)", "そのうち見つけたい割合（0.95）"),
    "help.false": Message(
        "of pairs half as similar, compare at most this share for nothing (0.1)",
        "半分しか似ていない組のうち、むだに照合してよい割合（0.1）",
    ),
    "help.shingle": Message("characters of a shingle (5)", "シングルの文字数（5）"),
    "help.texts": Message("for so many texts", "想定する件数"),
    "dedup.none": Message(
        "no setting does both: accept more false candidates or a lower recall",
        "両方を満たす設定はありません。--false を上げるか --recall を下げてください",
    ),
    "dedup.does": Message(
        "finds {recall} of the pairs that are {similarity} similar, and compares {false} of those "
        "that are {half} similar for nothing",
        "類似度{similarity}の組の{recall}を見つけ、{half}の組の{false}をむだに照合します",
    ),
    "dedup.levels": Message("found by similarity", "類似度ごとの見つかる割合"),
    "dedup.cost": Message(
        "for {texts} texts of {characters} characters", "{texts}件（1件{characters}字）の場合"
    ),
    "dedup.disk": Message("disk, sketches", "ディスク（スケッチ）"),
    "dedup.memory": Message("memory of grouping", "グループ化のメモリ"),
    "dedup.index": Message("disk, index", "ディスク（インデックス）"),
    "dedup.time": Message("time on one processor", "所要時間（1プロセッサ）"),
    "dedup.published": Message(
        "settings in use elsewhere, at {similarity}", "公表されている設定（類似度{similarity}の組）"
    ),
    "dedup.misses": Message("would miss many", "多くを見逃す"),
    "help.find": Message(
        "say where a text is, and what became of it",
        "テキストがどこにあり、どう判定されたかを調べる",
    ),
    "help.find_place": Message(
        "the folder of a run, or an index", "実行結果のフォルダ、またはインデックス"
    ),
    "help.find_id": Message("the id of a text", "テキストのid"),
    "help.find_url": Message("the address of a text", "テキストのURL"),
    "help.find_host": Message(
        "all texts of a host and of those below it", "そのホストとサブドメインのすべて"
    ),
    "help.find_text": Message(
        "a file with the text: it, and what is like it", "本文のファイル（同じか似たテキスト）"
    ),
    "help.forget": Message("take a text down, for good", "テキストを取り下げ、以後も公開しない"),
    "help.keep_copies": Message(
        "only the texts named go; the best of those like them takes their place",
        "指定したものだけを除く。似たものがあれば、最もよいものが代わりに残る",
    ),
    "help.why": Message("why, for the record", "記録に残す理由"),
    "help.forget_index": Message(
        "an index that the release is in: it forgets as well",
        "この公開用データを含むインデックス（そこからも除く）",
    ),
    "find.count": Message("texts found: {count}", "{count}件見つかりました"),
    "find.nothing": Message("nothing found", "見つかりませんでした"),
    "find.more": Message(
        "and {count} more; --format json has them all", "ほか{count}件（--format json で全件）"
    ),
    "find.kept": Message("kept", "採用"),
    "find.rejected": Message("rejected", "除外"),
    "find.quarantined": Message("quarantined", "隔離"),
    "find.released": Message("released", "公開済み"),
    "find.forgotten": Message("forgotten", "取り下げ済み"),
    "find.place": Message("file and row", "ファイルと行"),
    "find.url": Message("address", "URL"),
    "find.reasons": Message("why", "理由"),
    "find.instead": Message("in its place", "代わりに残るもの"),
    "find.similarity": Message("similarity", "類似度"),
    "forget.done": Message(
        "request {number}: {texts} texts went ({named} named, {alike} like them)",
        "申し出{number}: {texts}件を削除しました（指定されたもの{named}件、似たもの{alike}件）",
    ),
    "forget.none": Message(
        "request {number}: none of its texts is here; later runs leave them out",
        "申し出{number}: 該当するテキストはありません。以後の実行でも除外します",
    ),
    "forget.index": Message(
        "{count} texts left the index {path}", "インデックス {path} から{count}件を削除しました"
    ),
    "forget.elsewhere": Message(
        "{count} of them are in the release {name}: ask there as well",
        "うち{count}件は公開用データ {name} にもあります。そちらでも取り下げてください",
    ),
    "forget.release": Message(
        "the release in {out} was made again: {kept} texts",
        "{out} の公開用データを作り直しました: {kept}件",
    ),
    "forget.previous": Message(
        "earlier releases and trials beside it, which held them, are gone",
        "それらを含む過去の公開用データと試行結果も削除しました",
    ),
    "forget.record": Message("what was asked and done: {path}", "申し出と処理の記録: {path}"),
    "help.index": Message(
        "keep what was released, so that it is not released twice",
        "公開済みのテキストを記録し、再び公開しないようにする",
    ),
    "help.index_action": Message(
        "build or add (takes OUT…), remove (names of releases), compact, info, query (text files)",
        "build・add（出力フォルダ）、remove（公開用データの名前）、compact、info、"
        "query（テキストファイル）",
    ),
    "help.index_places": Message(
        "what the action takes", "対象（出力フォルダ、名前、テキストファイル）"
    ),
    "help.index_folder": Message(
        "the folder of the index, or its address (s3://…; a copy stays in ~/.cache/seimai)",
        "インデックスのフォルダまたはアドレス（s3://… など。写しを ~/.cache/seimai に置く）",
    ),
    "help.index_recipe": Message(
        "build: a recipe whose `dedup` settings it gets (default: those of the first release)",
        "build: `dedup` の設定を取るレシピ（既定値: 最初の公開用データの設定）",
    ),
    "help.index_check": Message(
        "info: read all of it and compare the digests",
        "info: 全体を読み、ダイジェストと照合する",
    ),
    "index.added": Message("{name}: {texts} texts added", "{name}: {texts}件を追加しました"),
    "index.replaced": Message(
        "{name}: {texts} texts, in place of its earlier state",
        "{name}: {texts}件。以前の状態と入れ替えました",
    ),
    "index.unchanged": Message(
        "{name}: {texts} texts, there already", "{name}: {texts}件。追加済みです"
    ),
    "index.removed": Message("{name}: {texts} texts removed", "{name}: {texts}件を除きました"),
    "index.compacted": Message("segments: {before} → {after}", "セグメント: {before} → {after}"),
    "index.texts": Message(
        "{texts} texts of {releases} releases · {segments} segments · {size} MB, "
        "{each} bytes a text",
        "{texts}件（公開用データ{releases}個）・セグメント{segments}個・{size} MB"
        "（1件あたり{each}バイト）",
    ),
    "index.settings": Message(
        "{unit} {n}-grams · {rows} rows × {bands} bands · similarity {similarity} · seed {seed}",
        "{unit} {n}-gram・{rows}行×{bands}バンド・類似度 {similarity}・シード {seed}",
    ),
    "index.damaged": Message("damaged: {name}", "壊れています: {name}"),
    "index.fine": Message("all segments are as they were written", "すべて書き込み時のままです"),
    "index.twin": Message(
        "{file}: released in {release} as {id} (row {row}), similarity {similarity}",
        "{file}: {release} で公開済み。id {id}（{row}行目）、類似度 {similarity}",
    ),
    "index.no_twin": Message("{file}: not released", "{file}: 公開していません"),
}
