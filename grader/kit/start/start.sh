#!/bin/sh
# Start Alongside: makes its own Python environment once, then opens the course.

stop() {
  printf '\n'
  printf '%s\n' "$@"
  printf '\nPress Enter to close this window. '
  read -r _
  exit 1
}

stop_with_log() {
  stop "$@" "If that does not help, send your trainer this file:" "$log"
}

case "$(uname -s)-$(uname -m)" in
  Darwin-arm64) system=mac-arm64 own="$HOME/Library/Application Support/Alongside" ;;
  Linux-x86_64) system=linux-x86_64 own="${XDG_DATA_HOME:-$HOME/.local/share}/alongside" ;;
  Linux-aarch64) system=linux-aarch64 own="${XDG_DATA_HOME:-$HOME/.local/share}/alongside" ;;
  *) stop "This kit does not fit this computer." "Ask your trainer for the course as a link." ;;
esac
kit=@KIT@
place="$own/$kit"
python="$place/bin/python"
log="$own/set-up.txt"
uv="parts/uv/$system/uv"
export UV_PYTHON_INSTALL_DIR="$own/python" UV_PYTHON_INSTALL_BIN=0
export UV_CACHE_DIR="$own/uv-cache"

make_place() {
  rm -rf "$place"
  "./$uv" venv --no-config --no-project "$@" "$place" >>"$log" 2>&1
}

fill_place() {
  "./$uv" pip install --no-config --no-cache --offline --no-index --find-links parts/wheels \
    --link-mode copy --python "$python" alongside==@VERSION@ >>"$log" 2>&1
}

# On a Mac without Apple's tools, /usr/bin/python3 is a window that asks for them: not looked at.
use_own_python() (
  [ "$system" != mac-arm64 ] || PATH=/opt/homebrew/bin:/usr/local/bin:/bin
  make_place --offline --no-python-downloads --python "@PYTHONS@" && fill_place
)

fetch_python() {
  printf '\n'
  echo "Alongside needs Python, a free program. No Python that fits was found here."
  echo "It can be fetched now. This needs the internet, this one time."
  echo "It goes into a folder of its own and changes nothing else."
  echo "To go on, press Enter. To stop, close this window."
  read -r _
  echo "Python is being fetched. Please wait."
  make_place --managed-python --python @FETCHED@ || stop_with_log \
    "Python could not be fetched." \
    "See whether this computer is on the internet, then start again." \
    "You can also install Python @OLDEST@ or newer yourself."
  fill_place || stop_with_log \
    "Alongside could not be set up. Your answers are safe." \
    "Make some room on the disk and start again."
}

set_up() {
  unset CDPATH
  cd -- "$(dirname -- "$0")" && [ -f "parts/$kit.txt" ] && [ -f "$uv" ] || stop \
    "Some files of Alongside are not here. Is the zip file still packed?" \
    "Unpack the whole zip file. Then start from the new folder."
  mkdir -p "$own" && : >"$log" || stop \
    "Alongside cannot make its folder on this computer." \
    "Make some room on the disk and start again. Your answers are safe."
  chmod +x "$uv" 2>/dev/null
  # You allowed this file to start; the program beside it is not asked for once more.
  [ "$system" != mac-arm64 ] || xattr -d com.apple.quarantine "$uv" 2>/dev/null
  echo "Alongside is being set up. This happens once and can take some minutes."
  use_own_python || fetch_python
  echo "$kit" >"$place/ready.txt" || stop_with_log \
    "Alongside could not be set up. Your answers are safe." \
    "Make some room on the disk and start again."
  for old in "$own"/kit-*; do
    [ "$old" = "$place" ] || rm -rf "$old"
  done
}

[ -f "$place/ready.txt" ] && "$python" -I -c "import grader" 2>/dev/null || set_up
echo "The course opens in your browser. Your answers are kept in the folder Alongside."
echo "To end the course, close this window."
"$python" -I -m grader.cli learn || stop \
  "The course has stopped. Your answers are safe." "Read the lines above, then start again."
