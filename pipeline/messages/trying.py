"""What `preview`, `diff`, `init` and `completion` say, and what comparing with a baseline does."""

from __future__ import annotations

from seimai.pipeline.messages.message import Message

TRYING: dict[str, Message] = {
    # --- preview ---------------------------------------------------------------------------
    "help.preview": Message(
        "try a recipe on a spread sample; nothing is written",
        "抜き取ったサンプルでレシピを試す（何も書き込まない）",
    ),
    "help.rows": Message("records in the sample (default: 2000)", "サンプルの件数（既定値: 2000）"),
    "help.preview_workers": Message(
        "the number of workers that the time for the whole run is given for",
        "全体の所要時間を見積もるときのプロセス数",
    ),
    "stage.warm": Message("start", "準備"),
    "stage.compile": Message("compile, once on this machine", "コンパイル（この環境で初回のみ）"),
    "stage.sample": Message("take a sample", "サンプルの抽出"),
    "preview.exact": Message(
        "{rows} of {total} records, {time}", "{total}件中{rows}件を抽出（{time}）"
    ),
    "preview.about": Message(
        "{rows} of about {total} records, {time}", "約{total}件から{rows}件を抽出（{time}）"
    ),
    "preview.opened": Message(
        "read in {opened} of {inputs} files; the total is estimated from them",
        "{inputs}ファイル中{opened}ファイルだけを読み、総数はそこからの推定です",
    ),
    "preview.partly": Message(
        "large files read from their beginning only: {count}",
        "先頭部分だけを読んだ大きなファイル: {count}",
    ),
    "preview.unsized": Message(
        "sources that do not say how large they are: {count}; of these only what was read counts",
        "大きさの分からない入力元: {count}（読んだ分だけを数えています）",
    ),
    "preview.kept": Message("kept", "採用"),
    "preview.rejected": Message("rejected", "除外"),
    "preview.quarantined": Message("quarantined", "隔離"),
    "preview.alone": Message("only reason for {count}", "単独の理由 {count}件"),
    "preview.more": Message("{count} more (--all)", "ほか{count}件（--all で表示）"),
    "preview.duplicates": Message("near-duplicates", "重複"),
    "preview.duplicates_note": Message(
        "(a sample finds far fewer duplicates than the whole)",
        "（サンプルでは、全体で見つかる重複のごく一部しか見つかりません）",
    ),
    "preview.close": Message("close calls, {limit}", "しきい値すれすれのテキスト（{limit}）"),
    "preview.is_kept": Message("kept", "採用"),
    "preview.is_rejected": Message("rejected", "除外"),
    "preview.whole": Message(
        "Whole run: about {time} on {workers} workers, {share} of it MeCab.",
        "全体の実行: 約{time}（{workers}プロセス。うち形態素解析 {share}）",
    ),
    "preview.whole_bare": Message(
        "Whole run: about {time} on {workers} workers.",
        "全体の実行: 約{time}（{workers}プロセス）",
    ),
    "preview.nothing_written": Message(
        "Nothing was written.", "ファイルには何も書き込んでいません。"
    ),
    # --- plan ------------------------------------------------------------------------------
    "help.plan": Message(
        "say what a run would take: time, memory, disk, files, money",
        "実行に必要な時間、メモリ、ディスク、費用を見積もる",
    ),
    "help.price": Message(
        "what an hour of a core costs, in any currency",
        "1コア1時間あたりの料金（通貨は任意）",
    ),
    "costs.title": Message(
        "A run on {workers} workers, estimated from {rows} records:",
        "{workers}プロセスで実行した場合の見積もり（{rows}件の抜き取りによる）",
    ),
    "costs.documents": Message("documents", "文書"),
    "costs.time": Message("time", "時間"),
    "costs.cores": Message("core-hours", "コア時間"),
    "costs.memory": Message("memory", "メモリ"),
    "costs.disk": Message("disk", "ディスク"),
    "costs.of_disk": Message(
        "stages {stages}, release {release}, {count} of them while a run ends",
        "途中データ {stages}、公開用データ {release}（実行の終わりには{count}世代分）",
    ),
    "costs.files": Message("files", "ファイル数"),
    "costs.price": Message("price", "費用"),
    "costs.note": Message(
        "Time is for processors like these that do nothing else; memory is an upper end.",
        "時間はこのマシンと同等の空いたプロセッサでの値、メモリは上限の目安です。",
    ),
    # --- diff, baselines -------------------------------------------------------------------
    "U070": Message(
        "“{path}” holds no finished run",
        "「{path}」に完了した実行結果がありません",
        "give the folder of a run, its release, or a run.json that was kept",
        "実行の出力フォルダ、release フォルダ、または保存しておいた run.json を指定してください",
    ),
    "help.diff": Message(
        "show what is different between two runs",
        "二つの実行結果の違いを表示する",
    ),
    "help.old": Message(
        "the earlier run: its folder, its release, or its run.json",
        "前の実行。出力フォルダ、release フォルダ、または run.json",
    ),
    "help.new": Message("the later one", "後の実行（指定方法は同じ）"),
    "help.baseline": Message(
        "hold the result against an earlier run: its folder or its run.json; `expect: drift:` "
        "says how far it may move",
        "以前の実行（フォルダまたは run.json）と比べる。許容範囲はレシピの `expect: drift:`",
    ),
    "help.junit": Message("write the results as JUnit XML", "結果をJUnit XMLで書き出す"),
    "expect.drift_kept_share": Message("kept share moved", "採用率の変化"),
    "expect.drift_characters_share": Message("share of characters moved", "精米歩合の変化"),
    "expect.drift_quarantined_share": Message("quarantined share moved", "隔離率の変化"),
    "expect.drift_reason_share": Message("reason that moved most", "最も変化した除外理由"),
    "expect.drift_source_share": Message("source that moved most", "最も変化した入力元"),
    "expect.drift_sources_gone": Message("sources that are gone", "なくなった入力元"),
    "expect.drift_mean_length": Message("mean length moved", "平均の長さの変化"),
    "expect.drift_masked": Message("masked items per text moved", "個人情報の伏せ字数の変化"),
    "ci.fine": Message("as expected: {count}", "{count}件、問題ありません"),
    "diff.kept": Message("kept {old} → {new}   ({change})", "採用 {old} → {new}（{change}）"),
    "diff.read": Message("read {old} → {new}", "入力 {old} → {new}"),
    "diff.same": Message(
        "the same texts with the same verdicts, byte for byte",
        "テキストも判定もバイト単位で同じです",
    ),
    "diff.newly_rejected": Message("newly rejected", "新たに除外"),
    "diff.newly_kept": Message("newly kept", "新たに採用"),
    "diff.added": Message("new texts", "追加されたテキスト"),
    "diff.removed": Message("gone", "なくなったテキスト"),
    "diff.rewritten": Message("kept, cleaned otherwise", "採用のまま内容が変化"),
    "diff.other_reasons": Message("rejected for other reasons", "除外の理由が変化"),
    "diff.others": Message("other {count}", "ほか {count}"),
    "diff.unknown": Message(
        "which texts moved is not known: that needs two releases, not only run.json",
        "個々のテキストの変化は、両方の release がないと分かりません（run.json だけでは不可）",
    ),
    "diff.no_rejects": Message(
        "a release without its rejected texts: “gone” and “new” may be rejected ones",
        "除外テキストを含まない release のため、「追加」「なくなった」には除外分が含まれます",
    ),
    "diff.reasons": Message("rejected, by reason", "理由別の除外件数"),
    "diff.recipe": Message("recipe", "レシピ"),
    "diff.signals": Message("signals", "指標"),
    "diff.packages": Message("packages", "パッケージ"),
    "diff.no_recipe": Message(
        "recipe    nothing that decides verdicts", "レシピ  判定に関わる変更なし"
    ),
    "diff.no_signals": Message("signals   no version changed", "指標    版の変更なし"),
    "diff.drift": Message("drift", "変化量"),
    "diff.drift_usual": Message(
        "drift (usual limits; `expect: drift:` of the recipe makes them count)",
        "変化量（既定の範囲。レシピに `expect: drift:` を書くと終了コードに反映）",
    ),
    # --- init ------------------------------------------------------------------------------
    "U071": Message(
        "“{folder}” has these files already: {files}",
        "「{folder}」にはすでに次のファイルがあります: {files}",
        "nothing was written; name another folder, or move them away",
        "何も書き込んでいません。別のフォルダを指定するか、ファイルを移動してください",
    ),
    "help.init": Message(
        "lay down a recipe with a sample, and the jobs around it",
        "レシピとサンプル、CI設定などのひな形を作る",
    ),
    "help.project": Message("the folder to make, or to add to", "作成（または追加）先のフォルダ"),
    "init.recipe.yaml": Message(
        "the recipe, a copy of `web`: fill in your files and columns",
        "レシピ（`web` の複製）。入力ファイルと列名を書き込む",
    ),
    "init.sample.jsonl": Message(
        "20 short texts, so that the next command works now", "すぐ試せる20件の短いテキスト"
    ),
    "init.requirements.txt": Message(
        "what build servers install", "CIでインストールするパッケージ"
    ),
    "init.gitignore": Message("leaves out/ out of the repository", "out/ をリポジトリから除外"),
    "init.deploy.py": Message(
        "a nightly run under Prefect, commented out", "Prefectでの夜間実行（コメントアウト済み）"
    ),
    "init.data.yml": Message("a check of data on GitHub", "GitHubでのデータ検査"),
    "init.gitlab-ci.yml": Message("the same on GitLab", "GitLabでのデータ検査"),
    "init.pre-commit-config.yaml": Message(
        "`seimai check` before each commit", "コミット前の `seimai check`"
    ),
    "init.next": Message("Next:  {command}", "次の一歩:  {command}"),
    "init.then_run": Message(
        "seimai run recipe.yaml --out out       then open out/release/report.html",
        "seimai run recipe.yaml --out out       実行後、out/release/report.html を開く",
    ),
    "init.then_own": Message(
        "write your own files into recipe.yaml  (`source:`), and preview again",
        "recipe.yaml の `source:` に自分のファイルを書き、もう一度 preview",
    ),
    "init.then_ci": Message(
        "cp out/release/run.json baseline.json  later runs are held against it",
        "cp out/release/run.json baseline.json  以後の実行はこれと比べられる",
    ),
    "init.requirements": Message(
        "# Where your package index does not have it: the path or address of a wheel, in place of\n"
        "# this line. seimai[all] reads PDF, old Office files, 7z and more.",
        "# パッケージインデックスにないときは、この行の代わりにwheelのパスかURLを書いてください。\n"
        "# seimai[all] とすると、PDFや旧形式のOffice文書、7zなども読めます。",
    ),
    "init.head": Message(
        "# A copy of the shipped recipe `web`. It is yours: change what your texts need.\n"
        "# `seimai preview recipe.yaml` shows in seconds what a change does.\n",
        "# 同梱レシピ `web` の複製です。手元のテキストに合わせて書き換えてください。\n"
        "# 変更の効果は `seimai preview recipe.yaml` で数秒のうちに確かめられます。\n",
    ),
    "init.source": Message(
        "# Where the texts are: files, folders, globs and URLs. Put yours in place of the sample.\n"
        "source:\n"
        "  - name: sample\n"
        "    files: [sample.jsonl]      # crawl/*.jsonl.zst, /mnt/fileserver, s3://bucket/texts\n"
        "    text: text                 # the column of the text; left out, it is found\n"
        "    id: id                     # a column that is different in every record\n"
        "    url: url\n"
        "    date: date\n"
        "    license: CC0-1.0           # of all texts of this source\n",
        "# テキストの場所（ファイル、フォルダ、グロブ、URL）。サンプルを置き換えてください。\n"
        "source:\n"
        "  - name: sample\n"
        "    files: [sample.jsonl]      # 例: crawl/*.jsonl.zst、/mnt/fileserver、s3://bucket/texts\n"
        "    text: text                 # 本文の列（省略すると自動で判定）\n"
        "    id: id                     # レコードごとに異なる値の列\n"
        "    url: url\n"
        "    date: date\n"
        "    license: CC0-1.0           # この入力元のライセンス\n",
    ),
    "init.expect": Message(
        "# What a good run looks like; anything else ends with exit code 1. `drift` is held\n"
        "# against `--baseline`: 0.05 is five points up or down.\n"
        "expect:\n"
        "  kept_share: {{min: 0.03}}\n"
        "  any_reason_share: {{max: 0.95}}\n"
        "  drift: {{kept_share: 0.05, reason_share: 0.05, source_share: 0.10}}\n",
        "# 期待される結果。外れると終了コード1になります。`drift` は `--baseline` の実行と比べた\n"
        "# 変化の許容幅です（0.05 は上下5ポイント）。\n"
        "expect:\n"
        "  kept_share: {{min: 0.03}}\n"
        "  any_reason_share: {{max: 0.95}}\n"
        "  drift: {{kept_share: 0.05, reason_share: 0.05, source_share: 0.10}}\n",
    ),
    # --- packages --------------------------------------------------------------------------
    "S060": Message(
        "files that nothing here can read, by format: {formats}; a package is missing",
        "必要なパッケージがなく読めなかったファイルがあります（形式別: {formats}）",
        "pip install '{install}', then run the same command again: they are read, and nothing else",
        "pip install '{install}' の後、同じコマンドを再実行すると、その分だけが読み込まれます",
    ),
    "doctor.formats": Message("all formats can be read", "すべての形式を読み込めます"),
    "doctor.formats_off": Message(
        "cannot be read here: {formats}: pip install '{install}'",
        "読み込めない形式: {formats}（pip install '{install}'）",
    ),
    # --- completion ------------------------------------------------------------------------
    "help.completion": Message(
        "print a script that completes commands and options in a shell",
        "シェルの補完スクリプトを出力する",
    ),
    "help.shell": Message(
        'for example: eval "$(seimai completion bash)"',
        '例: eval "$(seimai completion bash)"',
    ),
}
