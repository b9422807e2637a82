"""What the keys under `dedup` of a recipe mean, in both languages; see `keys`."""

from __future__ import annotations

from seimai.pipeline.messages.keys import Key

DEDUP_KEYS: dict[str, Key] = {
    "dedup.unit": Key(
        "What texts are compared by: sequences of characters, or of words (needs MeCab).",
        "比べる単位。文字の並びか、単語の並び（MeCabを使用）。",
        "unit: char",
    ),
    "dedup.n": Key("Length of a sequence.", "並びの長さ。", "n: 5"),
    "dedup.rows": Key(
        "MinHash values in a band; fewer find more pairs, and more that are none.",
        "1バンドあたりのMinHash値の数。減らすと候補が増え、似ていない組も増えます。",
        "rows: 8",
    ),
    "dedup.bands": Key(
        "Number of bands; more find more pairs. At most 4,096 values in all.",
        "バンドの数。増やすと多くの組が見つかります。値の総数は4,096まで。",
        "bands: 16",
    ),
    "dedup.similarity": Key(
        "Jaccard similarity from which two texts are duplicates; candidates are verified.",
        "重複とみなすJaccard類似度。候補は実際に照合して確かめます。",
        "similarity: 0.9",
    ),
    "dedup.keep": Key(
        "Which text of a group stays: `longest`, `earliest`, `newest`, `native` (office documents "
        "before their PDFs) or `best SIGNAL`; of a list each settles what those before leave open.",
        "グループのどれを残すか。`longest`（最長）、`earliest`（最初）、`newest`（最新）、"
        "`native`（PDFより元のOffice文書）、`best 指標名`（値が最大）。"
        "リストにすると順に適用します。",
        "keep: [native, newest]",
    ),
    "dedup.numbers": Key(
        "`distinct`: two texts of which each names a number that the other has not are no "
        "duplicates, however alike they are: a law and its amendment, a form filled in twice. "
        "三十, 30 and ３０ are one number. Only within a run: an index (`against`) pays no heed.",
        "`distinct` にすると、互いに相手にない数を含む2つのテキストは、"
        "どれほど似ていても重複とみなしません（改正前後の条文、別々に記入した書式など）。"
        "三十・30・３０は同じ数として扱います。"
        "同じ実行の中だけの設定で、インデックス（`against`）との照合には使いません。",
        "numbers: distinct",
    ),
    "dedup.against": Key(
        "Folder or address of an index of earlier releases (`seimai index`): a text whose twin is "
        "in one of them goes, with its id in `duplicate_of` and its release in `duplicate_in`.",
        "過去の公開用データのインデックス（`seimai index`）のフォルダまたはアドレス。"
        "同じか似たテキストを公開済みなら除き、"
        "`duplicate_of` にそのid、`duplicate_in` に公開用データの名前を書きます。",
        "against: index",
    ),
    "dedup.contained": Key(
        "Look for kept texts that stand word for word in a longer one; the numbers of `contained` "
        "below. What is found is in `run.json` and in the report.",
        "採用した文書のうち、ほかの長い文書にそのまま含まれるものを探す。"
        "値は後述の `contained` のとおり。結果は `run.json` とレポートに載ります。",
        "contained: {then: report}",
    ),
    "dedup.passages": Key(
        "Look for passages that several kept texts share, after everything else; the numbers of "
        "`passages` below. What is found is counted in `run.json`.",
        "ほかの判定がすべて済んだあとで、採用した複数の文書に共通する箇所を探す。"
        "値は後述の `passages` のとおり。件数は `run.json` に載ります。",
        "passages: {then: cut}",
    ),
    "dedup.loss_share": Key(
        "Duplicates may take no larger share of all texts: a run that would ends before anything "
        "is published, with the largest groups.",
        "重複として除く件数が全体のこの割合を超えたら、公開せずに終了し、大きいグループを示します。",
        "loss_share: {max: 0.60}",
    ),
    "dedup.source_loss_share": Key(
        "The same for the texts of any single source.",
        "どの入力元についても同じです。重複として除く件数が、その入力元のこの割合を超えたら終了します。",
        "source_loss_share: {max: 0.90}",
    ),
    "dedup.seed": Key(
        "Seed of the hash functions: the same seed, the same groups.",
        "ハッシュ関数のシード。同じ値なら同じ結果になります。",
        "seed: 1",
    ),
    "contained.length": Key(
        "Passages of fewer characters do not count; blanks and line breaks are left out.",
        "これより短い一致は数えません。空白と改行は除いて数えます。",
        "length: 100",
    ),
    "contained.share": Key(
        "How much of a text has to stand in one longer text.",
        "文書のどれだけが、ひとつの長い文書に含まれていれば該当とするか。",
        "share: 0.95",
    ),
    "contained.then": Key(
        "`report` only says so; `reject` rejects the text like a duplicate of the longer one, "
        "which stays: `duplicate_of` names it, `similarity` is the share.",
        "`report` は知らせるだけです。`reject` は長いほうを残し、重複として除きます。"
        "`duplicate_of` が長いほうのid、`similarity` が含まれる割合です。",
        "then: report",
    ),
    "passages.length": Key(
        "Passages of fewer characters do not count; blanks and line breaks count, and every "
        "character has to be the same.",
        "これより短い一致は数えません。空白と改行も数え、1文字でも違えば別の箇所とみなします。",
        "length: 100",
    ),
    "passages.then": Key(
        "`report` only counts them. `cut` releases each in one text only, the longest that has it "
        "(of equally long ones a hash of their content decides). Cuts end where sentences or lines "
        "end, if half of the passage still goes. Limits and signals look at the uncut text; one of "
        "which less than `length` would be left is rejected like a duplicate. `cut_passages` and "
        "`cut_characters` of a row say how much went, `seimai explain` what.",
        "`report` は数えるだけです。`cut` は、それぞれの箇所を最も長い文書にだけ残し、"
        "ほかの文書からは削ります（同じ長さなら内容のハッシュで決めます）。"
        "箇所の半分以上が消えるかぎり、文や行の途中では切りません。"
        "しきい値と指標は削る前のテキストで測ります。"
        "残りが `length` 文字に満たない文書は重複として除きます。"
        "削った量は各行の `cut_passages` と `cut_characters`、"
        "削った箇所は `seimai explain` で分かります。",
        "then: cut",
    ),
}
