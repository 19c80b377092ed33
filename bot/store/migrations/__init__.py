"""Schema revisions, run by `xueban migrate`."""
