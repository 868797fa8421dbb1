/** Asks an interpreter what it is and has; the standard library alone. */
export const LOOK_PROGRAM = `
import importlib.metadata, json, platform, re, sys
packages = {}
for found in importlib.metadata.distributions():
    name = found.metadata["Name"]
    if name:
        packages.setdefault(re.sub(r"[-_.]+", "-", name).lower(), found.version or "unknown")
print(sys.argv[1] + json.dumps({
    "executable": sys.executable,
    "python": platform.python_version(),
    "implementation": platform.python_implementation(),
    "platform": sys.platform + "-" + platform.machine(),
    "packages": packages,
}))
`;
