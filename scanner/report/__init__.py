"""Explains payments and writes reports from the published snapshot."""

from scanner.report.explanation import Explanation, explain
from scanner.report.kinds import KINDS, Subject, build, render

__all__ = ["KINDS", "Explanation", "Subject", "build", "explain", "render"]
