"""What people say to the questions of the five checklists, by question and by the answer that is meant."""

from __future__ import annotations

NUMBERS: dict[str, dict[object, list[str]]] = {
    "distance-teaching.students_total": {
        12: [
            "12人",
            "大概12個",
            "共十二位學生",
            "１２",
            "約 12",
            "12 人左右",
            "是12",
            "我們有12人",
            "十二",
            "12.0",
            "學生12人",
            "合計 12 人。",
        ],
        0: ["0", "沒有", "零", "０人"],
        36: ["3️⃣6️⃣", "三十六人", "修課人數是36", "各校合計36人", "٣٦"],
        1200: ["1,200", "一千二百人", "1200 人"],
        150: ["一百五", "一百五十位"],
    },
    "distance-teaching.fiscal_tier": {3: ["3", "第三級", "三級", "第 3 級", "財力第3級"], 1: ["一", "第一級"]},
    "distance-teaching.host_course_count": {
        2: ["兩門", "2門課", "開兩門", "二", "兩科", "2堂課"],
        1: ["一門", "只有一門"],
    },
    "distance-teaching.partner_school_count": {3: ["三所", "3校", "合作學校3所", "三間學校"], 0: ["沒有合作學校"]},
    "equalization.applications_this_year": {1: ["一次", "1", "第一次"], 2: ["兩次", "申請2次"]},
    "equalization.plan_count": {2: ["兩份", "2份計畫書"]},
    "mobile-learning.lowest_grade": {
        3: ["三年級", "小三", "國小三年級", "3"],
        7: ["國一", "七年級", "國中一年級", "國中七年級"],
    },
    "mobile-learning.class_count": {6: ["6班", "六個班級", "六"]},
    "mobile-learning.self_funded_percent": {
        30: ["30%", "30％", "三成", "30趴", "百分之三十"],
        50: ["一半"],
        0: ["沒有自籌"],
    },
    "onsite-mentoring.visit_count": {3: ["3次", "三日", "入校三次"]},
    "onsite-mentoring.visit_hours": {
        15: ["7.5", "七個半小時", "7.5小時", "七小時半", "7小時30分"],
        3: ["90分鐘", "一個半小時"],
        30: ["15", "十五個小時", "入校15小時", "15hr"],
        1: ["半小時", "30分鐘"],
    },
    "urban-rural-partner.teacher_exchange_months": {2: ["2個月", "兩個月"], 0: ["沒有", "沒有規劃"]},
    "urban-rural-partner.budget_total": {
        250_000: ["25萬", "250,000元", "二十五萬元", "25萬元整", "新台幣25萬", "25w", "250k", "$250,000"],
        255_000: ["25.5萬", "25萬5千"],
        25_000: ["兩萬五", "2.5萬"],
        300_000: ["NT$ 30萬", "30萬左右"],
    },
}

PLAIN: dict[str, dict[object, list[str]]] = {
    "distance-teaching.guidance_approved": {
        True: ["是", "有", "對", "對啊", "會", "可以", "yes", "Y", "ok👌", "👌", "沒錯", "有核准", "已經核准了",
            "嗯，有", "核准通過"],
        False: ["否", "沒有", "不是", "沒", "不", "無", "no", "N", "❌", "還沒核准", "沒有核准", "主管機關還沒核准",
            "尚未", "審核中"],
    },
    "distance-teaching.funded_elsewhere": {
        True: ["有另外申請", "另外申請了", "有其他補助"],
        False: ["沒有另外申請", "沒有申請教育部補助", "沒有重複申請", "只申請這個"],
    },
    "distance-teaching.special_guidance_school": {
        True: ["是專案輔導學校", "我們是專案輔導學校"],
        False: ["不是專案輔導學校", "我們不是", "沒有被認定為專案輔導學校", "一般學校"],
    },
    "distance-teaching.partner_course_elective": {True: ["選修", "都是選修"], False: ["必修", "沒有列為選修",
        "不是選修科目"]},
    "equalization.public": {True: ["公立", "我們是公立學校", "國立"], False: ["私立", "是私立的", "不是公立"]},
    "equalization.exam_free_area_funded": {True: ["有", "有申請並受補助"], False: ["沒有受補助", "只有申請"]},
    "mobile-learning.has_devices": {True: ["有平板", "載具有了"], False: ["還沒買", "載具沒有", "現在沒有行動載具"]},
    "mobile-learning.remote": {True: ["偏鄉", "是偏遠地區學校"], False: ["不是偏鄉", "市區"]},
    "mobile-learning.new_applicant": {True: ["第一次申請", "沒申請過"], False: ["申請過", "續辦", "去年有申請"]},
    "onsite-mentoring.took_part_before": {True: ["參加過", "去年有參加"], False: ["沒參加過", "第一次"]},
    "urban-rural-partner.different_counties": {
        True: ["不同", "不同縣市", "是不同縣市", "都在不同縣市", "位於不同縣市"],
        False: ["同縣市", "是同縣市", "不是不同縣市", "在同一個縣市"],
    },
    "urban-rural-partner.virtual_and_physical": {True: ["兩種都有", "都有"], False: ["只有視訊", "沒有視訊交流"]},
    "urban-rural-partner.all_public": {True: ["都是公立"], False: ["有一所私立", "不都是"]},
}  # fmt: skip

CHOICES: dict[str, dict[object, list[str]]] = {
    "distance-teaching.mode": {
        "hybrid": ["1", "混合", "混和遠距", "實體加線上", "實體", "(1)", "第一個", "混合遠距（實體加線上）"],
        "remote": ["２", "第二個", "選2", "全線上", "我們是全線上", "学生全部在线上", "一般", "2 一般遠距",
            "全部學生都在線上"],
    },
    "distance-teaching.authority": {"moe": ["國立", "教育部", "我們是國立高中"], "local": ["縣市政府", "2", "教育局"]},
    "distance-teaching.duration": {"year": ["一學年", "整年", "辦一學年"], "semester": ["一學期", "只辦一學期",
        "下學期"]},
    "distance-teaching.subject_kind": {"bilingual": ["雙語"], "native_language": ["台語",
        "本土語"], "sign_language": ["5", "手語"]},
    "distance-teaching.teacher_status": {
        "full_time": ["專任", "正式老師", "學校現職專職教師"],
        "substitute": ["代理", "代課老師"],
        "external_part_time": ["外聘", "業師", "第三個"],
    },
    "equalization.school_type": {"senior_high": ["高中", "高職", "完全中學"], "special_education": ["特教學校"]},
    "mobile-learning.level": {"elementary": ["國小", "小學"], "junior_high": ["國中"]},
    "mobile-learning.school_kind": {"national": ["附小", "國立附小"], "local": ["縣市轄下", "市立"]},
    "onsite-mentoring.plan_form": {"visits_only": ["只有入校"], "workshop_and_visits": ["研習加入校"],
        "undecided": ["還沒決定"]},
    "urban-rural-partner.group": {"same_name": ["同名組"], "theme": ["創意", "特色主題", "主題組"]},
}  # fmt: skip
