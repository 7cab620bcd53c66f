"""Registers that an agency keeps (F11): who is in one, why, since when: `shared.contract.registers`."""
