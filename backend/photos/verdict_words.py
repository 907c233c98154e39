"""What verdicts are called, and how each is mended, in Chinese and in English: in the chat and in the
report of a batch alike."""

from collections.abc import Mapping

Words = tuple[str, str]

TITLES: Mapping[str, Words] = {
    "format": ("格式", "Format"),
    "damaged": ("格式", "Format"),
    "pixels": ("宽×高", "Width × height"),
    "dpi": ("分辨率", "Resolution"),
    "no_dpi": ("分辨率", "Resolution"),
    "colour": ("颜色", "Colour"),
    "size": ("大小", "Size"),
    "size_close": ("大小", "Size"),
    "too_small": ("大小", "Size"),
    "too_large": ("大小", "Size"),
    "blue": ("蓝色背景", "Blue background"),
    "face": ("人脸", "Face"),
    "face_size": ("人脸大小", "Size of the face"),
    "face_place": ("人脸位置", "Place of the face"),
    "retouch": ("修图痕迹", "Signs of editing"),
    "recompressed": ("压缩质量", "Compression"),
    "name": ("文件名", "File name"),
    "name_hidden": ("文件名", "File name"),
    "name_platform": ("文件名", "File name"),
    "name_other": ("文件名", "File name"),
    "name_id": ("文件名", "File name"),
    "name_nobody": ("文件名", "File name"),
    "name_not_own": ("文件名", "File name"),
    "year_needed": ("入学年度", "Enrolment year"),
    "year": ("入学年度", "Enrolment year"),
    "unit": ("培养单位", "Unit"),
    "twice": ("重复", "Repeated"),
    "unreadable": ("压缩包", "Archive"),
}

UNITS: Mapping[str, Words] = {  # behind the number
    "dpi": (" dpi", " dpi"),
    "colour": (" 位", " bits"),
    "size": (" 字节", " bytes"),
    "size_close": (" 字节", " bytes"),
    "too_small": (" 字节", " bytes"),
    "too_large": (" 字节", " bytes"),
    "face": (" 张", " found"),
    "face_size": ("（占图高）", " of the height"),
    "face_place": ("（偏离中线，占图宽）", " of the width off the middle"),
}

MENDING: Mapping[str, Words] = {
    "format": (
        "不是 JPEG。请用照相馆给的 JPEG 原文件，不要改扩展名",
        "Not a JPEG. Use the original JPEG of the photo company; changing the ending does not help",
    ),
    "damaged": (
        "文件不完整，打不开。请重新取一份原文件",
        "The file is incomplete and cannot be opened. Fetch the original again",
    ),
    "pixels": (
        "宽高不对。请用照相馆给的原文件，不要截图或裁剪",
        "Wrong width and height. Use the original; do not crop it or take a screenshot",
    ),
    "dpi": (
        "分辨率不够 300 dpi。请用照相馆给的原文件",
        "Less than the dots per inch that are wanted. Use the original",
    ),
    "no_dpi": (
        "文件里没有写分辨率（多半是聊天软件转发时丢了）。请用原文件",
        "The file does not say its resolution (chats often drop it). Use the original",
    ),
    "colour": (
        "不是 24 位真彩色。请用彩色原文件",
        "Not 24-bit colour. Use the original in colour",
    ),
    "size_close": (
        "在 18–40 KB 的边上：按 1000 还是 1024 算，结论不同，系统可能退回",
        "At the edge of 18–40 KB: by 1000 or by 1024 it comes out differently, and may be sent back",
    ),
    "too_small": (
        "小于 18 KB，多半被压缩过。请用原文件",
        "Under 18 KB, probably compressed on its way. Use the original",
    ),
    "too_large": (
        "大于 40 KB。请照相馆按要求另存一份",
        "Over 40 KB. Ask the photo company for a file of the right size",
    ),
    "blue": (
        "背景不是蓝色（R14）。请按蓝底重拍，不要自己换底色",
        "The background is not blue (R14). Have it taken anew; do not change the colour yourself",
    ),
    "face": (
        "应当正好有一张正面人脸，请人工看一下",
        "There should be exactly one face from the front: please look at it",
    ),
    "face_size": (
        "人脸大小不像证件照，请人工看一下",
        "The face is not as large as on an ID photo: please look at it",
    ),
    "face_place": (
        "人脸不在正中，请人工看一下",
        "The face is not in the middle: please look at it",
    ),
    "retouch": (
        "文件带有修图软件的名字。经 PS 或美颜处理过的不能用，请核实",
        "The file names an editing program. Retouched pictures must not be used: please check",
    ),
    "recompressed": (
        "压缩得很厉害，像是聊天软件转发过的。请从网页上传原文件",
        "Strongly compressed, as by a chat program. Upload the original on the web page",
    ),
    "name_hidden": (
        "是一个身份证号，收到时已隐去，没法在这里对是谁的；成批检查时会对",
        "It is an ID number, which was hidden on arrival; whose it is, the batch check tells",
    ),
    "name_platform": (
        "看不出是谁：这是手机或聊天软件起的名字。请改成本人学号或身份证号",
        "Given by a phone or a chat program. Rename it to the student number or the ID number",
    ),
    "name_other": (
        "文件名只能是学号或身份证号，不能有姓名等其他内容",
        "A name may only be the student number or the ID number, with no name or other words",
    ),
    "name_id": (
        "像身份证号，但校验位不对。请核对",
        "Like an ID number, but its check digit is wrong. Please check it",
    ),
    "name_nobody": (
        "学籍里没有这个学号（或这一入学年度没有这个身份证号）",
        "No student has this number (or this ID number in this enrolment year)",
    ),
    "name_not_own": (
        "不是您本人的学号。请改成本人学号",
        "Not your own student number. Rename it to your own",
    ),
    "year_needed": (
        "用身份证号命名的，必须先选入学年度",
        "For a file named by ID number the enrolment year must be chosen first",
    ),
    "year": ("入学年度与所选的不同", "Enrolled in another year than the one chosen"),
    "unit": ("不是本单位的学生", "Not a student of this unit"),
    "twice": ("同一个学生的第二个文件", "A second file of the same student"),
    "unreadable": (
        "压缩包里的这一项读不出来，或超过 1 MB",
        "This entry of the archive cannot be read, or has more than 1 MB",
    ),
}

UNCHECKED: Mapping[str, Words] = {  # what was not looked at, and who will
    "blue": (
        "背景颜色没有自动检查，由工作人员人工查看",
        "the background was not checked by the program; a member of staff will look at it",
    ),
    "face": (
        "人脸与姿态没有自动检查，由工作人员人工查看",
        "face and posture were not checked by the program; a member of staff will look at them",
    ),
}
SAID_NOTHING: Words = ("没有写", "not said")
