"""Backup and restore of both databases."""

from __future__ import annotations
