"""I, S, O, V: what can be wrong with inputs, stages, the output folder and a release."""

from __future__ import annotations

from seimai.pipeline.messages.message import Message

DATA: dict[str, Message] = {
    # --- I: input -------------------------------------------------------------------------
    "I001": Message(
        "nothing matches the source “{source}”",
        "入力元「{source}」に一致するファイルがありません",
        "paths are relative to the folder you start from",
        "パスは実行したフォルダからの相対パスです",
    ),
    "I002": Message(
        "the source “{source}” cannot be opened: {cause}",
        "入力元「{source}」を開けません: {cause}",
        "check the address, the credentials in the environment and the fsspec driver",
        "アドレス、環境変数の認証情報、fsspecのドライバを確認してください",
    ),
    "I003": Message(
        "a source of the recipe needs the environment variable “{name}”",
        "入力元の指定に環境変数「{name}」が必要です",
        "export {name}=... before the run; the value is never written anywhere",
        "実行前に export {name}=... を設定してください。値はどこにも書き込まれません",
    ),
    "I005": Message(
        "the source “{source}” is not a file or a folder",
        "入力元「{source}」はファイルでもフォルダでもありません",
        "write what comes out of a pipe into a file first: it has to be there for the next run too",
        "パイプの出力は、先にファイルに保存してください。次回の実行でも必要になります",
    ),
    # Why a record is in quarantine: `cause.NAME` for each of `ingest.contract.Cause`.
    "cause.json": Message("not a JSON object", "JSONオブジェクトではない"),
    "cause.no_text": Message("no text in the record", "レコードに本文がない"),
    "cause.no_text_column": Message("no text column", "本文の列がない"),
    "cause.encoding": Message("unknown encoding", "文字コードを判定できない"),
    "cause.too_large": Message("over the size limit", "サイズの上限を超えている"),
    "cause.forgotten": Message("forgotten on request", "申し出により削除"),
    "cause.too_slow": Message("over the time limit", "処理時間の上限を超えている"),
    "cause.truncated": Message("cut off", "途中で切れている"),
    "cause.damaged": Message("damaged", "壊れている"),
    "cause.bomb": Message("decompression bomb", "展開すると異常に大きくなる"),
    "cause.permission": Message("no permission to read", "読み取り権限がない"),
    "cause.missing": Message("no such file", "ファイルが存在しない"),
    "cause.io": Message("the system cannot read it", "システムが読み込めない"),
    "cause.unreachable": Message("connection failed", "接続できない"),
    "cause.changed": Message("changed while it was read", "読み込み中に内容が変わった"),
    "cause.empty": Message("empty, or without text", "空、または本文がない"),
    "cause.outside": Message("link that leaves its folder", "フォルダの外へのリンク"),
    "cause.format": Message("no reader for this kind of file", "未対応の形式"),
    "cause.encrypted": Message("password-protected", "パスワードで保護されている"),
    "cause.package": Message("needs a package that is missing", "必要なパッケージがない"),
    "cause.needs_ocr": Message("images of text; needs OCR", "文字情報がない（OCRが必要）"),
    # What a reader skipped because it is not text by its nature.
    "skipped.attachment": Message("attachments", "添付ファイル"),
    "skipped.blank_page": Message("blank pages", "白紙のページ"),
    "skipped.comments": Message("blocks of readers' comments", "読者コメント欄"),
    "skipped.continuation": Message("continuation records", "continuationレコード"),
    "skipped.above_table": Message("lines above a table", "表より上の行"),
    "skipped.book_part": Message("parts of books besides chapters", "EPUBの、章以外の部品"),
    "skipped.device": Message("device files", "デバイスファイル"),
    "skipped.embedded": Message("embedded objects", "埋め込みオブジェクト"),
    "skipped.empty": Message("empty", "空"),
    "skipped.fuzzy": Message("translations marked fuzzy", "要確認（fuzzy）の訳文"),
    "skipped.hidden": Message("hidden files", "隠しファイル"),
    "skipped.hidden_column": Message("hidden columns", "非表示の列"),
    "skipped.hidden_row": Message("hidden rows", "非表示の行"),
    "skipped.hidden_sheet": Message("hidden sheets", "非表示のシート"),
    "skipped.hidden_slide": Message("hidden slides", "非表示のスライド"),
    "skipped.language": Message("not in Japanese", "日本語ではない"),
    "skipped.link": Message("links", "リンク"),
    "skipped.litter": Message(
        "files that systems and office programs leave behind",
        "OSやOfficeが残すファイル（Thumbs.db、~$など）",
    ),
    "skipped.media_type": Message("not text, by media type", "本文でないメディアタイプ"),
    "skipped.metadata": Message("metadata records", "metadataレコード"),
    "skipped.model": Message("pages that are not wikitext", "ウィキテキストでないページ"),
    "skipped.namespace": Message("pages of other namespaces", "対象外の名前空間のページ"),
    "skipped.obsolete": Message("obsolete translations", "廃止された訳文"),
    "skipped.other": Message("other records", "その他のレコード"),
    "skipped.redirect": Message("redirects", "リダイレクト"),
    "skipped.request": Message("request records", "requestレコード"),
    "skipped.revisit": Message("revisit records", "revisitレコード"),
    "skipped.status": Message("error responses", "エラー応答"),
    "skipped.untranslated": Message("entries without a translation", "未訳の項目"),
    "skipped.warcinfo": Message("warcinfo records", "warcinfoレコード"),
    # --- S: stages ------------------------------------------------------------------------
    "S001": Message(
        "“{path}” is missing, so the stage after it cannot run",
        "「{path}」がないため、次の工程を実行できません",
        "run the same command again; finished shards are reused",
        "同じコマンドを再実行してください。完了済みの分は再利用されます",
    ),
    "S002": Message(
        "the signal “{signal}” failed on text “{id}”: {cause}",
        "指標「{signal}」がテキスト「{id}」で失敗しました: {cause}",
    ),
    "S003": Message(
        "the signal “{signal}” gave {got} numbers for {want} texts",
        "指標「{signal}」はテキスト {want} 件に対して {got} 個の値を返しました",
    ),
    "S004": Message(
        "two signals are called “{name}”: {first} and {second}",
        "指標名「{name}」が重複しています: {first} と {second}",
        "a plugin must use a family of its own",
        "プラグインでは独自の接頭辞を使ってください",
    ),
    "S050": Message(
        "“{name}” cannot be the name of a signal",
        "「{name}」は指標名に使えません",
        "names are family.thing_unit, such as “ja.ruby_share”: small letters, digits and “_”, "
        "at the end one of {units}",
        "「ja.ruby_share」のような「分類.対象_単位」の形にしてください。英小文字、数字、「_」を使い、"
        "末尾は {units} のいずれかです",
    ),
    "S005": Message(
        "“{path}” cannot be read: {cause}",
        "「{path}」を読み込めません: {cause}",
        "remove the file and run the same command again",
        "このファイルを削除して、同じコマンドを再実行してください",
    ),
    "S006": Message(
        "the tokens do not reproduce the text starting “{start}”",
        "「{start}」で始まるテキストで、MeCabの出力が元の文字列と一致しません",
        "please report it with the text",
        "該当テキストを添えてご報告ください",
    ),
    # cleaners
    "S010": Message(
        "two cleaners are called “{name}”: {first} and {second}",
        "クリーナー名「{name}」が重複しています: {first} と {second}",
        "a plugin must choose another name",
        "プラグインでは別の名前を使ってください",
    ),
    "S011": Message(
        "the cleaner “{cleaner}” failed on text “{id}”: {cause}",
        "クリーナー「{cleaner}」がテキスト「{id}」で失敗しました: {cause}",
    ),
    "S020": Message(
        "the verdicts were not final after {rounds} rounds of tokenizing",
        "{rounds} 回の形態素解析を経ても判定が確定しませんでした",
        "this is a bug; please report it with the recipe",
        "不具合と思われます。レシピを添えてご報告ください",
    ),
    "S021": Message(
        "the counts of “{shard}” do not add up: read {read}, kept {kept}, rejected {rejected}, "
        "quarantined {quarantined}",
        "「{shard}」の件数が合いません: 入力 {read}、採用 {kept}、除外 {rejected}、"
        "隔離 {quarantined}",
        "nothing was published; remove OUT/stages and run again",
        "公開は行っていません。OUT/stages を削除して再実行してください",
    ),
    "S022": Message(
        "a worker died twice on “{task}” (status {status})",
        "「{task}」の処理中にワーカーが2回停止しました（終了状態 {status}）",
        "status -9 usually means out of memory: try fewer --workers",
        "-9 の場合はメモリ不足の可能性があります。--workers を減らしてください",
    ),
    "S023": Message(
        "out of memory",
        "メモリが不足しました",
        "try fewer --workers",
        "--workers を減らしてください",
    ),
    "S024": Message(
        "unexpected error in a worker: {cause}",
        "ワーカーで想定外のエラーが発生しました: {cause}",
        "please report it with the lines above",
        "上記の出力を添えてご報告ください",
    ),
    "S025": Message(
        "the stage “{stage}” is not complete after {rounds} rounds: {missing}",
        "工程「{stage}」は {rounds} 回試行しても完了しませんでした: {missing}",
        "all nodes need the same version of Seimai: `seimai doctor` on each tells it",
        "すべてのノードに同じ版の Seimai が必要です。各ノードの `seimai doctor` で確認できます",
    ),
    # An executor with a time limit (the flow).
    "S026": Message(
        "“{task}” timed out twice ({seconds:g} s)",
        "「{task}」は2回とも {seconds:g} 秒以内に終わりませんでした",
        "give it more time (shard_timeout), or look at its input: one text may be huge",
        "shard_timeout を長くするか、入力に極端に長いテキストがないか確認してください",
    ),
    "S027": Message(
        "gave up on “{task}”: its worker crashed too many times "
        "({count} shards of the batch remain)",
        "ワーカーの停止が続いたため「{task}」は未完了です（このバッチの残り {count} シャード）",
        "check disk space and memory; the same command continues from here",
        "ディスクの空きやメモリを確認してください。同じコマンドで続きから再開できます",
    ),
    # Array jobs of a batch system.
    "S061": Message(
        "the site file “{path}” cannot be read: {cause}",
        "サイト設定「{path}」を読み込めません: {cause}",
    ),
    "S062": Message(
        "the site file “{path}” holds no keys",
        "サイト設定「{path}」にキーがありません",
        "for example `processes: 40`; without --site the batch system's defaults hold",
        "例: `processes: 40`。--site を省くとジョブ管理システムの既定値を使います",
    ),
    "S063": Message(
        "{count} tasks have no answer after {rounds} array jobs: {tasks}",
        "アレイジョブを {rounds} 回投入しても {count}件のタスクが完了しませんでした: {tasks}",
        "what the elements printed is in {logs}; the same command continues from here",
        "各要素の出力は {logs} にあります。同じコマンドで続きから再開できます",
    ),
    "S064": Message(
        "the batch system does not answer `{command}`: {cause}",
        "ジョブ管理システムが `{command}` に応答しません: {cause}",
        "the array was told to end; the same command continues from what is done",
        "投入済みのジョブは取り消しました。同じコマンドで続きから再開できます",
    ),
    "S065": Message(
        "“{path}” holds a password or token, which must not be written into the files of a job",
        "「{path}」にパスワードやトークンが含まれるため、ジョブのファイルに書き込めません",
        "give credentials by the environment of the nodes, or run without --crew",
        "認証情報はノードの環境変数で渡すか、--crew を付けずに実行してください",
    ),
    "S066": Message(
        "`{command}` did not accept the job: {cause}",
        "`{command}` がジョブを受け付けませんでした: {cause}",
        "check the directives of the site file (--site)",
        "サイト設定（--site）の directives を確認してください",
    ),
    "S067": Message(
        "--site says how a batch system is used, but no --crew names one",
        "--site はジョブ管理システムの設定ですが、--crew の指定がありません",
        "add --crew slurm, pbs, sge or pjm; Ray has settings of its own",
        "--crew に slurm、pbs、sge、pjm のいずれかを指定してください。Ray の設定は Ray で行います",
    ),
    "S068": Message(
        "{count} tasks lost their node {times} times each: {tasks}",
        "{count}件のタスクで、処理中のノードが {times} 回ずつ失われました: {tasks}",
        "look at the cluster (`ray status`): memory, nodes that are taken away; the same command "
        "continues from here",
        "メモリ不足やノードの回収がないか、クラスタを確認してください（`ray status`）。"
        "同じコマンドで続きから再開できます",
    ),
    "S069": Message(
        "the Ray cluster has had no processor for {minutes} minutes",
        "Ray クラスタで使えるプロセッサが {minutes} 分間ありませんでした",
        "start a node (`ray start --address …`); the same command continues from what is done",
        "ノードを起動してください（`ray start --address …`）。同じコマンドで続きから再開できます",
    ),
    "S070": Message(
        "Ray could not begin to work: {cause}",
        "Ray で処理を始められません: {cause}",
        "RAY_ADDRESS must name a cluster whose nodes have this version of Seimai and see the "
        "folders of the run at the same place",
        "RAY_ADDRESS には、同じ版の Seimai が入り、実行に使うフォルダが同じパスで見える"
        "クラスタを指定してください",
    ),
    "S071": Message(
        "a worker on {host} has {theirs}, but this run was started on {driver} with {ours}",
        "ワーカー（{host}）の {theirs} が、この実行を始めた {driver} の {ours} と一致しません",
        "install the same on all nodes (for array jobs see `python` in the site file); if it was "
        "upgraded meanwhile, start again. What is done stays done",
        "すべてのノードで同じ版にそろえてください（アレイジョブではサイト設定の python も確認）。"
        "実行中に更新した場合は、もう一度実行してください。完了した分はそのまま使われます",
    ),
    "S039": Message(
        "reading gave up before the end of these inputs: {inputs}",
        "次の入力は途中で読み込みを打ち切りました: {inputs}",
        "the release holds what was read before; the quarantine says where and why. "
        "Report the fault, or take the inputs out",
        "出力にはそれ以前に読めた分だけが入っています。位置と原因は隔離の記録にあります。"
        "不具合を報告するか、その入力を外してください",
    ),
    "S028": Message(
        "the run does not meet `expect`: {checks}",
        "結果が想定（expect）から外れています: {checks}",
        "the release is written; see its report, then fix the input, the limits or `expect`",
        "出力は書き込み済みです。レポートを確認し、入力、しきい値、expect を見直してください",
    ),
    "S048": Message(
        "{share}% of the records are in quarantine ({count} of {read}; at most {limit}%): {causes}",
        "レコードの {share}%（{read} 件中 {count} 件）を読み込めません（上限 {limit}%）: {causes}",
        "the release is written; its folder quarantine says where and why",
        "出力は書き込み済みです。位置と理由は quarantine にあります",
    ),
    "S049": Message(
        "the run took longer than {hours} hours and was ended",
        "{hours}時間を超えたため、実行を打ち切りました",
        "the next run goes on from what is finished; give it more `hours`, or more workers",
        "次の実行は完了済みの分の続きから始まります。hours か workers を増やしてください",
    ),
    "S033": Message(
        "{count} texts of {path} take too long",
        "{path} に、処理時間の上限を超えるテキストが {count}件あります",
        "run again: they go to quarantine",
        "再実行すると、読み込めなかったレコードとして quarantine に入ります",
    ),
    "S029": Message(
        "the signal “{signal}” crashed its process on text “{id}” (status {status})",
        "指標「{signal}」がテキスト「{id}」でプロセスを停止させました（終了状態 {status}）",
        "fix the signal; everything else is finished and will be reused",
        "指標を修正してください。ほかの処理は完了しており、再利用されます",
    ),
    # Duplicates: sketches and groups.
    "S030": Message(
        "word shingles need tokens, and these texts have none",
        "単語シングルには形態素が必要ですが、このテキストにはまだありません",
        "tokenize the texts before sketching them, or use `dedup: {{unit: char}}`",
        "先に形態素解析を行うか、`dedup: {{unit: char}}` を指定してください",
    ),
    "S031": Message(
        "the sketch “{path}” was made with {key} = {found}, this run needs {want}",
        "スケッチ「{path}」は {key} = {found} で作られていますが、今回は {want} です",
        "sketches made with different settings cannot be compared: make it again",
        "作り方の異なるスケッチは比較できません。同じ設定で作り直してください",
    ),
    "S032": Message(
        "“{path}” has {got} texts, its sketch {want}",
        "「{path}」のテキストは {got} 件ですが、スケッチは {want} 件です",
        "remove both files and run the same command again",
        "両方のファイルを削除して、同じコマンドを再実行してください",
    ),
    # What is odd about a result, and what a run says that was not all of it.
    "S040": Message(
        "nothing was read",
        "テキストが1件も読み込まれませんでした",
    ),
    "S041": Message(
        "nothing was kept of {read} texts (most frequent reason: {reason})",
        "{read} 件のうち採用されたテキストがありません（最も多い理由: {reason}）",
    ),
    "S042": Message(
        "{count} of {read} records of the source “{source}” could not be read: {cause} ({detail})",
        "入力元「{source}」の {read} 件のうち {count} 件を読み込めません: {cause}（{detail}）",
    ),
    "S043": Message(
        "{count} of {read} records of the source “{source}” have no text ({detail}): name the "
        "column in the recipe, below `source:`, as `text: NAME`",
        "入力元「{source}」の {read} 件のうち {count} 件に本文がありません（{detail}）。"
        "レシピの `source:` に `text: 列名` を指定してください",
    ),
    "S044": Message(
        "inputs that could not be read and are left for the next run: {count} ({inputs})",
        "読み込めず、次回に持ち越した入力: {count} 件（{inputs}）",
    ),
    "S045": Message(
        "the release is written, and needs a look: {why}",
        "出力は書き込みましたが、確認が必要です: {why}",
        "the next run tries again what could not be read; --accept says that the rest is as it "
        "should be",
        "読み込めなかった入力は次回の実行で再試行します。"
        "結果に問題がなければ --accept を指定してください",
    ),
    "S046": Message(
        "{now} records were read, {was} for the release that is there",
        "読み込んだのは {now} 件です（現在の出力では {was} 件）",
    ),
    "S047": Message(
        "{now}% of the texts were kept, {was}% in the release that is there",
        "採用率は {now}% です（現在の出力では {was}%）",
    ),
    # --- O: output folder -----------------------------------------------------------------
    "O001": Message(
        "cannot write “{path}”: {cause}",
        "「{path}」に書き込めません: {cause}",
        "free some space or choose another --out; finished shards are reused",
        "空き容量を確保するか、別の --out を指定してください。完了済みの分から再開します",
    ),
    # --- V: verify ------------------------------------------------------------------------
    "O002": Message(
        "another run is writing to “{path}” (process {pid})",
        "別の実行（プロセス {pid}）が「{path}」に書き込み中です",
        "wait for it, or choose another --out",
        "終了を待つか、別の --out を指定してください",
    ),
    "O003": Message(
        "“{path}” contains files that Seimai did not write and will not be replaced",
        "「{path}」にはSeimaiが書いたものではないデータがあるため、置き換えません",
        "move it away, or choose another --out",
        "別の場所に移すか、別の --out を指定してください",
    ),
    "O004": Message(
        "the release stays as it was: {why}",
        "これまでの出力をそのまま残しました: {why}",
        "look at the input and run the same command again; --accept publishes what is there now",
        "入力を確認して同じコマンドを再実行してください。"
        "--accept を付けると今回の結果で置き換えます",
    ),
    "O005": Message(
        "there is nothing to publish: {why}",
        "公開できるものがありません: {why}",
        "the same command tries again; what was finished is used",
        "同じコマンドで再試行します。完了済みの分は再利用されます",
    ),
    "O011": Message(
        "nothing was published: duplicates would take {why}",
        "公開していません。重複として除く割合が上限を超えます: {why}",
        "largest groups: {groups}. If they are right, raise the limit in `dedup`, or publish with "
        "--accept",
        "大きいグループ: {groups}。正しければ `dedup` の上限を上げるか、"
        "--accept を付けて公開してください",
    ),
    "S051": Message(
        "{share} % of “{source}” ({gone} of {texts}), limit {most} %",
        "「{source}」の{share} %（{texts}件中{gone}件、上限{most} %）",
    ),
    "S052": Message(
        "{share} % of all texts ({gone} of {texts}), limit {most} %",
        "全体の{share} %（{texts}件中{gone}件、上限{most} %）",
    ),
    "S053": Message("{size} texts of {id}", "{id} など{size}件"),
    "S054": Message("{size} texts of {id} “{begin}”", "{id}「{begin}」など{size}件"),
    "O006": Message(
        "there is no previous release in “{path}”",
        "「{path}」に前回の出力はありません",
        "a run that publishes other data keeps one, unless `release: {{previous: 0}}` or "
        "--no-previous says not to",
        "内容の異なる出力を公開したときに残ります（release: {{previous: 0}} や --no-previous では"
        "残しません）",
    ),
    "O008": Message(
        "“{path}” does not hold all that this recipe asks for: {inputs} would have to be read",
        "「{path}」にはこのレシピに必要なデータがそろっていません。読み込みが必要な入力: {inputs}",
        "the flow `ingest-new` or `curate` reads it; without reading only limits, `together`, "
        "`dedup` and `expect` can change",
        "ingest-new か curate で読み込んでください。読み込まずに変えられるのは、しきい値、"
        "together、dedup、expect だけです",
    ),
    "O009": Message(
        "“{path}” holds no whole release: {cause}",
        "「{path}」に完全な公開用データがありません: {cause}",
        "run the recipe again; `seimai verify` names what is wrong",
        "レシピを再実行してください。`seimai verify` で詳細を確認できます",
    ),
    "O012": Message(
        "an address ({place}://…) must hold no user, password or token: it is shown and stored",
        "アドレス（{place}://…）は表示や記録に残るため、"
        "ユーザー名、パスワード、トークンを含められません",
        "give credentials by the environment, such as AWS_ACCESS_KEY_ID",
        "認証情報は AWS_ACCESS_KEY_ID などの環境変数で渡してください",
    ),
    "O013": Message(
        "somebody else has published to “{place}” meanwhile; what they published stays",
        "「{place}」には、この間に別の実行が公開しました。その内容を残し、こちらは公開していません",
        "two runs publish to one address: let one of them do it, then run the same command again",
        "同じアドレスに公開する実行を一つにしてから、同じコマンドを再実行してください",
    ),
    "O014": Message(
        "the release at “{place}” leaves out what {asked} requests asked to be forgotten; this "
        "folder knows {known} of them",
        "「{place}」の公開内容は {asked}件の削除依頼を反映していますが、このフォルダの記録は "
        "{known}件です",
        "copy the folder `forgotten` from where the requests were noted into the work folder and "
        "run again, or say --accept",
        "依頼を記録したフォルダの forgotten を作業フォルダにコピーして再実行してください。"
        "このまま公開する場合は --accept を付けます",
    ),
    "O010": Message(
        "cannot publish to “{place}”: {cause}",
        "「{place}」に公開できません: {cause}",
        "what was there stays as it was; the same run tries again",
        "以前の公開内容はそのまま残っています。同じ実行で再試行できます",
    ),
    "O007": Message(
        "“{path}” is not whole: some of its files are missing or have another size",
        "「{path}」は完全ではありません。欠けているか、大きさの違うファイルがあります",
        "nothing was exchanged; `seimai verify {path}` names the files",
        "入れ替えは行っていません。`seimai verify {path}` で該当ファイルを確認できます",
    ),
}
