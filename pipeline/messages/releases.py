"""O, V: what can be wrong with the output folder, and what `verify` finds in a release."""

from __future__ import annotations

from seimai.pipeline.messages.message import Message

RELEASES: dict[str, Message] = {
    "O001": Message(
        "cannot write “{path}”: {cause}",
        "「{path}」に書き込めません: {cause}",
        "free some space or choose another --out; finished shards are reused",
        "空き容量を確保するか、別の --out を指定してください。完了済みの分から再開します",
    ),
    "O015": Message(
        "cannot write “{path}”: {cause}",
        "「{path}」に書き込めません: {cause}",
        "look whether you may write there, and whether the disk is read-only or fails; "
        "`seimai doctor --work FOLDER` tries what a run needs of a folder",
        "書き込み権限があるか、ディスクが読み取り専用や故障でないかを確認してください。"
        "`seimai doctor --work フォルダ` で、実行に必要な操作ができるかを試せます",
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
