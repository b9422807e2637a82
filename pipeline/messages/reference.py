"""The words around the keys of the reference: titles, heads of tables, kinds of values."""

from __future__ import annotations

from seimai.pipeline.messages.message import Message

REFERENCE: dict[str, Message] = {
    "reference.title": Message("Recipe reference", "レシピ リファレンス"),
    "reference.other": Message("In Japanese: [{page}]({page})", "英語版: [{page}]({page})"),
    "reference.made": Message(
        "Generated from the code by `make reference`; a test compares the two. In a terminal: "
        "`seimai recipes --reference`, with the name of a section or key for a part of it.",
        "`make reference` がコードから生成したページで、一致はテストで確かめています。"
        "端末では `seimai recipes --reference`（節やキーの名前を付けるとその部分だけ）で読めます。",
    ),
    "reference.editor": Message(
        "Editors with a YAML language server complete and check a recipe that holds the line "
        "`# yaml-language-server: $schema=PATH`; `seimai recipes --schema > recipe.schema.json` "
        "writes the schema. What it cannot know, `seimai check` does: sources, rows and bands, "
        "names of signals of your own.",
        "YAML Language Server の入ったエディタでは、レシピに "
        "`# yaml-language-server: $schema=パス` の行があると補完と検査が働きます。スキーマは "
        "`seimai recipes --schema > recipe.schema.json` で書き出せます。入力元、rows と bands、"
        "独自の指標など、スキーマで分からないことは `seimai check` が調べます。",
    ),
    "reference.values": Message(
        "Values follow YAML 1.2: only `true` and `false` are truth values, dates are text, and "
        "`200_000` is a number. Keys that are not listed here are mistakes.",
        "値の書き方はYAML 1.2に従います。真偽値は `true` と `false` だけ、日付は文字列、"
        "`200_000` は数値です。ここにないキーを書くと誤りになります。",
    ),
    "reference.cleaners": Message("Cleaners", "クリーナー"),
    "reference.signals": Message("Signals", "指標"),
    "reference.more": Message(
        "`seimai signals NAME` says more of each, with the recipes that use it.",
        "詳しい説明と、使っているレシピは `seimai signals 指標名` で表示できます。",
    ),
    "reference.key": Message("key", "キー"),
    "reference.value": Message("value", "値"),
    "reference.default": Message("default", "既定"),
    "reference.meaning": Message("meaning", "意味"),
    "reference.example": Message("example", "例"),
    "reference.name": Message("name", "名前"),
    "reference.range": Message("range", "値域"),
    "reference.required": Message("required", "必須"),
    "reference.or": Message(" or ", "、または"),
    "U092": Message(
        "the reference has nothing called “{name}”",
        "リファレンスに「{name}」はありません",
        "there are the sections {known}, and their keys, such as `dedup.rows`",
        "節は {known} です。`dedup.rows` のようにキーも指定できます",
    ),
    "kind.string": Message("text", "文字列"),
    "kind.number": Message("number", "数値"),
    "kind.integer": Message("integer", "整数"),
    "kind.boolean": Message("`true` or `false`", "`true` か `false`"),
    "kind.size": Message(
        "size (`500MB`, `512MiB`, bytes)", "大きさ（`500MB`、`512MiB`、バイト数）"
    ),
    "kind.list": Message("list: {of}", "リスト: {of}"),
    "kind.mapping": Message("mapping of names to {of}", "キーと値（{of}）の組"),
    "kind.choice": Message("one of {of}", "次のいずれか: {of}"),
    "kind.part": Message("mapping of {of} to {kind}", "{of} の組: {kind}"),
    "kind.section": Message("section", "節"),
    "kind.between": Message("{kind}, {low} to {high}", "{kind}（{low}〜{high}）"),
    "kind.above": Message(
        "{kind}, above {low}, up to {high}", "{kind}（{low}より大きく{high}以下）"
    ),
    "kind.least": Message("{kind}, at least {low}", "{kind}（{low}以上）"),
}
