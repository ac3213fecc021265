"""Invented names and codes: communities, developers with their credit codes, estates, buildings."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from .settings import CITY, COMMITTEE, ESTATE, VILLAGE, District, words

OLD = words(
    "桂井 柳荫 染坊 油坊 米行 盐仓 铁匠 纸坊 茶亭 石牌 书院 文昌 观澜 望楼 渡口 槐阴 榆钱 杏花 枣园 竹器 瓷瓮 酒泉 布市 粮站 邮亭 "
    "拱桥 水塔 花墙 青瓦 照壁 砖塔 戏台 钟亭 灯市 桑园 梅井 兰台 菊圃 菱塘 荷池 锣鼓 皮坊 伞坊 银匠 笔架 砚池 墨巷 棋亭 琴台 画桥 "
    "雨亭 晴川 霞屏 云梯 月台 星桥 风车 雪松 霜林 露台 晓市 暮鼓 朝晖 春台 秋圃"
)
SURNAMES = words("安 卜 车 邓 段 樊 葛 郝 纪 康 雷 麻 倪 潘 齐 冉 桑 谭 乌 夏 晏 翟 卓 柯 苗 祁 裴 蒲 屈 阮 沙 舒 佟 温 邬 席 柴 臧 邢 詹")
VILLAGE_ENDS = ("家湾", "家坪", "家沟", "家营", "家庄", "家坝")
FRESH = words(
    "棠园 澄苑 岚庭 禾苑 溪庭 枫苑 桐苑 榕园 檀苑 杉庭 槿园 蘅苑 芷园 苇庭 汀苑 洲园 屿苑 麓庭 坪苑 樾园 栎苑 椿庭 楸园 棣苑 莳园 筠庭 葭苑 荇园"
)
KIND_NAMES = {COMMITTEE: OLD, ESTATE: FRESH, VILLAGE: SURNAMES}

FIRMS_A = words("锦 恒 宏 泰 嘉 瑞 鼎 盛 晟 昱 骏 铭 卓 朗 博 隆 润 信 诚 庆")
FIRMS_B = words("源 基 达 业 和 川 岭 诺 元 居 丰 远 安 益 华")
FIRM_ENDS = ("房地产开发有限公司", "置业有限公司", "房地产开发有限责任公司", "建设开发有限公司")
ESTATE_A = words("棠 澄 岚 禾 溪 枫 桐 榕 檀 杉 槿 蘅 芷 苇 汀 洲 屿 麓 樾 栎 椿 楸 棣 筠 葭 荇 锦棠 望棠 清棠 新棠")
ESTATE_B = words("雅居 家园 花园 名邸 新城 华庭 小区 公馆 佳苑 水岸 景苑 新村 御园 上城")
OTHER_B = {"commercial": ("商业广场", "商贸城", "购物中心"), "office": ("商务楼", "大厦"), "industrial": ("标准厂房", "物流园")}

USCC = "0123456789ABCDEFGHJKLMNPQRTUWXY"


@dataclass(frozen=True)
class Developer:
    name: str
    code: str


def credit_code(rng: Random, district_code: str) -> str:
    """An invented unified social credit code whose two check characters are right (GB 11714, GB 32100)."""
    body = f"{rng.randrange(10**8):08d}"
    rest = -sum(int(d) * w for d, w in zip(body, (3, 7, 9, 10, 5, 8, 4, 2), strict=True)) % 11
    code = f"91{district_code}{body}{'0123456789X'[rest]}"
    weighed = sum(USCC.index(c) * pow(3, i, 31) for i, c in enumerate(code))
    return code + USCC[-weighed % 31]


def developers(rng: Random, districts: tuple[District, ...]) -> dict[str, list[Developer]]:
    """The developers at work in each district; the larger the district the more of them."""
    pairs = [a + b for a in FIRMS_A for b in FIRMS_B]
    rng.shuffle(pairs)
    found: dict[str, list[Developer]] = {}
    for district in districts:
        seat = CITY if district.projects > 100 else district.name
        count = max(2, district.projects // 4)
        names = [f"{seat}{pairs.pop()}{rng.choice(FIRM_ENDS)}" for _ in range(count)]
        found[district.code] = [Developer(name, credit_code(rng, district.code)) for name in names]
    return found


def estate_names(rng: Random) -> list[str]:
    """Names of estates, each once."""
    names = [a + b for a in ESTATE_A for b in ESTATE_B]
    rng.shuffle(names)
    return names


def community_names(rng: Random) -> dict[str, list[str]]:
    """Names of communities by kind, each once."""
    villages = [s + rng.choice(VILLAGE_ENDS) for s in SURNAMES]
    found = {COMMITTEE: list(OLD), ESTATE: list(FRESH), VILLAGE: villages}
    for names in found.values():
        rng.shuffle(names)
    return found
