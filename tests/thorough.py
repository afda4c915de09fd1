"""Whether somebody has asked for more than there is time for each time: `make test THOROUGH=1`."""

import os
from typing import Final

THOROUGH: Final = bool(os.environ.get("RODINKA_THOROUGH"))
