"""What is imported, and so cached."""


def lines(count):
    return ["line"] * count
