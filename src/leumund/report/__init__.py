"""Readings as one document to keep, print or send: a single HTML file, or Markdown for a mail.

The HTML file loads nothing and runs nothing: no script, no font, no picture from elsewhere, and a content
security policy that forbids all of it. Whatever strangers wrote stands in it as text.
"""

from __future__ import annotations

from leumund.report.page import render
from leumund.report.plain import as_markdown
from leumund.report.sections import Section

__all__ = ["Section", "as_markdown", "render"]
