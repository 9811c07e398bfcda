# tests/tools/setup.sh: the first line of every story is `. "$TESTDIR/setup.sh"`.
#
# As for the stories of tests/cli, and with the real tools in PATH: Debian's, and build/tools, installed as
# package-lock.json beside this file pins them. `node_modules` lies in the story's folder, so that programs written
# there can import from it.
if [[ ! -d $TESTDIR/../../build/tools/node_modules ]]; then
  echo "no tools: run the stories with \`./dev test tools\`, or one with \`./dev test tools tests/tools/NAME.t\`"
  exit 1
fi
. "$TESTDIR/../cli/setup.sh"
ln -s "$(realpath "$TESTDIR/../../build/tools/node_modules")" node_modules
PATH=$PWD/node_modules/.bin:$PATH

# Nobody's own settings, no colours, and no questions to anybody outside.
export NODE_ENV=development FORCE_COLOR=0 CI=1 CHECKPOINT_DISABLE=1 PRISMA_HIDE_UPDATE_MESSAGE=1 PGPASSWORD=

# A tool as it is run, its output made to compare; its exit code stays.
tool() { "$@" 2>&1 </dev/null | norm; }

# `candor capture`, without what the program prints: that is not the story. Where it fails, it is.
capture() {
  command candor capture "$@" 2>program.log | norm || { cat program.log && return 1; }
  grep -A 2 -E '^(warning|error) C[0-9]' program.log | norm || true
}

# The rows of a query, unaligned.
rows() { psql -At -c "$1"; }
