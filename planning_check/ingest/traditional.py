"""Traditional characters and the Simplified ones that mean the same, as far as headings, units and choices are written with them."""

from __future__ import annotations

#: Pairs, Traditional first. (From OpenCC's TSCharacters, Apache License 2.0: those whose Simplified form stands in the schema's words.)
PAIRS = (
    "丟丢並并佔占併并來来侷局係系個个備备價价億亿儘尽償偿優优兒儿內内兩两凈净凍冻別别刪删劃划動动務务勞劳區区協协參参員员啓启"
    "啟启單单國国圍围園园圓圆圖图執执報报場场塊块壓压壞坏夠够夾夹學学實实審审寫写專专對对導导層层屬属帶带幣币幫帮幾几庫库廠厂"
    "廢废廣广廳厅後后徑径從从復复態态憑凭應应戶户採采換换損损摺折撥拨據据擬拟數数斷断於于旣既時时暫暂曆历書书會会東东査查條条"
    "棟栋業业構构樓楼標标樣样機机橫横檔档檢检檯台權权歷历歸归殘残決决沒没況况淨净減减測测準准濟济為为無无爛烂爲为狀状獨独現现"
    "環环產产産产畝亩異异當当疊叠療疗發发盡尽盤盘確确碼码種种稱称積积箇个範范築筑篩筛簽签籤签紀纪約约紅红納纳細细終终組组結结"
    "給给統统經经綠绿綫线緑绿線线編编緯纬緻致縣县縮缩總总織织繪绘繫系繳缴繼继續续纍累罰罚義义聯联聽听脩修臨临臺台與与舊旧舘馆"
    "萬万處处虛虚號号術术衕同衛卫裏里補补裡里製制複复覈核見见規规視视覽览觀观訂订計计託托記记設设許许註注証证詢询話话該该詳详"
    "認认誤误說说説说調调請请論论證证識识議议讀读變变讓让負负財财責责費费賃赁資资質质賬账購购車车軟软軸轴載载轉转辦办這这進进"
    "過过達达遠远遷迁選选還还邊边鄉乡醫医釐厘釦扣銷销鋪铺錄录錯错録录錶表鍵键鎭镇鎮镇鏈链長长門门閉闭開开閑闲閒闲間间閤合閱阅"
    "閲阅闆板關关際际險险隱隐電电頁页頃顷項项預预領领頭头題题額额顛颠類类風风颱台養养餘余館馆驗验體体髮发麪面麫面麵面點点黨党"
)
_SIMPLIFIED = str.maketrans(dict(zip(PAIRS[::2], PAIRS[1::2], strict=True)))


def simplified(text: str) -> str:
    """The text in Simplified characters: ``總建築面積`` is ``总建筑面积``."""
    return text.translate(_SIMPLIFIED)
