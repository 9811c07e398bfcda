#!/usr/bin/env python3
"""where_it_stands.py PROJECT…: builds each history version by version and takes the ledger away; `diagnose` has to name
the version, or all versions with that catalog. Run it under `candor with-server --server 15 --`. Exit 1 if it ever
does not."""
import json, os, subprocess, sys


def url(database):
    return f"host={os.environ['PGHOST']} port={os.environ.get('PGPORT', '5432')} user={os.environ['PGUSER']} dbname={database}"


def sql(database, *statements):
    command = ["psql", "-X", "-q", "-v", "ON_ERROR_STOP=1", "-d", database]
    for statement in ("set client_min_messages = warning", *statements):
        command += ["-c", statement]
    subprocess.run(command, check=True)


def candor(project, *arguments):
    ran = subprocess.run(["candor", *arguments, "--json"], cwd=project, capture_output=True, text=True)
    return ran.returncode, json.loads(ran.stdout)


def measure(project):
    os.environ.pop("DATABASE_URL", None)
    sql("postgres", "drop database if exists stands with (force)", "create database stands template template0")
    setup = os.path.join(project, "setup.sql")  # what [shadow] setup runs is there in a real database, too
    if os.path.exists(setup):
        subprocess.run(["psql", "-X", "-q", "-v", "ON_ERROR_STOP=1", "-d", "stands", "-f", setup], check=True)
    code, status = candor(project, "status", "--url", url("stands"))
    versions = [migration["version"] for migration in status["verification"]["migrations"]]
    right = ranges = 0
    slowest = 0.0
    for version in versions:
        code, applied = candor(project, "up", "--to", version, "--url", url("stands"))
        if code != 0:
            sys.exit(f"{project}: up --to {version}: {json.dumps(applied)[:600]}")
        sql("postgres", "drop database if exists probe with (force)", "create database probe template stands")
        sql("probe", "drop schema candor cascade")
        code, found = candor(project, "diagnose", "--url", url("probe"))
        diagnosis = found["diagnosis"]
        slowest = max(slowest, diagnosis["total_ms"] - diagnosis["reading_ms"])
        if diagnosis["stands"] and version in diagnosis["equal"]:
            right += 1
            ranges += len(diagnosis["equal"]) > 1
        else:
            print(f"{project}: at {version} diagnose says {diagnosis['version']}, equal to {diagnosis['equal']}")
    print(f"{project}: {right} of {len(versions)} versions found, {ranges} of them as one of several with the same catalog;"
          f" diagnose took at most {slowest:.0f} ms beyond reading")
    return right == len(versions)


if __name__ == "__main__":
    results = [measure(project) for project in sys.argv[1:]]
    sys.exit(0 if all(results) else 1)
