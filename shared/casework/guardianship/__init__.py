"""A minor needs somebody who decides: health asks the guardianship authority, which answers (F8)."""
