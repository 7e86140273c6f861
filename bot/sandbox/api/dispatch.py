"""Answer a call of the Bot API, whether it came over HTTP or in process."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import Any, Final

from bot.sandbox.api.methods.call import Call
from bot.sandbox.api.methods.table import METHODS
from bot.sandbox.api.methods.webhooks import Described
from bot.sandbox.checking import schema
from bot.sandbox.checking.coercion import Upload
from bot.sandbox.faults.faults import AFTER, Fault, FaultKind
from bot.sandbox.jsons import Json, to_bytes
from bot.sandbox.refusals import MALFORMED_TOKEN, NO_SUCH_METHOD, UNAUTHORIZED, Refused, bad_request
from bot.sandbox.sandbox import Sandbox
from bot.sandbox.time.clock import iso

TOKEN_LIMIT: Final = 80
USUAL_ERRORS: Final = {403: "Forbidden", 500: "Internal Server Error", 502: "Bad Gateway", 504: "Gateway Timeout"}
HTML_ERROR: Final = "<html>\r\n<head><title>{0}</title></head>\r\n<body><center><h1>{0}</h1></center></body>\r\n</html>"


@dataclass(frozen=True, slots=True)
class Asked:
    """A call as it came in, unchecked."""

    token: str
    method: str
    params: Mapping[str, Any] = field(default_factory=dict)
    files: Mapping[str, Upload] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    body: bytes
    headers: Mapping[str, str]
    media_type: str = "application/json"


class Silence(Enum):
    """How a call ends without an answer."""

    TIMEOUT = auto()
    DROP = auto()


async def answer(sandbox: Sandbox, asked: Asked) -> Answer | Silence:
    """Answer a call, or apply the faults of the fault plan."""
    chat_id = asked.params.get("chat_id")
    late = 0.0
    for fault in sandbox.faults.strike(asked.method, chat_id):
        if fault.kind is FaultKind.LATE:
            late += fault.seconds
        elif fault.kind is FaultKind.LATENCY:
            await asyncio.sleep(fault.seconds)
        else:
            return await _fail(sandbox, asked, fault)
    said = await _answer(sandbox, asked)
    if late:
        await asyncio.sleep(late)
    return said


async def _fail(sandbox: Sandbox, asked: Asked, fault: Fault) -> Answer | Silence:
    if fault.kind in AFTER:
        await _answer(sandbox, asked)
    status: int | str = _fault_status(fault)
    sandbox.remember_call(asked.method, dict(asked.params), status)
    match fault.kind:
        case FaultKind.TIMEOUT_BEFORE | FaultKind.TIMEOUT_AFTER:
            return Silence.TIMEOUT
        case FaultKind.DROP_BEFORE | FaultKind.DROP_AFTER:
            return Silence.DROP
    return _error_answer(sandbox, fault)


def _fault_status(fault: Fault) -> int | str:
    if fault.kind is FaultKind.FLOOD:
        return 429
    return fault.status if fault.kind is FaultKind.ERROR else str(fault.kind)


def _error_answer(sandbox: Sandbox, fault: Fault) -> Answer:
    if fault.kind is FaultKind.FLOOD:
        wait = fault.retry_after
        text, parameters = f"Too Many Requests: retry after {wait}", {"retry_after": wait}
        return _refusal(sandbox, Refused(429, text, parameters))
    text = fault.description or USUAL_ERRORS.get(fault.status, "Error")
    if fault.html:
        body = HTML_ERROR.format(f"{fault.status} {text}").encode()
        return Answer(fault.status, body, _headers(sandbox), "text/html")
    return _refusal(sandbox, Refused(fault.status, text))


async def _answer(sandbox: Sandbox, asked: Asked) -> Answer:
    method = schema.method_named(asked.method) or asked.method
    status = 200
    try:
        result = await _result(sandbox, asked)
        reply = _success(sandbox, result)
    except Refused as refusal:
        status = refusal.status
        reply = _refusal(sandbox, refusal)
    finally:
        sandbox.commit()
    sandbox.remember_call(method, asked.params, status)
    return reply


async def _result(sandbox: Sandbox, asked: Asked) -> Any:
    check_token(sandbox, asked.token)
    method = schema.method_named(asked.method)
    if method is None:
        raise Refused(*NO_SUCH_METHOD)
    sandbox.limits.take(method, asked.params.get("chat_id"))
    params = schema.checked(method, _with_files(method, asked))
    if method == "getUpdates":
        return await sandbox.polls.poll(params)
    known = METHODS.get(method)
    if known is None:
        raise bad_request(f"the sandbox does not know {method} yet")
    return known(Call(sandbox, params, asked.files))


def check_token(sandbox: Sandbox, token: str) -> None:
    if token == sandbox.token:
        return
    malformed = token.startswith("0") or len(token) > TOKEN_LIMIT or ":" not in token
    raise Refused(*(MALFORMED_TOKEN if malformed else UNAUTHORIZED))


def _with_files(method: str, asked: Asked) -> Mapping[str, Any]:
    if not asked.files:
        return asked.params
    fields = schema.API["methods"][method]["fields"]
    return {**asked.params, **{name: file for name, file in asked.files.items() if name in fields}}


def _success(sandbox: Sandbox, result: Any) -> Answer:
    described = isinstance(result, Described)
    body: Json = {"ok": True, "result": result.result if described else result}
    if described:
        body["description"] = result.description
    return Answer(200, to_bytes(body), _headers(sandbox))


def _refusal(sandbox: Sandbox, refusal: Refused) -> Answer:
    body: Json = {"ok": False, "error_code": refusal.status, "description": refusal.description}
    headers = _headers(sandbox)
    if refusal.parameters:
        body["parameters"] = refusal.parameters
        if "retry_after" in refusal.parameters:
            headers["Retry-After"] = str(refusal.parameters["retry_after"])
    return Answer(refusal.status, to_bytes(body), headers)


def _headers(sandbox: Sandbox) -> dict[str, str]:
    return {"X-Sandbox-Now": iso(sandbox.clock.now())}
