"""Eligibility: may a school apply, and for how much? Pure: answers in, verdict with reasons out.

A checklist is data (`checklist.yaml`): questions, rules, amounts. No flow is written by anyone; the next question
is the first unanswered one that can still matter. What is unknown is never taken for "no".
"""
