"""Some eighty graduate courses by field. Codes are invented."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class DemoCourse:
    """``central``: taught in Beijing in the centralized period, not at the institute."""

    code: str
    name_zh: str
    name_en: str
    credit_tenths: int
    hours: int | None
    field: str
    central: bool
    pass_fail: bool


CATALOGUE = """
general    | 中国特色社会主义理论与实践研究 | Theory and Practice of Chinese Socialism | 2 | 36
general    | 自然辩证法概论 | Introduction to Dialectics of Nature | 1 | 18
general    | 中国马克思主义与当代 | Chinese Marxism and the Contemporary World | 2 | 36
general    | 硕士学位英语 | English for Master's Students | 3 | 64
general    | 博士学位英语 | English for Doctoral Students | 2 | 32
general    | 学术道德与学术写作规范 | Research Ethics and Academic Writing | 1 | 20 | P
general    | 知识产权概论 | Introduction to Intellectual Property | 1 | 20
general    | 科学史 | History of Science | 1.5 | 30
general    | 体育 | Physical Education | 0.5 | 16 | P
general    | 心理健康与自我成长 | Mental Health and Personal Growth | 1 | 20 | P
general    | 社会实践 | Social Practice | 1 | | P I
general    | 开题报告 | Thesis Proposal | 1 | | P I
mathematics | 数值分析 | Numerical Analysis | 3 | 60
mathematics | 矩阵分析与应用 | Matrix Analysis and Applications | 3 | 60
mathematics | 泛函分析 | Functional Analysis | 4 | 80
mathematics | 偏微分方程 | Partial Differential Equations | 4 | 80
mathematics | 随机过程 | Stochastic Processes | 3 | 60
mathematics | 最优化理论与方法 | Optimization: Theory and Methods | 3 | 60
mathematics | 代数拓扑 | Algebraic Topology | 4 | 80
mathematics | 抽象代数 | Abstract Algebra | 3 | 60
mathematics | 应用统计 | Applied Statistics | 2.5 | 50
mathematics | 复杂系统研讨班 | Seminar on Complex Systems | 1 | 20 | P I
mathematics | 系统科学前沿讲座 | Lectures on Frontiers of Systems Science | 1 | 20 | I
physics    | 高等量子力学 | Advanced Quantum Mechanics | 4 | 80
physics    | 高等统计物理 | Advanced Statistical Physics | 4 | 80
physics    | 固体理论 | Solid State Theory | 4 | 80
physics    | 群论 | Group Theory | 3 | 60
physics    | 量子场论 | Quantum Field Theory | 4 | 80
physics    | 超导物理 | Physics of Superconductivity | 3 | 60
physics    | 半导体物理 | Semiconductor Physics | 3 | 60
physics    | 计算物理 | Computational Physics | 2.5 | 50
physics    | 低温物理实验 | Laboratory in Low-Temperature Physics | 2 | 40 | I
physics    | 凝聚态物理前沿 | Frontiers of Condensed Matter Physics | 1 | 20 | I
chemistry  | 高等有机化学 | Advanced Organic Chemistry | 3 | 60
chemistry  | 高等无机化学 | Advanced Inorganic Chemistry | 3 | 60
chemistry  | 量子化学 | Quantum Chemistry | 3 | 60
chemistry  | 化学动力学 | Chemical Kinetics | 2.5 | 50
chemistry  | 高分子物理 | Polymer Physics | 3 | 60
chemistry  | 波谱分析 | Spectroscopic Analysis | 3 | 60
chemistry  | 电化学原理 | Principles of Electrochemistry | 2 | 40
chemistry  | 催化化学 | Catalysis | 2 | 40
chemistry  | 胶体与界面化学 | Colloid and Interface Chemistry | 2 | 40
chemistry  | 超分子化学 | Supramolecular Chemistry | 2 | 40
chemistry  | 有机合成专题 | Topics in Organic Synthesis | 2 | 40 | I
chemistry  | 化学文献研读 | Reading Course in Chemical Literature | 1 | 20 | P I
chemistry  | 分子科学前沿讲座 | Lectures on Frontiers of Molecular Science | 1 | 20 | I
computing  | 高级计算机体系结构 | Advanced Computer Architecture | 3 | 60
computing  | 高级操作系统 | Advanced Operating Systems | 3 | 60
computing  | 计算机算法设计与分析 | Design and Analysis of Algorithms | 3 | 60
computing  | 机器学习 | Machine Learning | 3 | 60
computing  | 模式识别 | Pattern Recognition | 3 | 60
computing  | 自然语言处理 | Natural Language Processing | 2 | 40
computing  | 并行与分布式计算 | Parallel and Distributed Computing | 3 | 60
computing  | 计算机网络协议 | Computer Network Protocols | 2 | 40
computing  | 编译程序高级教程 | Advanced Compiler Construction | 2.5 | 50
computing  | 数据库新技术 | New Database Technology | 2 | 40
computing  | 芯片设计实践 | Chip Design Practice | 2 | 40 | I
computing  | 智能计算研讨班 | Seminar on Intelligent Computing | 1 | 20 | P I
mechanics  | 高等流体力学 | Advanced Fluid Mechanics | 4 | 80
mechanics  | 高等固体力学 | Advanced Solid Mechanics | 4 | 80
mechanics  | 张量分析 | Tensor Analysis | 2 | 40
mechanics  | 湍流理论 | Theory of Turbulence | 3 | 60
mechanics  | 计算流体力学 | Computational Fluid Dynamics | 3 | 60
mechanics  | 断裂力学 | Fracture Mechanics | 2.5 | 50
mechanics  | 有限元方法 | Finite Element Method | 3 | 60
mechanics  | 实验力学技术 | Techniques of Experimental Mechanics | 2 | 40 | I
mechanics  | 高温气体动力学专题 | Topics in High-Temperature Gas Dynamics | 1 | 20 | I
astronomy  | 天体物理基础 | Foundations of Astrophysics | 3 | 60
astronomy  | 恒星结构与演化 | Stellar Structure and Evolution | 3 | 60
astronomy  | 宇宙学 | Cosmology | 3 | 60
astronomy  | 射电天文方法 | Methods of Radio Astronomy | 2 | 40
astronomy  | 广义相对论 | General Relativity | 3 | 60
astronomy  | 天文数据处理 | Astronomical Data Processing | 2 | 40
astronomy  | 望远镜观测实习 | Telescope Observation Practice | 1.5 | 30 | P I
astronomy  | 高能天体物理讲座 | Lectures on High-Energy Astrophysics | 1 | 20 | I
botany     | 高级植物生理学 | Advanced Plant Physiology | 3 | 60
botany     | 植物系统学 | Plant Systematics | 3 | 60
botany     | 分子生物学 | Molecular Biology | 3 | 60
botany     | 生态学原理 | Principles of Ecology | 2.5 | 50
botany     | 基因组学 | Genomics | 2 | 40
botany     | 植物分类野外实习 | Field Course in Plant Taxonomy | 2 | 40 | P I
botany     | 全球变化生态学讲座 | Lectures on Global Change Ecology | 1 | 20 | I
psychology | 认知心理学 | Cognitive Psychology | 3 | 60
psychology | 高级心理统计 | Advanced Psychological Statistics | 3 | 60
psychology | 发展心理学 | Developmental Psychology | 2.5 | 50
psychology | 认知神经科学 | Cognitive Neuroscience | 3 | 60
psychology | 心理测量学 | Psychometrics | 2 | 40
psychology | 脑成像数据分析 | Analysis of Brain Imaging Data | 2 | 40 | I
psychology | 社会心理学研讨班 | Seminar on Social Psychology | 1 | 20 | P I
"""

PREFIXES = {
    "general": "GE",
    "mathematics": "MA",
    "physics": "PH",
    "chemistry": "CH",
    "computing": "CS",
    "mechanics": "ME",
    "astronomy": "AS",
    "botany": "BO",
    "psychology": "PS",
}


def catalogue() -> tuple[DemoCourse, ...]:
    """The lines above; a last column holds P (passed or not) and I (taught at the institute)."""
    courses = []
    for serial, line in enumerate(CATALOGUE.strip().splitlines(), 6001):
        field, name_zh, name_en, credit, hours, *rest = (cell.strip() for cell in line.split("|"))
        flags = rest[0].split() if rest else []
        courses.append(
            DemoCourse(
                code=f"{PREFIXES[field]}{serial}",
                name_zh=name_zh,
                name_en=name_en,
                credit_tenths=round(float(credit) * 10),
                hours=int(hours) if hours else None,
                field=field,
                central="I" not in flags,
                pass_fail="P" in flags,
            )
        )
    return tuple(courses)


COURSES = catalogue()
