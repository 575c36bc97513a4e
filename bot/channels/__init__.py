"""The ways in and out: each folder is one platform and the only user of its SDK; siblings do not know one another."""

from __future__ import annotations
