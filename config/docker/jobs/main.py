"""Stands for another application."""

import json

import reports

print(json.dumps(reports.lines(3)))
