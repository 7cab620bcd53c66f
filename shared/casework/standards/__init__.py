"""The directory and the bed board in standards that other systems read: Open Referral HSDS, and OASIS EDXL-HAVE.

Both are another form of `GET /organisations` and `GET /beds`, and are made of the answers of those calls and of nothing
else: whoever may read one may read the other, and neither knows more.
"""
