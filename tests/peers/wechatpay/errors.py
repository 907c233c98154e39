"""Refusals as API v3 words them: a status, a code, a sentence and, for parameters, where."""

from typing import Any


class ApiError(Exception):
    def __init__(self, status: int, code: str, message: str, detail: Any = None) -> None:
        super().__init__(f"{status} {code} {message}")
        self.status, self.code, self.message, self.detail = status, code, message, detail

    @property
    def body(self) -> dict[str, Any]:
        said = {"code": self.code, "message": self.message}
        return said if self.detail is None else {**said, "detail": self.detail}


def parameter(field: str, issue: str, value: Any = "", location: str = "body") -> ApiError:
    where = {"field": field, "value": value, "issue": issue, "location": location}
    return ApiError(400, "PARAM_ERROR", "参数错误", where)


def against_rules(message: str) -> ApiError:
    return ApiError(400, "INVALID_REQUEST", message)


def paid_already() -> ApiError:
    return ApiError(400, "ORDERPAID", "该订单已支付")


def closed_already() -> ApiError:
    return ApiError(400, "ORDER_CLOSED", "该订单已关闭")


def no_order() -> ApiError:
    return ApiError(404, "ORDER_NOT_EXIST", "订单不存在")


def paying_now() -> ApiError:
    """Neither closed nor refused: to be asked again."""
    return ApiError(202, "USERPAYING", "用户支付中，需要输入密码")
