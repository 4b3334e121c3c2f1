from shop.cart import total


def order(prices):
    return {"lines": len(prices), "total": total(prices)}
