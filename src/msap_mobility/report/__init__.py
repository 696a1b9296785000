"""What is shown and handed out: the one page, and the exports bound together.

The only maker of HTML.
"""

from msap_mobility.report.publishing import exports, page, write_report

__all__ = ["exports", "page", "write_report"]
