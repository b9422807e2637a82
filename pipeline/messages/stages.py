"""S: what can be wrong with the stages of a run."""

from __future__ import annotations

from seimai.pipeline.messages.message import Message

STAGES: dict[str, Message] = {
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
}
