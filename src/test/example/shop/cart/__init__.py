from shop.cart.total import total

__all__ = ["total"]
