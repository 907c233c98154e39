"""Tables as files, in the forms in which offices send them."""

import csv
import io
from pathlib import Path

from openpyxl import Workbook

from tests.registry.files_exam import EXAM

Table = list[list[object]]


def csv_file(path: Path, table: Table, encoding: str = "utf-8") -> Path:
    text = io.StringIO()
    csv.writer(text).writerows(table)
    path.write_bytes(text.getvalue().encode(encoding))
    return path


def xlsx_file(path: Path, table: Table) -> Path:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in table:
        sheet.append(row)
    book.save(path)
    book.close()
    return path


UNITS: Table = [
    ["培养单位代码", "名称启用日期", "单位中文名称", "单位英文名称"],
    ["9001", "2000-01-01", "化学研究所", "Institute of Chemistry"],
    ["9002", "2000/1/1", "力学研究所", "Institute of Mechanics"],
]
PEOPLE: Table = [
    ["学号或工号", "姓名", "英文姓名", "使用语言", "身份证号"],
    ["20231", "林若溪", "LIN Ruoxi", "中文", "11010519491231002X"],
    ["20161", "周明远", "", "英文", ""],
    ["S1", "刘敏", "LIU Min", "", "990000199901010012"],
]
STUDENTS: Table = [
    [
        "学号",
        "培养单位代码",
        "培养层次",
        "学位类型",
        "专业",
        "专业英文名称",
        "入学日期",
        "毕业日期",
        "参加北京集中教学",
    ],
    ["20231", "9001", "硕士", "学术学位", "化学", "Chemistry", "2023年9月1日", "", "是"],
    ["20161", "9002", "博士", "同等学力", "力学", "Mechanics", "20160901", "2019.7.1", "否"],
]
ROLES: Table = [
    ["学号或工号", "角色", "培养单位代码"],
    ["S1", "培养单位教育管理干部", "9001"],
    ["S1", "财务处", ""],
]
COURSES: Table = [
    ["课程编号", "课程名称", "课程英文名称", "学分", "学时"],
    ["CH1", "量子化学", "Quantum Chemistry", "3", "60"],
    ["GE1", "体育", "Physical Education", "0.5", ""],
]
GRADES: Table = [
    ["学号", "课程编号", "学年学期", "成绩", "学位课", "教学阶段"],
    ["20231", "CH1", "2023-2024-1", "92", "是", "集中教学"],
    ["20231", "GE1", "2023-2024-1", "通过", "否", "集中教学"],
    ["20161", "CH1", "2016-2017-2", "A-", "是", "所级教学"],
]
EMAIL_REQUESTS: Table = [
    ["学号", "成绩单语言", "GPA", "申请日期"],
    ["20161", "英文", "带GPA", "2020-03-25"],
]
TABLES: dict[str, Table] = {
    "units": UNITS,
    "people": PEOPLE,
    "students": STUDENTS,
    "roles": ROLES,
    "courses": COURSES,
    "grades": GRADES,
    "email_requests": EMAIL_REQUESTS,
    **EXAM,
}
