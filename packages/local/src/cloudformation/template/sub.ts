/** A piece of a `Fn::Sub` text: literal text, or a variable to put in. */
export type SubPart = { text: string } | { variable: string };

/** Takes `${Name}` and `${Id.Attribute}` out of the text; `${!Literal}` is the text `${Literal}`. */
export function subParts(text: string): SubPart[] {
  const parts: SubPart[] = [];
  let end = 0;
  for (const match of text.matchAll(/\$\{([^}]*)\}/g)) {
    if (match.index > end) parts.push({ text: text.slice(end, match.index) });
    const inner = match[1] as string;
    parts.push(inner.startsWith('!') ? { text: `\${${inner.slice(1)}}` } : { variable: inner });
    end = match.index + match[0].length;
  }
  if (end < text.length) parts.push({ text: text.slice(end) });
  return parts;
}

/** The text and the variables of its own that `Fn::Sub` is given, in either of its forms. */
export function subArgument(argument: unknown): { text: string; variables: Record<string, unknown> } {
  if (Array.isArray(argument)) return { text: argument[0], variables: argument[1] ?? {} };
  return { text: String(argument), variables: {} };
}
