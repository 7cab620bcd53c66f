"""Preventive conversations (F12): every prevention actor can hold one; that it was held is told, and nothing of it."""
