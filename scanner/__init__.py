"""Finds the payments that expose a bank to US secondary sanctions under E.O. 14114."""

__version__ = "0.1.0"
