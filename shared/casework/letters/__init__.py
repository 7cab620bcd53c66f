"""Letters to partners without a service (F5, F10): decided on as every event, printed, and confirmed on paper."""
