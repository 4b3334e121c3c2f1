"""Stands for an application."""

import json

import orders

print(json.dumps(orders.total([3, 4])))
