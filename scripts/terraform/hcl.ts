/** A block of HCL as `terraform fmt` writes it: its header, such as `variable "x"`, and its lines. */
export function block(header: string, lines: readonly (readonly [name: string, value: string] | string)[]): string {
  return `${header} {\n${body(lines)}\n}`;
}

/** Arguments as pairs, and nested blocks and blank lines as texts. The equals signs of neighbours are aligned. */
function body(lines: readonly (readonly [name: string, value: string] | string)[]): string {
  const written: string[] = [];
  let group: (readonly [name: string, value: string])[] = [];
  const flush = () => {
    const width = Math.max(0, ...group.map(([name]) => name.length));
    for (const [name, value] of group) written.push(`${name.padEnd(width)} = ${value}`);
    group = [];
  };
  for (const line of lines) {
    if (typeof line === 'string') {
      flush();
      written.push(line);
    } else if (line[1].includes('\n')) {
      // An argument of several lines ends a group.
      flush();
      written.push(`${line[0]} = ${line[1]}`);
    } else group.push(line);
  }
  flush();
  return indented(written.join('\n'));
}

/** An object's members in braces, each on a line of its own. */
export function object(lines: readonly (readonly [name: string, value: string] | string)[]): string {
  return `{\n${body(lines)}\n}`;
}

/** A text in quotes, in which nothing is a template. */
export function quoted(text: string): string {
  return JSON.stringify(text).replaceAll('${', '$${').replaceAll('%{', '%%{');
}

function indented(text: string): string {
  return text.replace(/^(?=.)/gm, '  ');
}
