import type { CommandSet } from './commands.ts';

/** In the home directory: one directory for each set of commands, and in it one for each command, by its number. */
export function directoryOf({ sha256 }: CommandSet): string {
  return `.studio-resources/setup-${sha256}`;
}

/** The log shows at most so many bytes of each command's output. The file `log` has all of it. */
const maxShownBytes = 65_536;

/**
 * The start of each script. A command's directory contains its `pid`, its `log`, the `attempt` that it belongs to, how
 * much of the log was `shown`, and at the end its `status`. mkdir is atomic, so of two concurrent runs only one starts
 * a command.
 */
function functions(work: CommandSet, attempt: string): string {
  return `
d="$HOME/${directoryOf(work)}"; a=${attempt}; umask 077; cd "$HOME" || exit 3
alive() {
  kill -0 "$1" 2>/dev/null || return 1
  [ ! -r "/proc/$1/cmdline" ] || grep -q 'setup-${work.sha256}' "/proc/$1/cmdline"
}
ended() { s=$(cat "$c/status" 2>/dev/null) && [ -n "$s" ]; }
inspect() {
  c=$d/$1
  ended && return
  [ -d "$c" ] || { s=new; return; }
  p=$(cat "$c/pid" 2>/dev/null)
  if [ -n "$p" ]; then
    if alive "$p"; then s=running; else ended || s=lost; fi
  elif [ -z "$(find "$c" -prune -mmin +1)" ]; then s=running; else s=lost; fi
}
report() {
  inspect "$1"; t=
  case $s in 0 | new | running) ;; *) t=$(tail -c 400 "$c/log" 2>/dev/null | base64 | tr -d '\\n') ;; esac
  printf '= %s %s %s %s\\n' "$1" "$s" "$(cat "$c/attempt" 2>/dev/null || echo -)" "$t"
}
`;
}

/** Reports the state of each command. */
export function statusScript(work: CommandSet, attempt: string): string {
  return `${functions(work, attempt)}
for n in ${work.commands.map((_, index) => index + 1).join(' ')}; do report $n; done
`;
}

/**
 * Runs the remaining commands and follows their output. Each command is detached from its terminal, so a later
 * reconcile can find it and follow it from where the previous one stopped. A command that failed in an earlier attempt
 * is moved aside and run again.
 */
export function runScript(work: CommandSet, attempt: string): string {
  const steps = work.commands.map(({ Command, Background, IgnoreFailure }, index) => {
    const code = Buffer.from(Command).toString('base64');
    return `step ${index + 1} ${Number(Background)} ${Number(IgnoreFailure)} "$(printf %s ${code} | base64 -d)"`;
  });
  return `${functions(work, attempt)}
mkdir -p "$d" || { echo "! it cannot be written to $d"; exit 3; }
shell=$(command -v bash || echo sh); via=$(command -v setsid)
show() {
  size=$(wc -c 2>/dev/null <"$c/log" || echo 0); o=$(cat "$c/shown" 2>/dev/null || echo 0)
  [ "$size" -gt ${maxShownBytes} ] && size=${maxShownBytes}
  while [ "$o" -lt "$size" ]; do
    k=$((size - o)); [ "$k" -gt 8192 ] && k=8192
    # The dot flushes the line before it: the last line break could be the start of a marker.
    printf '> %s %s\\n.\\n' "$1" "$(tail -c +$((o + 1)) "$c/log" | head -c "$k" | base64 | tr -d '\\n')"
    o=$((o + k))
  done
}
# Only after it was sent: a client that disconnects may see a piece again, but misses none.
acknowledge() { [ "$o" = 0 ] || echo "$o" >"$c/shown"; }
begin() {
  mkdir "$c" 2>/dev/null || { [ -d "$c" ] && return; echo "! it cannot be written to $d"; exit 3; }
  echo "$a" >"$c/attempt"; : >"$c/log"
  nohup $via sh -c 'echo $$ >"$0/pid"
    "$1" -c "$2" >"$0/log" 2>&1 </dev/null
    echo $? >"$0/status.new"; mv "$0/status.new" "$0/status"' "$c" "$shell" "$2" >/dev/null 2>&1 </dev/null &
}
step() {
  inspect "$1"
  case $s in 0 | new | running) ;; *)
    [ "$3" = 1 ] || [ "$(cat "$c/attempt" 2>/dev/null)" = "$a" ] ||
      { mv "$c" "$d/$1.before-$a" 2>/dev/null; inspect "$1"; } ;;
  esac
  [ "$s" = new ] && { echo "+ $1"; begin "$1" "$4"; inspect "$1"; }
  while [ "$2" = 0 ]; do show "$1"; [ "$s" = running ] || break; sleep 0.2; acknowledge; inspect "$1"; done
  [ "$2" = 0 ] || show "$1"
  report "$1"; acknowledge
  case $s in 0 | running) ;; *) [ "$3" = 1 ] || exit 0 ;; esac
}
${steps.join('\n')}
`;
}
