"""Runs check.py of each of some projects, in one process: importing PyTorch costs more than they do.

Writes a line of JSON for each: {"id", "ok", "text"}.
"""

import contextlib
import io
import json
import os
import runpy
import sys
import traceback

OWN = ("data", "generator", "model", "train")


def check(folder):
    """Whether a project is reproduced, and what its check says."""
    os.chdir(folder)
    sys.path[0] = folder
    for name in OWN:
        sys.modules.pop(name, None)
    said = io.StringIO()
    ok = False
    with contextlib.redirect_stdout(said):
        try:
            runpy.run_path(os.path.join(folder, "check.py"), run_name="__main__")
        except SystemExit as end:
            ok = not end.code
        except Exception:
            said.write(traceback.format_exc())
    return {"id": os.path.basename(folder), "ok": ok, "text": said.getvalue()}


sys.dont_write_bytecode = True
for path in sys.argv[1:]:
    print(json.dumps(check(os.path.abspath(path))), flush=True)
