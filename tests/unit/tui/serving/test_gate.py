"""Who may come in: names, origins, token."""

from __future__ import annotations

import pytest

from tests.cases import for_each
from tui.serving.gate import Gate, is_loopback, new_token

LOCAL = Gate(is_local=True, names=frozenset({"class", "class.local"}))
OPEN = Gate(is_local=False, token="t" * 20, names=frozenset({"class", "class.local"}))
BEHIND = Gate(is_local=False, token="t" * 20, public="https://class.example.org")


@for_each(
    ("gate", "host", "known"),
    [
        (LOCAL, "127.0.0.1:8000", True),
        (LOCAL, "localhost:8000", True),
        (LOCAL, "LOCALHOST", True),
        (LOCAL, "[::1]:8000", True),
        (LOCAL, "127.8.9.1", True),
        (LOCAL, "192.168.1.5:8000", False),
        (LOCAL, "class.local", False),
        (LOCAL, "evil.example", False),
        (LOCAL, "localhost.evil.example", False),
        (LOCAL, "127.0.0.1.evil.example:8000", False),
        (LOCAL, "127.0.0.1:8000@evil.example", False),
        (LOCAL, "", False),
        (LOCAL, "127.0.0.1:8000, evil.example", False),
        (LOCAL, "127.0.0.1:", False),
        (OPEN, "192.168.1.5:8000", True),
        (OPEN, "[fe80::1]:8000", True),
        (OPEN, "class.local:8000", True),
        (OPEN, "CLASS:8000", True),
        (OPEN, "evil.example", False),
        (OPEN, "class.example.org", False),
        (BEHIND, "class.example.org", True),
        (BEHIND, "class.example.org.evil.example", False),
    ],
)
def test_only_our_own_names_are_answered(gate: Gate, host: str, known: bool) -> None:
    assert gate.knows_host(host) is known


@for_each(
    ("gate", "headers", "own"),
    [
        (LOCAL, {"Origin": "http://127.0.0.1:8000"}, True),
        (LOCAL, {}, False),
        (LOCAL, {"Origin": "null"}, False),
        (LOCAL, {"Origin": ""}, False),
        (LOCAL, {"Origin": "http://127.0.0.1:8001"}, False),
        (LOCAL, {"Origin": "http://localhost:8000"}, False),
        (LOCAL, {"Origin": "http://evil.example"}, False),
        (LOCAL, {"Origin": "file://127.0.0.1:8000"}, False),
        (LOCAL, {"Origin": "http://127.0.0.1:8000", "Sec-Fetch-Site": "cross-site"}, False),
        (LOCAL, {"Origin": "http://127.0.0.1:8000", "Sec-Fetch-Site": "same-origin"}, True),
    ],
)
def test_only_our_own_page_may_begin_a_visit(
    gate: Gate, headers: dict[str, str], own: bool
) -> None:
    assert gate.is_own_page({"Host": "127.0.0.1:8000", **headers}) is own


def test_a_page_whose_name_was_led_here_is_not_ours() -> None:
    rebound = {"Host": "evil.example:8000", "Origin": "http://evil.example:8000"}
    assert not LOCAL.is_own_page(rebound)
    assert not OPEN.is_own_page(rebound)


def test_behind_a_proxy_the_page_is_that_of_the_address_outside() -> None:
    inside = {"Host": "127.0.0.1:8000", "Origin": "https://class.example.org"}
    assert BEHIND.is_own_page(inside)
    assert not BEHIND.is_own_page({**inside, "Origin": "http://class.example.org"})
    assert not BEHIND.is_own_page({**inside, "Origin": "https://evil.example"})


def test_the_token_opens_and_what_is_near_does_not() -> None:
    gate = Gate(is_local=False, token="tökén")
    assert gate.is_token("tökén")
    for wrong in ("", "tök", "token", "tökén ", "TÖKÉN", "\ud800", "tökén\0", "x" * 100_000):
        assert not gate.is_token(wrong)


def test_the_ticket_is_not_the_token_and_changes_with_it() -> None:
    assert OPEN.token not in OPEN.ticket
    assert OPEN.is_ticket(OPEN.ticket)
    assert not OPEN.is_ticket(OPEN.token)
    assert not OPEN.is_ticket("")
    assert not OPEN.is_ticket(Gate(is_local=False, token="u" * 20).ticket)
    assert LOCAL.is_ticket("")


def test_comparison_takes_all_of_a_token_into_account(monkeypatch: pytest.MonkeyPatch) -> None:
    compared: list[tuple[int, int]] = []

    def compare(a: bytes, b: bytes) -> bool:
        compared.append((len(a), len(b)))
        return a == b

    monkeypatch.setattr("tui.serving.gate.hmac.compare_digest", compare)
    for given in ("", "t", "t" * 20, "t" * 5000):
        OPEN.is_token(given)
        OPEN.is_ticket(given)
    assert set(compared) == {(32, 32)}


def test_new_tokens_differ_and_are_long() -> None:
    tokens = {new_token() for _ in range(20)}
    assert len(tokens) == 20
    assert all(len(token) >= 32 for token in tokens)


@for_each(
    ("address", "loopback"),
    [("127.0.0.1", True), ("::1", True), ("127.1.2.3", True), ("::1%lo", True),
     ("0.0.0.0", False), ("::", False), ("10.0.0.1", False), ("name", False), ("", False)],
)  # fmt: skip
def test_loopback(address: str, loopback: bool) -> None:
    assert is_loopback(address) is loopback
