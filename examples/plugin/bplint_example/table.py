"""A report format: one line a finding or failure, its columns separated by tabs."""

from bplint.plugins import Reporter


def write(report, exit_code, verbosity):
    """Path, line, code, severity and message; then who failed, and the exit code."""
    rows = [(f.path, f.span.line, f.code, f.severity.label, f.hit.message) for f in report.findings]
    rows += [(f.circuit, "", f.name, "failed", f.reason) for f in report.failures]
    rows.append(("", "", "", "exit", exit_code))
    return "".join("\t".join(" ".join(str(cell).split()) for cell in row) + "\n" for row in rows)


REPORTER = Reporter("table", "one line a finding, separated by tabs", write)
