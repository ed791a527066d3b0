const FUNCTIONS = [
  ...['And', 'Base64', 'Cidr', 'Contains', 'EachMemberEquals', 'EachMemberIn', 'Equals', 'FindInMap', 'GetAZs'],
  ...['GetAtt', 'If', 'ImportValue', 'Join', 'Length', 'Not', 'Or', 'RefAll', 'Select', 'Split', 'Sub'],
  ...['ToJsonString', 'Transform', 'ValueOf', 'ValueOfAll'],
];

/** YAML's short forms: `!Sub` stands for `Fn::Sub`. */
const SHORT_TAGS = new Map<string, string>([
  ['!Ref', 'Ref'],
  ['!Condition', 'Condition'],
  ...FUNCTIONS.map((name): [string, string] => [`!${name}`, `Fn::${name}`]),
]);

export function isShortTag(tag: string | undefined): tag is string {
  return tag !== undefined && SHORT_TAGS.has(tag);
}

/** The long form of a tagged value. `contents` reads what the tag stands before, at the path that is appended to it. */
export function expandShortTag(tag: string, contents: (path: string) => unknown): Record<string, unknown> {
  const name = SHORT_TAGS.get(tag) as string;
  const argument = contents(`/${name}`);
  return { [name]: name === 'Fn::GetAtt' && typeof argument === 'string' ? splitAttribute(argument) : argument };
}

/** `Nested.Outputs.Url` names the attribute `Outputs.Url` of `Nested`. */
export function splitAttribute(dotted: string): string[] {
  const dot = dotted.indexOf('.');
  return dot < 0 ? [dotted] : [dotted.slice(0, dot), dotted.slice(dot + 1)];
}
