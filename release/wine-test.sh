#!/usr/bin/env bash
# Runs the Windows program under wine and compares every file it writes with what the Linux program
# writes, byte for byte (timings.json and the journal, which knows the clock, aside); then tries what only Windows does: files that another
# program holds open. Says why it was skipped where something is missing.
#
#   release/wine-test.sh [touyan.exe [touyan]]
#
# Sheets as offices keep them come from TOUYAN_MESSY_COUNTY (a folder), else from
# ../shared/data/messy_county, else from `touyan synth`.
set -euo pipefail
cd "$(dirname "$0")/.."
root=$PWD
target="${CARGO_TARGET_DIR:-target}"
exe=$(realpath -m "${1:-$target/x86_64-pc-windows-gnu/release/touyan.exe}")
native=$(realpath -m "${2:-$target/release/touyan}")
skip() { echo "skipped: $*"; exit 0; }

wine=""
for candidate in "$(command -v wine64 || true)" /usr/lib/wine/wine64 "$(command -v wine || true)"; do
    [ -z "$wine" ] && [ -x "$candidate" ] && wine=$candidate
done
[ -n "$wine" ] || skip "no wine64 here"
command -v x86_64-w64-mingw32-gcc >/dev/null || skip "no x86_64-w64-mingw32-gcc here"
[ -f "$exe" ] || skip "$exe has not been built"
[ -x "$native" ] || skip "$native has not been built"

work=$(mktemp -d)
export WINEPREFIX="$work/prefix" WINEDEBUG=-all WINEDLLOVERRIDES="mscoree,mshtml=" LC_ALL=C.UTF-8
# wine's own background process must be gone before its folder can be.
stop() {
    touch "$work/release"
    local server
    for server in "$(command -v wineserver || true)" /usr/lib/wine/wineserver64 /usr/lib/wine/wineserver; do
        [ -x "$server" ] && { "$server" -k >/dev/null 2>&1 || true; break; }
    done
    rm -rf "$work" 2>/dev/null || { sleep 1; rm -rf "$work"; }
}
trap stop EXIT

mkdir "$work/bin"
# Debian 12's wine lacks a DLL that every Windows since 10 has; beside the program, it is found.
cat >"$work/random.c" <<'C'
#include <windows.h>
BOOLEAN NTAPI SystemFunction036(PVOID, ULONG);
__declspec(dllexport) BOOL WINAPI ProcessPrng(PBYTE data, SIZE_T size) { return SystemFunction036(data, (ULONG)size); }
C
x86_64-w64-mingw32-gcc -shared -O1 -o "$work/bin/bcryptprimitives.dll" "$work/random.c" -ladvapi32
# hold FILE read|none: keeps FILE open as Excel does (others may read), or for itself alone.
cat >"$work/hold.c" <<'C'
#include <windows.h>
int wmain(int argc, wchar_t **argv) {
    DWORD share = argc > 2 && argv[2][0] == L'r' ? FILE_SHARE_READ : 0;
    HANDLE file = CreateFileW(argv[1], GENERIC_READ, share, NULL, OPEN_EXISTING, 0, NULL);
    if (file == INVALID_HANDLE_VALUE) return 1;
    CloseHandle(CreateFileW(L"held", GENERIC_WRITE, 0, NULL, CREATE_ALWAYS, 0, NULL));
    for (int i = 0; i < 600 && GetFileAttributesW(L"release") == INVALID_FILE_ATTRIBUTES; i++) Sleep(100);
    return 0;
}
C
x86_64-w64-mingw32-gcc -municode -O1 -o "$work/bin/hold.exe" "$work/hold.c"
cp "$exe" "$work/bin/touyan.exe"

cd "$work"
failures=0
failed() { echo "FAILED: $1"; failures=$((failures + 1)); [ -z "${2:-}" ] || sed 's/^/    /' "$2"; }
windows() { timeout 300 "$wine" bin/touyan.exe "$@"; }
same() { # same WHAT FOLDER FOLDER
    if diff -rq --exclude=timings.json --exclude="*.journal.jsonl" "$2" "$3" >differ.txt; then
        echo "same bytes: $1 ($(find "$2" -type f ! -name timings.json ! -name "*.journal.jsonl" | wc -l) files)"
    else
        failed "not the same: $1" differ.txt
    fi
}
seconds() { # of a command
    local from; from=$(date +%s%N)
    "$@" </dev/null >/dev/null 2>&1 || { echo "the Windows program does not start under $wine" >&2; exit 1; }
    echo "$((($(date +%s%N) - from) / 10000000))" | sed -E 's/^([0-9]+)([0-9]{2})$/\1.\2/; s/^([0-9]{1,2})$/0.\1/'
}
printf 'touyan.exe: %s MB; starts under wine in %s s with a new prefix, then in %s s\n' \
    "$(($(stat -c %s "$exe") / 1000000))" "$(seconds windows --version)" "$(seconds windows --version)"

# The demo county, in both languages and for both readers.
for language in zh en; do
    for reader in summary internal; do
        "$native" --lang $language demo --out linux/demo --for $reader >linux.txt 2>/dev/null
        windows --lang $language demo --out windows/demo --for $reader >windows.txt 2>/dev/null </dev/null
        same "the demo county, $language, $reader" linux/demo windows/demo
        # On the screen only the separators of paths may differ.
        diff <(sed 's|linux/|windows/|g' linux.txt) <(tr -d '\r' <windows.txt | tr '\\' '/') >said.txt ||
            failed "other words on the screen: demo, $language, $reader" said.txt
        rm -rf linux windows
    done
done

# Sheets as offices keep them, in folders with Chinese names and spaces.
book="头雁 县/台账（终稿）"
mkdir -p "头雁 县" linux windows
messy="${TOUYAN_MESSY_COUNTY:-$root/../shared/data/messy_county}"
if [ -d "$messy" ]; then
    what="the messy county"
    cp -r "$messy" "$book" && chmod -R u+w "$book"
else
    what="a synthetic county as workbooks"
    "$native" synth "$book" --villages 60 --format xlsx >/dev/null 2>&1
fi
mkdir "$book/乡镇报送"
extra="$book/乡镇报送/补充 1.csv"
printf '序号,乡镇,村,党员数\r\n1,青石镇,大泉村,41\r\n' | iconv -f UTF-8 -t GB18030 >"$extra"
# One secret for both, or people's codes would differ.
printf '%064d\n' 7 >"$book.touyan-salt"
for format in parquet csv; do
    "$native" --lang zh run "$book" --out linux/结果 --format $format --for internal >/dev/null 2>&1
    windows --lang zh run "$book" --out windows/结果 --format $format --for internal >/dev/null 2>&1 </dev/null
    same "$what, run --format $format" linux/结果 windows/结果
done
"$native" --lang zh check "$book" --out linux/检查 --json >linux/check.json 2>/dev/null || true
windows --lang zh check "$book" --out windows/检查 --json 2>/dev/null </dev/null | tr -d '\r' >windows/check.json || true
same "$what, check" linux windows
# A result made on Linux verifies on Windows up to the full replay.
if windows verify linux/结果 --book "$book" >verify.txt 2>/dev/null </dev/null; then
    echo "the Windows program replays the Linux run: $(tail -n 1 verify.txt | tr -d '\r')"
else
    failed "the Windows program cannot verify the Linux run" verify.txt
fi

# The conversation, from a pipe in GBK: a folder typed, a wrong answer, everything with a report.
printf '%s\r\n9\r\n2\r\n\r\n\r\n\r\n0\r\n' "$book" | iconv -f UTF-8 -t GB18030 | windows --lang zh "头雁 县" >talk.txt 2>&1 ||
    failed "the conversation" talk.txt
result=$(find "头雁 县" -maxdepth 1 -name '研判结果_*')
if [ -f "$result/report.html" ]; then
    echo "the conversation wrote $result"
else
    failed "the conversation wrote no report" talk.txt
fi

# What another program holds open.
hold() { # hold FILE read|none
    rm -f held release
    "$wine" bin/hold.exe "$1" "$2" </dev/null >/dev/null 2>&1 &
    holder=$!
    for _ in $(seq 100); do [ -f held ] && return; sleep 0.1; done
    failed "the holder does not start"
}
let_go() { touch release; wait "$holder" || true; }

hold "$extra" none
windows --lang zh check "$book" >held.txt 2>/dev/null </dev/null || true
let_go
if grep -q '补充 1.csv：正被另一个程序占用' held.txt && grep -q 'README\|村' held.txt; then
    echo "a sheet that another program keeps to itself is named, and the others are read"
else
    failed "a sheet held open" held.txt
fi

hold "$extra" read
windows --lang zh check "$book" >read.txt 2>/dev/null </dev/null || true
let_go
if grep -q '占用' read.txt; then failed "a sheet open in Excel" read.txt; else echo "a sheet open as Excel opens it is read"; fi

before=$(find windows/结果 -type f -exec md5sum {} + | sort | md5sum)
hold windows/结果/report.xlsx read
code=0
windows --lang zh run "$book" --out windows/结果 >taken.txt 2>&1 </dev/null || code=$?
let_go
after=$(find windows/结果 -type f -exec md5sum {} + | sort | md5sum)
if [ $code = 2 ] && [ "$before" = "$after" ] && [ -f windows/结果_2/run.json ] &&
    grep -q 'report.xlsx 正被打开.*保持不变' taken.txt && [ "$(find windows -maxdepth 1 -name '.*' | wc -l)" = 0 ]; then
    echo "an older result open in Excel stays whole, and the new one is kept beside it"
else
    failed "an older result open in Excel (exit code $code)" taken.txt
    find windows -maxdepth 1 | sed 's/^/    /'
fi

hold "$result/report.xlsx" read
printf '2\n\n\n\n0\n' | windows --lang zh "$book" >talk.txt 2>&1 || failed "the conversation" talk.txt
let_go
if [ -f "${result}_2/report.html" ] && grep -q '另存一个文件夹' talk.txt && grep -q '队伍结构：' talk.txt; then
    echo "the conversation writes ${result}_2 instead, and says so"
else
    failed "the conversation with an older result open in Excel" talk.txt
fi
[ "$failures" = 0 ] || { echo "$failures comparisons failed"; exit 1; }
