"""Pages of unusual shapes: what they are about comes through, what frames it does not."""

# ruff: noqa: E501 - a page on one line reads better than pieces of it
from __future__ import annotations

from typing import NamedTuple

import pytest

from seimai.pipeline.ingest.pages.html import extract

pytest.importorskip("resiliparse")


class Shape(NamedTuple):
    """The body of a page, what has to be read of it, and what must not be."""

    body: str
    wanted: tuple[str, ...]
    others: tuple[str, ...]


def links(*titles: str) -> str:
    """A list of links."""
    return "<ul>" + "".join(f'<li><a href="/{one}">{one}</a></li>' for one in titles) + "</ul>"


def prose(*lines: str) -> str:
    """A paragraph for each line."""
    return "".join(f"<p>{line}</p>" for line in lines)


def sections(shape: str, **parts: str) -> str:
    """Parts with a heading each, in a shape with `{h}` and `{t}`."""
    return "".join(shape.format(h=heading, t=text) for heading, text in parts.items())


MENU = f'<div class="x1"><div class="x2">{links("ホーム", "会社案内", "製品一覧", "採用について", "お知らせ一覧", "お客様窓口", "アクセス")}</div></div>'
FOOT = f'<div class="x8">{links("サイトマップ", "個人情報の扱い", "ご利用にあたって")}<p>Copyright 2024 Mizunoe Inc. All rights reserved.</p></div>'
MENUS = ("製品一覧", "お客様窓口", "サイトマップ", "個人情報の扱い", "Copyright")

RIVER = (
    "川辺の工場では、朝の六時から湯気が立つ。",
    "職人の橋本さんは、四十年にわたり和紙をすいてきた。",
    "水の冷たさが紙の強さを決めると話す。",
    "若い弟子は三人いて、冬の間は寺に泊まり込む。",
    "出来た紙は障子だけでなく、時計の文字盤にも使われる。",
    "来年は海外の展示会にも初めて出す予定だ。",
)
OTHER = ("駅の西口に市が立つ", "雪下ろしの手伝いを募る", "夜学の先生が足りない", "港の倉庫が本屋に")
OTHERS = f'<div class="k9"><h2>新着記事</h2>{links(*OTHER)}</div>'

PROFILE = {
    "ごあいさつ": "<p>当社は昭和三十二年に、町の小さな印刷所として始まりました。</p><p>今では三百人が働いています。</p>",
    "会社概要": "<table><tr><th>商号</th><td>株式会社水ノ江印刷</td></tr><tr><th>資本金</th><td>二千万円</td></tr>"
    "<tr><th>従業員</th><td>三百四名（二〇二四年四月現在）</td></tr></table>",
    "沿革": "<dl><dt>1957年</dt><dd>本町に印刷所を開く</dd><dt>1983年</dt><dd>第二工場を川南に移す</dd></dl>",
    "事業内容": "<ul><li>教科書と辞書の印刷</li><li>地図の製版</li><li>古文書の複製</li></ul>",
    "所在地": "<p>岩見市川南町三丁目十二番地<br>電話 012-345-6789</p><p><a href='/map'>地図を開く</a></p>",
}
FACTS = (
    "町の小さな印刷所として始まりました。", "株式会社水ノ江印刷", "二千万円", "第二工場を川南に移す",
    "古文書の複製", "川南町三丁目十二番地",
)  # fmt: skip

TOWN = (
    "粗大ごみは申し込みが要ります。", "一点につき三百円の券を店で買ってください。", "日曜と祝日は受け付けません。",
    "木曜の朝八時まで", "月曜と金曜", "テレビと冷蔵庫は市では集めません。", "買った店に引き取りを頼んでください。",
    "環境課 ごみ係", "内線 二四一",
)  # fmt: skip

SHAPES = {
    "a company of sections side by side": Shape(
        MENU + sections('<section class="s"><h2>{h}</h2>{t}</section>', **PROFILE) + FOOT,
        FACTS,
        MENUS,
    ),
    "a company of blocks with names of their own": Shape(
        f'{MENU}<div id="top"><h1>会社情報</h1></div>'
        + "".join(
            f'<div class="block{k}"><div class="inner"><h2>{h}</h2><div>{t}</div></div></div>'
            for k, (h, t) in enumerate(PROFILE.items())
        )
        + FOOT,
        FACTS,
        MENUS,
    ),
    "a company with its message in an article": Shape(
        f"{MENU}<main><article><h2>ごあいさつ</h2>{PROFILE['ごあいさつ']}<p>{''.join(RIVER)}</p></article>"
        + sections(
            "<section><div><h2>{h}</h2>{t}</div></section>", **dict(list(PROFILE.items())[1:])
        )
        + f"</main>{FOOT}",
        (*FACTS, *RIVER),
        MENUS,
    ),
    "a town hall with tables and what opens": Shape(
        f'<div id="tmp_gnavi">{links("くらし", "子育て", "産業", "市政")}</div><div id="tmp_wrap"><div id="tmp_path">'
        '<p><a href="/">トップ</a> &gt; <a href="/k">くらし</a> &gt; ごみの出し方</p></div><div class="col_main">'
        '<h1>ごみの出し方</h1><p>更新日:2024年4月1日</p><div class="acc"><button>粗大ごみ</button><div class="acc_in"><p>'
        f'{TOWN[0]}{TOWN[1]}</p><p>{TOWN[2]}</p></div></div><div class="acc"><button>集める日</button><div class="acc_in">'
        f"<table><caption>地区ごとの日</caption><tr><th>資源</th><td>{TOWN[3]}</td></tr><tr><th>燃えるごみ</th><td>{TOWN[4]}"
        f"</td></tr></table></div></div><details><summary>家電</summary><p>{TOWN[5]}{TOWN[6]}</p></details>"
        f'<div class="contact"><h2>お問い合わせ</h2><p>{TOWN[7]}</p><p>{TOWN[8]}</p></div></div><div class="col_side">'
        f"<h2>くらしの分類</h2>{links('水道と下水道', '住まいの手続き', '税の納め方', '防災の地図')}</div></div>",
        TOWN,
        ("産業", "税の納め方", "水道と下水道"),
    ),
    "a product with figures and reviews of it": Shape(
        f'{MENU}<div class="pd"><div class="pd_l"><a href="/i"><img src="i.jpg"></a></div><div class="pd_r"><h1>卓上やぐら時計 木製</h1>'
        '<p class="price">税込 12,800円</p><form><button>カートに入れる</button></form></div></div><div class="pd_t"><h2>商品の説明</h2>'
        "<p>欅の無垢材を職人が一つずつ削り出しました。</p><p>時を打つ音は三段に変えられます。</p></div><div class='pd_s'><h2>仕様</h2>"
        "<table><tr><th>寸法</th><td>幅180 奥行120 高さ310mm</td></tr><tr><th>重さ</th><td>約1.4kg</td></tr><tr><th>材質</th><td>"
        "欅、真鍮、綿</td></tr></table></div><div class='pd_n'><h2>ご注意</h2><ul><li>直射日光の当たる所には置かないでください。</li>"
        "<li>電池は別売りです</li></ul></div><div class='pd_o'><h2>この商品を見た人はこちらも見ています</h2>"
        + "".join(
            f'<div class="it"><a href="/{k}"><img><span>{t}</span></a><b>{k}千円</b></div>'
            for k, t in enumerate(("鳩の壁時計", "砂時計五分", "懐中時計銀", "目覚まし丸型"))
        )
        + f"</div>{FOOT}",
        (
            "欅の無垢材を職人が",
            "時を打つ音は三段に",
            "高さ310mm",
            "約1.4kg",
            "欅、真鍮、綿",
            "直射日光の当たる所",
            "電池は別売り",
        ),
        ("鳩の壁時計", "懐中時計銀", *MENUS),
    ),
    "a dish with things to buy": Shape(
        f'{MENU}<div class="rc"><h1>鮭と大根の味噌鍋</h1><p class="lead">寒い夜に体が温まる鍋です。</p><div class="ing"><h2>材料(二人分)</h2>'
        "<ul><li><span>生鮭</span><span>二切れ</span></li><li><span>大根</span><span>四分の一本</span></li><li><span>合わせ味噌</span>"
        "<span>大さじ三</span></li></ul></div><div class='stp'><h2>作り方</h2><ol><li><p>大根を薄いいちょう切りにする</p></li><li><p>"
        "鍋にだしを入れ、大根が透き通るまで煮る</p></li><li><p>鮭を加え、味噌を溶いて五分煮る</p></li></ol></div><div class='pnt'><h3>"
        f"コツ</h3><p>味噌は火を弱めてから入れると香りが残ります。</p></div></div><div class='oth'><h2>人気のレシピ</h2>{links('豚汁の煮込み', '白菜の漬物', '里芋の田楽')}</div>{FOOT}",
        (
            "体が温まる鍋です。",
            "生鮭",
            "四分の一本",
            "大さじ三",
            "薄いいちょう切り",
            "透き通るまで煮る",
            "味噌を溶いて五分",
            "香りが残ります。",
        ),
        ("白菜の漬物", "里芋の田楽", *MENUS),
    ),
    "a question with answers": Shape(
        f'{MENU}<div class="th"><div class="q"><h1>畳の焦げを直すには</h1><div class="by">ゆず茶さん 2024/2/3 21:14</div><p>アイロンを倒して畳を焦がしてしまいました。'
        '</p><p>自分で直す手はありますか？</p></div><div class="ba"><h2>ベストアンサー</h2><div class="by">畳屋の孫さん</div><p>浅い焦げならオキシドールで色を抜けます。</p>'
        '<p>深いときは一枚だけ表替えを頼むのが安く済みます。</p></div><div class="an"><h2>その他の回答（2件）</h2><div class="a"><div class="by">みかんさん</div><p>うちは目の細かいやすりで削りました。</p></div>'
        f'<div class="a"><div class="by">はるさん</div><p>家具を置いて隠すのも手です。</p></div></div></div><div class="rl"><h2>関連する質問</h2>{links("障子の張り替え方は", "襖の穴を隠したい", "床のきしみを止めたい")}</div>{FOOT}',
        (
            "畳を焦がして",
            "直す手はありますか？",
            "オキシドールで色を",
            "表替えを頼むのが",
            "やすりで削りました。",
            "家具を置いて隠す",
        ),
        ("障子の張り替え方は", "床のきしみ", *MENUS),
    ),
    "an article in pieces between advertisements": Shape(
        f'{MENU}<div class="wr"><div class="en"><h1>紙の町</h1></div>'
        + "".join(
            f'<div class="bd{k}"><p>{RIVER[k]}{RIVER[k + 1]}</p></div><div class="gad"><p>スポンサーリンク</p><script>x</script></div>'
            for k in (0, 2, 4)
        )
        + f"{OTHERS}</div>{FOOT}",
        RIVER,
        (*OTHER, *MENUS),
    ),
    "a report that grows": Shape(
        f'{MENU}<main><h1>花火の夜 速報</h1><ol class="lv">'
        + "".join(
            f'<li id="t{k}"><time>19:{10 + k}</time><div><h3>第{k + 1}報</h3><p>{one}</p></div></li>'
            for k, one in enumerate(RIVER)
        )
        + f"</ol></main><aside>{OTHERS}</aside>{FOOT}",
        (*RIVER, "19:13"),
        (*OTHER, *MENUS),
    ),
    "pictures with captions": Shape(
        f'{MENU}<div class="gl"><h1>写真で見る紙の町</h1><p>{RIVER[0]}</p>'
        + "".join(
            f'<figure><a href="/p{k}"><img src="p{k}.jpg"></a><figcaption>{t}</figcaption></figure>'
            for k, t in enumerate(
                (
                    "雪の朝に楮を洗う=橋本さん提供",
                    "板に張られて乾く紙=川南町で",
                    "展示を待つ時計の文字盤=一月四日",
                )
            )
        )
        + f"</div>{OTHERS}{FOOT}",
        (RIVER[0], "雪の朝に楮を洗う", "板に張られて乾く紙", "展示を待つ時計の文字盤"),
        (*OTHER, *MENUS),
    ),
    "fonts and breaks": Shape(
        '<center><font size="5" color="#336633"><b>紙すきの記</b></font></center><hr><font size="2"><a href="index.html">表紙</a> | <a href="bbs.html">掲示板へ</a> | <a href="link.html">友の頁</a></font><hr>'
        f'<blockquote><font size="3">{RIVER[0]}<br>{RIVER[1]}<br><br>{RIVER[2]}<br><font color="red">{RIVER[3]}</font><br><br>{RIVER[4]}</font></blockquote><p align="right"><font size="2">二〇〇一年 冬</font></p><hr>'
        '<center><a href="index.html"><img src="back.gif"></a></center>',
        (*RIVER[:5], "紙すきの記"),
        (),
    ),
    "a note": Shape(
        f'<div id="__nuxt"><div class="o-hd"><a href="/">トップ</a><a href="/l">ログイン</a></div><main><article class="p-article"><div class="p-article__content"><h1 class="o-noteContentHeader__title">紙の町を歩く</h1>'
        f'<div class="o-by"><a href="/u">川歩き</a><time>2024年1月9日</time></div><div class="note-common-styles__textnote-body"><p name="a1">{RIVER[0]}</p><p name="a2">{RIVER[1]}</p><h2>水</h2><p>{RIVER[2]}</p><p>{RIVER[3]}</p></div></div></article>'
        '<div class="p-article__creatorInfo"><a href="/u">川歩き</a><p>町を歩いて書いています。</p><button>フォロー</button></div><section class="m-rec"><h3>こちらもおすすめ</h3>'
        + "".join(
            f'<div class="m-it"><a href="/n{k}">{t}</a><span>スキ {k}</span></div>'
            for k, t in enumerate(OTHER)
        )
        + "</section></main></div>",
        RIVER[:4],
        (*OTHER, "ログイン"),
    ),
    "a diary with a calendar": Shape(
        f'<div id="container"><div id="banner"><h1><a href="/">川歩き日記</a></h1></div><div id="left"><div class="plg"><p class="plg_t">カレンダー</p><table><tr>{"".join(f"<td><a href=/d{k}>{k}</a></td>" for k in range(1, 29))}</tr></table></div>'
        f'<div class="plg"><p class="plg_t">最新記事</p>{links(*OTHER)}</div></div><div id="center"><div class="ent"><h2>紙の町</h2><div class="ent_b">{"<br /><br />".join(RIVER)}</div><div class="ent_i">2024/01/09(火) 20:11 | <a href="/c">旅</a> | <a href="#tb">トラックバック:0</a> | <a href="#cm">コメント:2</a></div></div></div></div>',
        RIVER,
        (*OTHER, "カレンダー"),
    ),
    "an entry with a list of its blog": Shape(
        f'<div class="skinFrame"><div class="skinMainArea2"><article data-unique-entry-id="1"><h1><a class="skinArticleTitle" href="/e">紙の町</a></h1><div class="articleText" id="entryBody">{"".join(f"<div>{x}</div><div><br></div>" for x in RIVER)}</div>'
        f'<div class="tagBox"><a href="/t1">#和紙</a><a href="/t2">#旅</a></div></article><div class="pagingArea"><a href="/p">前の記事へ</a><a href="/n">次の記事へ</a></div></div><div class="skinSubA2"><div class="skinMenu"><div class="skinMenuHeader">最新の記事</div>{links(*OTHER)}</div></div></div>',
        RIVER,
        OTHER,
    ),
    "news without paragraphs": Shape(
        f'{MENU}<div class="c-w"><div class="c-m"><div class="c-h"><h1>和紙の町に若い弟子</h1><span>2024年1月9日 5時00分</span></div><div class="c-b">{"".join(f"<div>{x}</div>" for x in RIVER)}</div></div><div class="c-s"><div class="c-r"><div class="c-rt">アクセスランキング</div>'
        + "".join(
            f'<div class="c-ri"><span>{k}</span><a href="/r{k}">{t}</a></div>'
            for k, t in enumerate(OTHER)
        )
        + f"</div></div></div>{FOOT}",
        RIVER,
        (*OTHER, "ランキング", *MENUS),
    ),
    "amp": Shape(
        f'<header class="hd"><a href="/">川の新聞</a></header><amp-sidebar id="sb" layout="nodisplay">{links("政治の面", "町の面", "運動の面")}</amp-sidebar><article class="amp-wp-article"><header class="amp-wp-article-header"><h1>和紙の町</h1></header><amp-img src="a.jpg" layout="responsive"></amp-img>'
        f'<div class="amp-wp-article-content">{"".join(f"<p>{x}</p>" for x in RIVER)}<amp-ad type="x"></amp-ad></div></article><section class="rel"><h2>あわせて読みたい</h2>{links(*OTHER)}</section><footer class="ft"><p>(C) 川の新聞</p></footer>',
        RIVER,
        (*OTHER, "運動の面"),
    ),
    "guidance in steps beside each other": Shape(
        f'{MENU}<div class="gd"><div class="row"><div class="cell"><h3>申し込む</h3><p>窓口か郵便で申し込めます。</p></div><div class="cell"><h3>待つ</h3><p>十日ほどで葉書が届きます。</p></div></div><div class="row"><div class="cell"><h3>受け取る</h3><p>葉書と印鑑を持って来てください。</p></div>'
        f'<div class="cell"><h3>払う</h3><p>手数料は三百五十円です。</p></div></div></div>{FOOT}',
        ("郵便で申し込めます。", "葉書が届きます。", "印鑑を持って", "三百五十円です。"),
        MENUS,
    ),
    "a story on which a long interview follows": Shape(
        f'{MENU}<main><div class="lead"><p>{"".join(RIVER)}</p></div><div class="talk">'
        + "".join(
            f"<dl><dt>――{k + 1}年目のことは。</dt><dd>毎日が水との相談でした、{k + 1}年たっても終わりません。</dd></dl>"
            for k in range(4)
        )
        + f"</div><div class='box'><h2>橋本さんの略歴</h2><p>1951年、川南町に生まれる。</p><p>1972年に紙すきを始める。</p></div></main>{OTHERS}{FOOT}",
        (*RIVER, "4年目のことは。", "4年たっても", "1951年、川南町に", "1972年に紙すき"),
        (*OTHER, *MENUS),
    ),
    "an event with what when and where": Shape(
        f'{MENU}<div class="ev"><h1>紙すきを習う会</h1><p>{RIVER[1]}{RIVER[2]}</p></div><div class="dt"><dl><dt>日時</dt><dd>二月十日(土)十時から</dd><dt>場所</dt><dd>川南町公民館 二階</dd><dt>持ち物</dt><dd>前掛け、長靴</dd></dl></div><div class="ap"><h2>申し込み</h2><p>電話 012-987-6543（平日のみ）</p></div>{FOOT}',
        (*RIVER[1:3], "二月十日(土)十時から", "川南町公民館", "前掛け、長靴", "012-987-6543"),
        MENUS,
    ),
    "a glossary": Shape(
        f'{MENU}<div class="gl"><h1>紙の言葉</h1>'
        + "".join(
            f'<div class="w"><h2><a href="/w{k}">{w}</a></h2><p>{t}</p></div>'
            for k, (w, t) in enumerate(
                (
                    ("楮", "皮から紙を作る低い木。"),
                    ("漉き舟", "紙の素を水に散らしておく四角い桶。"),
                    ("簀桁", "舟から水ごと紙をすくう枠。"),
                    ("干し板", "すいた紙を張って天日に当てる板。"),
                )
            )
        )
        + f"</div>{FOOT}",
        ("皮から紙を作る低い木。", "四角い桶。", "紙をすくう枠。", "天日に当てる板。"),
        MENUS,
    ),
    "releases of a company by year": Shape(
        f'{MENU}<div id="body"><h1>お知らせ</h1><p>当社からの知らせを年ごとに載せています。</p><table>'
        + "".join(
            f"<tr><td>2024年{k}月1日</td><td>{t}</td></tr>"
            for k, t in enumerate(
                (
                    "第三工場が完成しました。",
                    "夏の休みは八月十日からです。",
                    "電話番号が変わりました。",
                    "環境の賞を受けました。",
                ),
                1,
            )
        )
        + f"</table></div>{FOOT}",
        ("年ごとに載せて", "第三工場が完成", "八月十日から", "電話番号が変わり", "環境の賞"),
        MENUS,
    ),
    "lead in main, text after": Shape(
        f'{MENU}<main><h1>紙の町</h1><p>{RIVER[0]}</p></main><div class="z1">{prose(*RIVER[1:])}</div>{OTHERS}{FOOT}',
        RIVER,
        OTHER,
    ),
    "ten of the best": Shape(
        f"{MENU}<article><h1>おすすめの紙の店4選</h1><p>{RIVER[0]}</p>"
        + "".join(
            f'<h2>おすすめ{k}：{n}</h2><p><a href="/s{k}"><img></a></p><p>{RIVER[k]}</p><p><a href="/s{k}">{n}の頁へ</a></p>'
            for k, n in enumerate(("青い屋根の店", "橋の脇の店", "坂の上の店", "寺の前の店"), 1)
        )
        + f"</article>{OTHERS}{FOOT}",
        (*RIVER[:5], "青い屋根の店", "寺の前の店"),
        OTHER,
    ),
    "reasons for being liked": Shape(
        f'{MENU}<article><h1>紙の町</h1><p>{RIVER[0]}</p><h2>人気の理由</h2><p>{RIVER[1]}<a href="/x">橋本さんの話</a></p><h2>注目の三人</h2><ul><li><a href="/1">佐野</a>は染めを担う</li><li><a href="/2">今井</a>は板を作る</li></ul><p>{RIVER[2]}</p><h2>おすすめの季節</h2><p>{RIVER[3]}{RIVER[4]}{RIVER[5]}</p></article>{FOOT}',
        (*RIVER, "染めを担う", "板を作る"),
        MENUS,
    ),
    "papers of a council": Shape(
        f'{MENU}<div class="mn"><h1>紙産業審議会 第三回</h1><p>開催日:二月三日</p><p>議題は次のとおりです。</p><ul><li>産地の現状</li><li>担い手の確保</li></ul><h2>配布資料</h2><ul><li><a href="1.pdf">資料1 産地の現状について(PDF 120KB)</a></li><li><a href="2.pdf">資料2 担い手の調べ(PDF 80KB)</a></li><li><a href="3.pdf">議事録(PDF 300KB)</a></li></ul></div>{FOOT}',
        ("議題は次のとおり", "産地の現状", "担い手の確保", "資料2担い手の調べ", "二月三日"),
        MENUS,
    ),
    "verse": Shape(
        f'{MENU}<div class="sd">{OTHERS}</div><div class="po"><h2>冬の紙</h2><p>水は石より冷たくて<br>指は枝より赤くなる<br>白いひとひら板に張り<br>朝日を待って眠りけり</p><p>川の名前を知らぬまま<br>舟はいくたび戻りくる</p></div>{FOOT}',
        ("水は石より冷たくて", "朝日を待って眠りけり", "舟はいくたび戻りくる"),
        OTHER,
    ),
    "release with office": Shape(
        f'{MENU}<div class="rl"><p>2024年2月1日</p><p>水ノ江印刷株式会社</p><h1>和紙の時計を発売</h1>{prose(*RIVER[3:])}<h2>商品概要</h2><table><tr><th>品名</th><td>紙時計 白</td></tr><tr><th>価格</th><td>九千円(税込)</td></tr></table><h2>会社概要</h2><p>代表 水ノ江 透<br>所在地 岩見市川南町</p><h2>本件に関するお問い合わせ先</h2><p>広報室 電話 012-345-0000</p></div><div class="oo"><h2>最新のお知らせ</h2>{links(*OTHER)}</div>{FOOT}',
        (*RIVER[3:], "紙時計白", "九千円(税込)", "水ノ江透", "広報室"),
        OTHER,
    ),
    "law": Shape(
        f'{MENU}<div class="lw"><h1>紙産業振興条例</h1>'
        + "".join(
            f'<div class="art"><div class="art_t">（目的）</div><div><span>第{k}条</span> {x}</div><div class="it">一 {x[:9]}</div></div>'
            for k, x in enumerate(RIVER, 1)
        )
        + f"</div>{FOOT}",
        (*RIVER, "第4条"),
        MENUS,
    ),
    "book": Shape(
        f'{MENU}<div class="bk"><h1>紙の本</h1><p>{RIVER[0]}{RIVER[1]}</p><h2>目次</h2><ol><li>第一章 水</li><li>第二章 木</li></ol><h2>著者紹介</h2><p>{RIVER[2]}</p></div><div class="rb"><h2>この本を買った人は</h2>{links(*OTHER)}</div>{FOOT}',
        (RIVER[0], RIVER[1], "第二章木", RIVER[2]),
        OTHER,
    ),
}


def text_of(name: str) -> str:
    """The main text of a page without its blanks."""
    body = SHAPES[name].body
    return "".join(
        extract(f"<html><head><title>頁</title></head><body>{body}</body></html>")[0].split()
    )


@pytest.mark.parametrize("name", SHAPES)
def test_what_a_page_is_about_is_read(name: str) -> None:
    """Whatever its shape, no sentence, fact or figure of the page is lost."""
    text = text_of(name)

    assert [] == [one for one in SHAPES[name].wanted if "".join(one.split()) not in text]


@pytest.mark.parametrize("name", SHAPES)
def test_what_frames_a_page_is_not_read(name: str) -> None:
    """Menus, lists of other pages and what stands in every footer are left out."""
    text = text_of(name)

    assert [] == [one for one in SHAPES[name].others if one in text]


@pytest.mark.parametrize(
    "last", ["クッキーは網の上で冷まします。", "焼きたてのクッキーを箱に入れて完成です。"]
)
def test_biscuits_are_no_cookies(last: str) -> None:
    """The last line of a recipe stays, though its word is that of notices on cookies."""
    page = f"<body>{MENU}<h1>焼き菓子</h1><p>{''.join(RIVER)}</p><p>{last}</p>{FOOT}</body>"

    assert last in extract(page)[0]
