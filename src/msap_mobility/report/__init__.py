"""What is shown and handed out: the one page, and the exports bound together.

The only maker of HTML.
"""
