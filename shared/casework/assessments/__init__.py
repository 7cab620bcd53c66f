"""Joint assessments (F4): the police propose one, who is invited answers, who takes part signs."""
