"""What must survive: conversations, tickets, outbox and jobs, in SQLite or PostgreSQL with one meaning."""

from __future__ import annotations
