"""The desk in a real browser (Debian's Chromium, driven by Playwright). `tests/browser/run` brings both."""
