"""Copies of everything that the service keeps, made while it runs, and the way back.

A backup is a folder: `manifest.json`, the database (`xueban.db`, or `xueban.dump` of PostgreSQL), and `evidence/` with
the photos and files by the hash of their content. What is in it is checked when it is made and before it is used.
"""
