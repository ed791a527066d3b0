/** A value as JSON, one member a line, and the number that `lineOf` gives for the path of each line. */
export interface LocatedJson {
  json: string;
  lines: readonly number[];
}

export function locatedJson(value: unknown, lineOf: (path: string) => number): LocatedJson {
  const written: string[] = [];
  const lines: number[] = [];
  const add = (text: string, path: string) => {
    written.push(text);
    lines.push(lineOf(path));
  };
  const write = (each: unknown, path: string, before: string, after: string) => {
    const isList = Array.isArray(each);
    if (!isList && (typeof each !== 'object' || each === null)) {
      add(`${before}${JSON.stringify(each)}${after}`, path);
      return;
    }
    const entries = Object.entries(each);
    add(`${before}${isList ? '[' : '{'}`, path);
    for (const [index, [key, member]] of entries.entries()) {
      const name = isList ? '' : `${JSON.stringify(key)}: `;
      write(member, `${path}/${key}`, name, index < entries.length - 1 ? ',' : '');
    }
    add(`${isList ? ']' : '}'}${after}`, path);
  };
  write(value, '', '', '');
  return { json: written.join('\n'), lines };
}
