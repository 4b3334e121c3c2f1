"""What is imported, and so cached."""


def total(prices):
    return sum(prices)
