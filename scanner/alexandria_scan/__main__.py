"""python -m alexandria_scan"""

import sys

from alexandria_scan.cli import main

sys.exit(main())
