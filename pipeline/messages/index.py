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
    "help.index_folder": Message("the folder of the index", "インデックスのフォルダ"),
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
    "index.compacted": Message(
        "segments: {before} → {after}", "セグメント: {before} → {after}"
    ),
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
