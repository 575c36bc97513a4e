"""The operators' desk, pure: who may do what to a ticket, what the customer is promised, what leaves the thread."""

from __future__ import annotations
