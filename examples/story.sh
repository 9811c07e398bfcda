# examples/story.sh: what every example's run.sh starts with:
#
#     . "$(dirname "${BASH_SOURCE[0]}")/../story.sh" FILE…
#
# From there on the story is told on a throw-away server that ends with it, in a copy of these files of its folder.
set -euo pipefail
example=$(cd "$(dirname "${BASH_SOURCE[1]}")" && pwd)
[[ ${CANDOR_STORY:-} == "$example" ]] || CANDOR_STORY=$example exec candor with-server -- "$example/run.sh"

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$example"
cp -r "$@" "$folder"
cd "$folder"

tell() { printf '\n# %s\n' "$@"; }

# Runs a command as a reader would, and holds it to the exit code that the story tells.
run() { # EXIT_CODE COMMAND…
  local expected=$1 code=0
  shift
  printf '$ %s\n' "$(words "$@")"
  "$@" || code=$?
  if ((code != 0)); then printf '(exit code %d)\n' "$code"; fi
  if ((code != expected)); then
    printf 'this should have ended with %d\n' "$expected" >&2
    exit 1
  fi
}

words() { # quotes only what a reader would quote
  local word line=
  for word; do
    [[ $word =~ ^[a-zA-Z0-9_./:=@-]+$ ]] || word="\"$word\""
    line+="$word "
  done
  printf '%s' "${line% }"
}

psql() { command psql -X -q -P pager=off -v ON_ERROR_STOP=1 "$@"; }
