/** Reads the `aws` command line's shorthand for structures: `Key=team,Value=red`, `Name=x,Id={A=1,B=2}`, `Name="a,b"`. */
export function shorthand(text: string): Record<string, unknown> {
  const { value, rest } = members(text);
  if (rest !== '') throw new Error(`Reading ${text}: this is left over: ${rest}`);
  return value;
}

function members(text: string): { value: Record<string, unknown>; rest: string } {
  const value: Record<string, unknown> = {};
  let rest = text;
  for (;;) {
    const [, name, after] = /^(\w+)=(.*)$/s.exec(rest) ?? [];
    if (name === undefined) throw new Error(`Reading ${text}: no name and value at ${rest}`);
    if (after!.startsWith('{')) {
      const inner = members(after!.slice(1));
      value[name] = inner.value;
      rest = inner.rest.replace(/^}/, '');
    } else {
      const [scalar, quoted] = /^"([^"]*)"|^[^,{}]*/.exec(after!)!;
      value[name] = quoted ?? scalar;
      rest = after!.slice(scalar.length);
    }
    if (!rest.startsWith(',')) return { value, rest };
    rest = rest.slice(1);
  }
}
