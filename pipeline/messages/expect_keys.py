"""What the keys under `expect` of a recipe mean, in both languages; see `keys`."""

from __future__ import annotations

from seimai.pipeline.messages.keys import Key

EXPECT_KEYS: dict[str, Key] = {
    "expect.kept_share": Key(
        "Kept texts as a share of the read ones: `min`, `max` or both.",
        "入力に対する採用件数の割合。`min`、`max`、または両方。",
        "kept_share: {min: 0.55, max: 0.70}",
    ),
    "expect.any_reason_share": Key(
        "No single reason may reject a larger share of the read texts.",
        "どの理由も、入力のこの割合を超えて除外してはなりません。",
        "any_reason_share: {max: 0.40}",
    ),
    "expect.source_loss_share": Key(
        "No single source may lose a larger share of its texts.",
        "どの入力元も、自分の文書のこの割合を超えて失ってはなりません。",
        "source_loss_share: {max: 0.90}",
    ),
    "expect.drift": Key(
        "How far a run may move from an earlier one; the numbers of `drift` below.",
        "以前の実行からどれだけ動いてよいか。値は後述の `drift` のとおり。",
        "drift: {kept_share: 0.02}",
    ),
    "drift.kept_share": Key(
        "The kept share of the read texts, up or down.",
        "入力に対する採用件数の割合の増減。",
        "kept_share: 0.02",
    ),
    "drift.characters_share": Key(
        "The kept share of the characters, up or down.",
        "入力に対する採用文字数の割合の増減。",
        "characters_share: 0.02",
    ),
    "drift.quarantined_share": Key(
        "The share of records that could not be read, up or down.",
        "読めなかったレコードの割合の増減。",
        "quarantined_share: 0.01",
    ),
    "drift.reason_share": Key(
        "The share that any single reason rejects, up or down.",
        "それぞれの除外理由が除外する割合の増減。",
        "reason_share: 0.05",
    ),
    "drift.source_share": Key(
        "The kept share of any single source with twenty texts or more, up or down.",
        "20件以上ある入力元ごとの採用率の増減。",
        "source_share: 0.10",
    ),
    "drift.mean_length": Key(
        "The mean length of a kept text, as a part of the earlier one.",
        "採用した文書の平均の長さの変化。以前の値に対する割合で書きます。",
        "mean_length: 0.20",
    ),
    "drift.masked": Key(
        "Masked items of personal data per text, as a part of the earlier number.",
        "一件あたりの伏せ字の数の変化。以前の値に対する割合で書きます。",
        "masked: 0.50",
    ),
}
