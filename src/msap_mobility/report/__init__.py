"""What is shown and handed out: the one page, and the exports bound together.

The only maker of HTML.
"""

from msap_mobility.report.publishing import exports, page, write_report
from msap_mobility.report.telling import told_comparison

__all__ = ["exports", "page", "told_comparison", "write_report"]
