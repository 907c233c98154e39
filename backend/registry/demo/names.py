"""Names and personal numbers of nobody: common surnames and given names, put together at random."""

from datetime import date
from random import Random

from backend.registry.id_numbers import check_digit


def words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


SURNAMES = words("""
    王Wang 李Li 张Zhang 刘Liu 陈Chen 杨Yang 赵Zhao 黄Huang 周Zhou 吴Wu 徐Xu 孙Sun 胡Hu 朱Zhu
    高Gao 林Lin 何He 郭Guo 马Ma 罗Luo 梁Liang 宋Song 郑Zheng 谢Xie 韩Han 唐Tang 冯Feng 于Yu
    董Dong 萧Xiao 程Cheng 曹Cao 袁Yuan 邓Deng 许Xu 傅Fu 沈Shen 曾Zeng 彭Peng 吕Lyu 苏Su 卢Lu
    蒋Jiang 蔡Cai 欧阳Ouyang
""")

GIVEN = words("""
    思源Siyuan 晓雯Xiaowen 子涵Zihan 文博Wenbo 雨桐Yutong 明远Mingyuan 佳怡Jiayi 志强Zhiqiang
    静怡Jingyi 浩然Haoran 欣悦Xinyue 建国Jianguo 若溪Ruoxi 天翔Tianxiang 梦洁Mengjie 立新Lixin
    诗涵Shihan 俊杰Junjie 海燕Haiyan 宇轩Yuxuan 丽华Lihua 景行Jingxing 乐天Letian 安琪Anqi
    维Wei 敏Min 磊Lei 芳Fang 涛Tao 婷Ting 一诺Yinuo 知行Zhixing
    望舒Wangshu 嘉树Jiashu 清扬Qingyang 守拙Shouzhuo 令仪Lingyi 书瑶Shuyao 卓然Zhuoran
""")


def invented_name(random: Random) -> tuple[str, str]:
    """A Chinese name and the same in pinyin: ``("李思源", "LI Siyuan")``."""
    surname, surname_en = split(random.choice(SURNAMES))
    given, given_en = split(random.choice(GIVEN))
    return surname + given, f"{surname_en.upper()} {given_en}"


def split(entry: str) -> tuple[str, str]:
    chinese = "".join(character for character in entry if not character.isascii())
    return chinese, entry[len(chinese) :]


def invented_id_number(born: date, serial: int) -> str:
    """18 characters with a right check digit, and the area 000000, which no place has."""
    digits = f"000000{born:%Y%m%d}{serial % 1000:03d}"
    return digits + check_digit(digits)
