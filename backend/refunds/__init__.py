"""Refunds (退款): asked for in chat or proposed by the program, decided by finance, executed once.

``states.py`` has the reasons and the table; ``money.py`` what of a payment can be paid back;
``asking.py``, ``proposing.py`` and ``deciding.py`` what people do; ``executing.py`` asks the provider,
``settle.py`` takes what it says, and ``mending.py`` is for what does not arrive; ``documents.py`` sees to it
that no document stands whose money is back, and ``using.py`` that nothing is paid back that was had.
"""
