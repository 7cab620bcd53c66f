"""Two organisations compare their registers, blindly (F11). What protects whom: `shared.contract.comparisons`."""
