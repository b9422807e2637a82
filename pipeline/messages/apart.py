"""What is said of buckets and splits, and of their keys in a recipe."""

from __future__ import annotations

from seimai.pipeline.messages.keys import Key
from seimai.pipeline.messages.message import Message

APART: dict[str, Message] = {
    "verify.apart": Message(
        "buckets, splits and tokens hold when counted again",
        "バケット・分割・トークン数は数え直しても一致します",
    ),
    "R190": Message(
        "a bucket needs one of `quantiles`, `ranges`, `groups` and `highest`",
        "バケットには `quantiles`・`ranges`・`groups`・`highest` のどれか一つが必要です",
        "for example {{by: quality.dirt_score, quantiles: 20}}",
        "例: {{by: quality.dirt_score, quantiles: 20}}",
    ),
    "R191": Message(
        "a part of a bucket cannot be called “{got}”",
        "バケットの区分の名前に「{got}」は使えません",
        "letters, digits, “_”, “-” and “.”, up to 40: folders may be called so; “other” and "
        "“unknown” are ours",
        "文字、数字、「_」「-」「.」で40字まで。フォルダ名にもなります。"
        "「other」と「unknown」は予約されています",
    ),
    "R192": Message(
        "the shares at which quantiles end have to rise, and the last one is 1",
        "分位の終わりの割合は小さい順に書き、最後を1にする必要があります",
        "for example {{low: 0.4, middle: 0.9, high: 1}}",
        "例: {{low: 0.4, middle: 0.9, high: 1}}",
    ),
    "R193": Message(
        "a bucket cannot be called “{name}”",
        "バケットの名前に「{name}」は使えません",
        "small letters, digits and “_”: its column is bucket.NAME",
        "小文字、数字、「_」が使えます。列名は bucket.名前 です",
    ),
    "R194": Message(
        "validation and test together take {share} of the groups",
        "検証用とテスト用の合計が{share}になっています",
        "more than 0, and less than 1; a hundredth is 0.01",
        "0より大きく1より小さい値にしてください。百分の一は 0.01 です",
    ),
    "R195": Message(
        "`groups` are of sources, `quantiles` and `ranges` of the numbers of a signal",
        "`groups` は入力元を、`quantiles` と `ranges` は指標の値を分けるものです",
        "`by: source` with `groups`, or `by: SIGNAL` with one of the others",
        "`by: source` には `groups` を、`by: 指標名` にはほかの二つのどちらかを書いてください",
    ),
    "R196": Message(
        "`cuts_from` is for `quantiles`; ranges and groups say themselves where they end",
        "`cuts_from` は `quantiles` と一緒に使います。`ranges` と `groups` では不要です",
        "leave it out",
        "削除してください",
    ),
    "R197": Message(
        "no bucket is called “{name}”, so no folders can be made of it",
        "「{name}」というバケットがないため、フォルダに分けられません",
        "buckets of this recipe: {known}",
        "このレシピのバケット: {known}",
    ),
    "R198": Message(
        "`by` says what a bucket is made by; with `highest` two signals or more say it themselves",
        "`by` で何を分けるかを指定します。`highest` には二つ以上の指標を書き、`by` は付けません",
        "for example {{highest: {{news: model.kind_news, law: model.kind_law}}}}",
        "例: {{highest: {{news: model.kind_news, law: model.kind_law}}}}",
    ),
    "T040": Message(
        "the cut points of the bucket “{name}” are not in “{path}”",
        "バケット「{name}」の境界値が「{path}」にありません",
        "`cuts_from` names the folder of a run, or of a release, whose recipe has the bucket",
        "`cuts_from` には、同じバケットを持つ実行か公開物のフォルダを指定してください",
    ),
    "T041": Message(
        "the bucket “{name}” of “{path}” is made by other numbers: {then}; here {now}",
        "「{path}」のバケット「{name}」は別の値で作られています: {then}（ここでは {now}）",
        "same signal, same version, as many parts; or leave `cuts_from` out",
        "指標、その版、区分の数を揃えるか、`cuts_from` を削除してください",
    ),
}

APART_KEYS: dict[str, Key] = {
    "recipe.buckets": Key(
        "Columns `bucket.NAME` by which what was kept is told apart; see below.",
        "採用した文書を分けるための列 `bucket.名前`。詳しくは後述。",
    ),
    "recipe.splits": Key(
        "What is held out of training; see below.", "学習から除いておく分。詳しくは後述。"
    ),
    "buckets.by": Key(
        "A signal, or `source`.", "指標名、または `source`。", "by: quality.dirt_score"
    ),
    "buckets.quantiles": Key(
        "So many parts with as many kept texts each, `q01` the lowest; or names, each with the "
        "share of texts at which it ends.",
        "採用した文書を同数ずつに分ける数（`q01` が最小）。または、名前と、"
        "その区分が終わる文書の割合の組。",
        "quantiles: {low: 0.4, middle: 0.9, high: 1}",
    ),
    "buckets.ranges": Key(
        "Names, each with its lowest and highest number, both included; a text goes to the first "
        "that has its number, to `other` if none has.",
        "名前ごとの下限と上限（その値自体を含む）。最初に当てはまった区分に入り、"
        "どれにも当てはまらなければ `other` に入ります。",
        "ranges: {short: {max: 500}, long: {min: 500}}",
    ),
    "buckets.groups": Key(
        "With `by: source`: names, each with its sources; all others are `other`.",
        "`by: source` のとき、名前ごとの入力元。ほかは `other` に入ります。",
        "groups: {web: [crawl], books: [aozora, ndl]}",
    ),
    "buckets.highest": Key(
        "Names, each with a signal, such as the score of a model (`seimai train --kinds`): a text "
        "goes to the one whose number is the highest.",
        "名前ごとの指標（`seimai train --kinds` で作るモデルのスコアなど）。"
        "値が最も高いものに入ります。",
        "highest: {news: model.kind_news, law: model.kind_law}",
    ),
    "buckets.least": Key(
        "With `highest`: a text none of whose numbers reaches this is `unknown`.",
        "`highest` のとき、どの値もこれに届かない文書は `unknown` になります。",
        "least: 0.5",
    ),
    "buckets.cuts_from": Key(
        "The folder of an earlier release: its cut points are used, so that a part means the same "
        "in both.",
        "以前の公開物のフォルダ。その境界値を使うので、区分の意味が変わりません。",
        "cuts_from: out/corpus-2025",
    ),
    "splits.validation": Key(
        "The share of groups of similar texts in `data/validation-*`.",
        "`data/validation-*` に入れる、似た文書のまとまりの割合。",
        "validation: 0.01",
    ),
    "splits.test": Key("The same for `data/test-*`.", "`data/test-*` の割合。", "test: 0.01"),
    "splits.seed": Key(
        "Another seed holds out others.", "変えると別の文書が選ばれます。", "seed: 7"
    ),
    "splits.by": Key(
        "What never falls on two sides: texts that were found similar (`duplicates`), or the "
        "pages of a host (`site`).",
        "分割をまたがせないもの。似た文書（`duplicates`）、または同じホストのページ（`site`）。",
        "by: site",
    ),
}
