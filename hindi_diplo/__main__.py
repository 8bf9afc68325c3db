"""``python -m hindi_diplo`` is the command ``hindi-diplo``."""

import sys

from .cli import main

sys.exit(main())
