"""For all tests: where they run on GitHub, the small projects that they run are none of GitHub's business."""

import os

for name in ("GITHUB_ACTIONS", "GITHUB_STEP_SUMMARY", "GITHUB_WORKSPACE"):
    os.environ.pop(name, None)
