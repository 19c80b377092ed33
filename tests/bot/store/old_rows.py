"""Rows as each release wrote them: plain SQL, so that no later code has a hand in it.

One school's coordinator, `ann`, from her first question on LINE to a year of records.
"""

from __future__ import annotations

from collections.abc import Mapping

AT = 1_763_604_000_000
"""Thursday 20 November 2025, 10:00 in Taipei."""
NEW = '{"id": "e-new", "session": "ann", "text": "補助多少錢？", "at": 1763604000000}'
STATE = '{"version": 1, "welcomed": true, "question_id": "q1"}'
BODY = '{"messages": [{"type": "text", "text": "至少 15 小時。"}]}'
RUN = (
    '{"answers": {"authority": "moe"}, "unsure": [], "order": ["authority"], "asked": "", "picked": [], "go_on": false}'
)
VERSION = (
    '{"kind": "community_meeting", "day": "2025-11-18", "starts_at": 1763445600000, "has_hour": 1, "minutes": 90,'
    ' "mode": "onsite", "topic": "共備", "host": "", "headcount": 5, "group_name": "", "mentor_kind": "",'
    ' "meeting": "", "deliverable": "", "topic_kind": "", "state": "done"}'
)
SHA = "ab" * 32
PEPPER = "11" * 32

ROWS: Mapping[str, tuple[str, ...]] = {
    "0001": (
        f"INSERT INTO conversations (id, channel, address, state, version, created_at, updated_at)"
        f" VALUES ('web:ann', 'web', 'ann', '{STATE}', 3, {AT - 9}, {AT})",
        f"INSERT INTO conversations (id, channel, address, in_group, created_at, updated_at)"
        f" VALUES ('line:G1:U1', 'line', 'G1', 1, {AT - 9}, {AT})",
        f"INSERT INTO secrets (name, value) VALUES ('pepper', '{PEPPER}')",
        f"INSERT INTO questions (id, person, channel, text, folded, status, feedback, asked_at)"
        f" VALUES ('q1', 'hash', 'web', '遊覽車可以報帳嗎', '遊覽車可以報帳嗎', 'refused', 'other', {AT - 5})",
        f"INSERT INTO unsent_messages (channel, message_id, at) VALUES ('line', 'm-taken-back', {AT})",
        f"INSERT INTO inbox (channel, event_id, conversation_id, payload, occurred_at, received_at, state, done_at)"
        f" VALUES ('web', 'e-old', 'web:ann', '{{}}', {AT - 8}, {AT - 8}, 'done', {AT - 7})",
        f"INSERT INTO inbox (channel, event_id, conversation_id, payload, occurred_at, received_at)"
        f" VALUES ('web', 'e-new', 'web:ann', '{NEW}', {AT}, {AT})",
        f"INSERT INTO outbox (id, seq, dedupe_key, conversation_id, channel, address, method, payload, created_at)"
        f" VALUES ('o-waits', {AT}, 'inbox:line:e1', 'line:G1:U1', 'line', 'G1', 'push', '{BODY}', {AT})",
        f"INSERT INTO outbox (id, seq, dedupe_key, conversation_id, channel, address, method, payload, state,"
        f" attempts, first_attempt_at, last_status, created_at)"
        f" VALUES ('o-lost', {AT - 5}, 'inbox:line:e0', 'line:G1:U1', 'line', 'G1', 'push', '{BODY}', 'unknown',"
        f" 2, {AT - 5}, 'timeout', {AT - 5})",
        f"INSERT INTO outbox_attempts (outbox_id, at, outcome, status) VALUES ('o-lost', {AT - 4}, 'retry', '500')",
    ),
    "0002": (
        f"INSERT INTO people (id, created_at) VALUES ('ann', {AT})",
        "UPDATE conversations SET person_id = 'ann' WHERE id = 'web:ann'",
        f"INSERT INTO runs (id, person_id, form, programme, edition, data, state, touched_by, created_at, updated_at)"
        f" VALUES ('r1', 'ann', 'checklist', 'distance-teaching', '114', '{RUN}', 'open', 'web:ann', {AT}, {AT})",
        f"INSERT INTO one_time_codes (code_hash, purpose, person_id, expires_at) VALUES ('c1', 'link', 'ann', {AT})",
    ),
    "0003": (
        f"INSERT INTO schools (id, name, county, created_at) VALUES ('s1', '示範高中', '臺中市', {AT})",
        f"INSERT INTO enrolments (id, school_id, programme, edition, starts_on, ends_on, facts, created_at)"
        f" VALUES ('e1', 's1', 'distance-teaching', '114', '2025-08-01', '2026-07-31',"
        f""" '{{"authority": "moe"}}', {AT})""",
        f"INSERT INTO memberships (person_id, role, enrolment_id, programme, name, joined_at)"
        f" VALUES ('ann', 'coordinator', 'e1', 'distance-teaching', '召集人', {AT})",
        f"INSERT INTO memberships (person_id, role, programme, joined_at, ended_at)"
        f" VALUES ('ann', 'office', 'equalization', {AT - 9}, {AT})",
        f"INSERT INTO records (id, enrolment_id, kind, day, starts_at, minutes, mode, topic, headcount, state, version,"
        f" created_by, created_at, updated_at) VALUES ('rec1', 'e1', 'community_meeting', '2025-11-18', 1763445600000,"
        f" 120, 'onsite', '共備', 5, 'done', 2, 'ann', {AT}, {AT})",
        f"INSERT INTO record_versions (record_id, version, action, data, person_id, channel, at)"
        f" VALUES ('rec1', 1, 'create', '{VERSION}', 'ann', 'web', {AT})",
        f"INSERT INTO record_versions (record_id, version, action, data, person_id, channel, at)"
        f" VALUES ('rec1', 2, 'change', '{VERSION.replace('90', '120')}', 'ann', 'web', {AT})",
        f"INSERT INTO evidence (id, enrolment_id, record_id, person_id, conversation_id, channel, message_id, source,"
        f" batch, name, media_type, size, sha256, state, created_at) VALUES ('f1', 'e1', 'rec1', 'ann', 'web:ann',"
        f" 'web', 'm1', 's1', 'b1', '現場.jpg', 'image/jpeg', 7, '{SHA}', 'stored', {AT})",
    ),
    "0004": (
        f"INSERT INTO reminders (person_id, enrolment_id, subject, revision, rule, day, fire_at, expires_at, state,"
        f" created_at, updated_at) VALUES ('ann', 'e1', 'deadline:final_report', '2026-07-31T23:59', 'T-7',"
        f" '2025-11-20', {AT - 1}, {AT + 1}, 'planned', {AT}, {AT})",
        f"INSERT INTO deadline_marks (enrolment_id, key, due, person_id, at)"
        f" VALUES ('e1', 'apply', '2025-05-05T23:59', 'ann', {AT})",
        f"INSERT INTO moved_deadlines (programme, edition, key, revision, due, reason, person_id, at)"
        f" VALUES ('distance-teaching', '114', 'final_report', 1, '2026-08-14T23:59', '延後', 'ann', {AT})",
        f"INSERT INTO reminder_preferences (person_id, place, subject, offsets, updated_at)"
        f" VALUES ('ann', '', '', '14,3', {AT})",
        "INSERT INTO push_quotas (channel, month, allowed, reported, reserved) VALUES ('line', '2025-11', 200, 7, 2)",
    ),
    "0005": (f"INSERT INTO calendars (token_hash, person_id, created_at) VALUES ('t1', 'ann', {AT})",),
}
"""By the revision of the release that wrote them; none was in service at the newest yet."""
