/** A part of a terminal's output: text of commands, or a marker of the shell script. */
export type OutputToken = { text: string } | { mark: string; value: string };

/**
 * Separates markers from output. A marker is a line that begins with the nonce: `<nonce> exit 0`. The line break before
 * it is part of it. The start of a possible marker is held back until the next chunk.
 */
export function markerParser(nonce: string): (chunk: string) => OutputToken[] {
  const pattern = new RegExp(`\\r?\\n${nonce} (\\w{1,20}) ?(\\d{0,10})\\r?\\n`);
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

/** The index where an incomplete marker may begin; the length of the buffer when there is none. */
function partialMarkerStart(buffer: string, beginning: string): number {
  // A marker is at most as long as its prefix, its name and a number.
  for (let at = Math.max(0, buffer.length - beginning.length - 40); at < buffer.length; at += 1) {
    const from = buffer[at] === '\r' ? at + 1 : at;
    const rest = buffer.slice(from);
    if (buffer[at] === '\r' && rest === '') return at;
    if (rest[0] === '\n' && (beginning.startsWith(rest) || rest.startsWith(beginning))) return at;
  }
  return buffer.length;
}
