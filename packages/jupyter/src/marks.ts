/** What a stream of terminal output turns out to be: text of commands, and marks of ours in between. */
export type OutputToken = { text: string } | { mark: string; value: string };

/**
 * Tells marks from output. A mark is a line of its own that begins with the nonce: `<nonce> exit 0`. The line break
 * before it belongs to it. What may yet become a mark is held back until more has come.
 */
export function markerParser(nonce: string): (chunk: string) => OutputToken[] {
  const pattern = new RegExp(`\\r?\\n${nonce} (\\w+) ?(\\d*)\\r?\\n`);
  const beginning = `\n${nonce} `;
  let buffer = '';
  return (chunk) => {
    buffer += chunk;
    const pieces: OutputToken[] = [];
    for (let match = pattern.exec(buffer); match; match = pattern.exec(buffer)) {
      if (match.index > 0) pieces.push({ text: buffer.slice(0, match.index) });
      pieces.push({ mark: match[1]!, value: match[2]! });
      buffer = buffer.slice(match.index + match[0].length);
    }
    const kept = partialMarkerStart(buffer, beginning);
    if (kept > 0) pieces.push({ text: buffer.slice(0, kept) });
    buffer = buffer.slice(kept);
    return pieces;
  };
}

/** Where that begins which may become a mark; the end of the buffer where nothing may. */
function partialMarkerStart(buffer: string, beginning: string): number {
  // No mark is longer than its beginning, its name and a number.
  for (let at = Math.max(0, buffer.length - beginning.length - 40); at < buffer.length; at += 1) {
    const from = buffer[at] === '\r' ? at + 1 : at;
    const rest = buffer.slice(from);
    if (buffer[at] === '\r' && rest === '') return at;
    if (rest[0] === '\n' && (beginning.startsWith(rest) || rest.startsWith(beginning))) return at;
  }
  return buffer.length;
}
