"""Make the diagnosis board of company XX and the modules of a CRM project.

Run ``python data/make_crm_project.py``. The board says in words of our own what the paper on company XX says, and
where. The modules are teaching assumptions. Another seed deals the symptoms in another order and
changes costs and benefits; ``numpy.random.RandomState`` is used because its stream is frozen.
"""

from pathlib import Path

import pandas as pd
from numpy.random import RandomState

from crmlib.support.files import atomic_write

SEED = 20250331
MODULES = pd.DataFrame(
    [
        # number, module, part of the platform, the module that it needs, cost, days of effort a salesperson, benefit a
        # quarter, quarter in the phased plan
        ("M1", "客户编码", "Customer codes", "base", None, 20, 3, 2.0, 1),
        ("M2", "产品编码", "Product codes", "base", None, 15, 2, 1.0, 1),
        ("M3", "系统接口", "Interfaces", "base", "M1", 40, 2, 6.0, 2),
        ("M4", "订单平台", "Order platform", "applications", "M3", 45, 5, 18.0, 3),
        ("M5", "日清管理", "Daily clearing", "applications", "M1", 18, 4, 5.0, 4),
        ("M6", "计划管理", "Planning", "applications", "M4", 25, 4, 8.0, 5),
        ("M7", "呼叫中心", "Call centre", "applications", "M1", 60, 6, 14.0, 6),
        ("M8", "商流门户", "Business portal", "portal", "M4", 50, 5, 16.0, 7),
    ],
    columns=["module_id", "module", "module_en", "part", "needs", "cost", "effort", "benefit", "phase"],
)
DIAGNOSIS = pd.DataFrame(
    [
        # number, symptom, problem, what the paper says, cause, remedy, another that goes with it, section of the paper
        ("D01", "上线就要增收", "Sales at once", "platform", "过分信赖软件，以为一启动业绩就上升",
         "The software is trusted too far; sales are to rise as soon as it starts", "software", "joint", None, "3.1.1"),
        ("D02", "全部一起上", "All at once", "platform", "呼叫中心、营销、销售、服务同时上，要求一步到位",
         "Call centre, marketing, sales and service all begin together", "software", "phases", None, "3.1.1"),
        ("D03", "升级很慢", "Slow updates", "system", "高层看重短期利益，软件更新远慢于其他技术",
         "Top managers look to the short term; updates lag behind other technology", "top", "top", None, "3.1.2"),
        ("D04", "流程又乱又臃肿", "Blind and bloated", "system", "只有市场部和客户中心两个部门管项目",
         "Two departments, marketing and customer centre, run the whole project", "team", "joint", "top", "3.1.2"),
        ("D05", "业务只是使用者", "Sales only uses it", "system", "业务部门没有参与系统的设计",
         "Sales departments have no part in designing the system", "team", "joint", "front", "3.1.2"),
        ("D06", "回访走形式", "Visits for form", "system", "政策性要求多，个性化服务少，有客户流失",
         "Much policy and little personal service; some customers leave", "rules", "personal", None, "3.1.2"),
        ("D07", "资料残缺不准", "Poor data", "data", "不明白原始资料的用处，推说工作忙，草草录入",
         "Staff do not see what raw data are for, plead work and enter them carelessly", "people", "culture", "front",
         "3.3.1"),
        ("D08", "关系不愿公开", "“My relations”", "data", "把多年的客户关系当成个人的，抵触录入",
         "Relationships of many years are taken for personal property", "people", "culture", "front", "3.3.1"),
        ("D09", "觉得被监控", "Felt as control", "front", "系统从管理者的需求出发，成了监控的手段",
         "The system starts from what managers need and serves to watch staff", "inward", "front", "culture", "3.3.2"),
        ("D10", "反馈又迟又不准", "Late feedback", "front", "前台的工作量加重，妨碍服务客户",
         "More work for the front line keeps it from serving customers", "inward", "front", None, "3.3.2"),
    ],
    columns=["symptom_id", "symptom", "symptom_en", "problem", "said", "said_en", "cause", "remedy", "also", "section"],
)  # fmt: skip


def tables(seed: int = SEED) -> dict[str, pd.DataFrame]:
    """Return each data set that is made here, by its name."""
    modules, diagnosis = MODULES.copy(), DIAGNOSIS.copy()
    if seed != SEED:
        rng = RandomState(seed)
        diagnosis = diagnosis.iloc[rng.permutation(len(diagnosis))]
        modules["cost"] = (modules["cost"] * rng.uniform(0.8, 1.2, len(modules))).round()
        modules["benefit"] = (modules["benefit"] * rng.uniform(0.8, 1.2, len(modules))).round(1)
    return {"crm_diagnosis": diagnosis, "crm_modules": modules}


def to_csv(table: pd.DataFrame) -> str:
    """Return the text of the file: UTF-8 when written, LF line ends."""
    return table.to_csv(index=False, lineterminator="\n")


if __name__ == "__main__":
    for name, table in tables().items():
        print(atomic_write(Path(__file__).with_name(f"{name}.csv"), to_csv(table)))
