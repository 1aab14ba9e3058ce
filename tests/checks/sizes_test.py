"""How long functions and files are. A report that fails only on what nobody should have to read: see LIMIT and FILE_LIMIT."""
import pathlib
import statistics
import sys

import csource

LIMIT = 120  # lines of a function
FILE_LIMIT = 700


def main(root):
    functions, files = [], []
    for path in csource.files(root, ("gateway",), (".c",)):
        text = path.read_text()
        files.append((text.count("\n"), path))
        functions += [(lines, name, f"{path}:{line}") for name, line, lines in csource.functions(text)]
    if len(functions) < 2:
        print("not ok sizes: no function was found")
        return True
    lengths = sorted(lines for lines, *_ in functions)
    print(f"note: functions: {len(lengths)}, median {statistics.median(lengths):g}, "
          f"p90 {lengths[len(lengths) * 9 // 10]}, longest {lengths[-1]}; files: {len(files)}, "
          f"median {statistics.median(lines for lines, _ in files):g}, longest {max(files)[0]}")
    for lines, name, where in sorted(functions, reverse=True)[:8]:
        if lines > 60:
            print(f"note:   {lines:4} lines: {name} at {where}")
    failed = False
    for what, measured, limit in (("function", lengths[-1], LIMIT), ("file", max(files)[0], FILE_LIMIT)):
        over = measured > limit
        failed = failed or over
        print(f"not ok longest {what}: {measured} lines of at most {limit}" if over else f"ok longest {what}")
    return failed


sys.exit(main(pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else ".")))
