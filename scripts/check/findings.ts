import type { TemplateFile } from '../templates/files.ts';

/** Something in a template that is not as it should be, unless a comment beside it says why it is meant so. */
export interface Finding {
  path: string;
  line: number;
  /** Of AWS's validator, such as `W2001`, or one of the project's, such as `wildcard-action`. */
  rule: string;
  /** What is wrong, and what to do. */
  message: string;
}

/** A comment that says why a finding is meant so: `# Accepted W2001: it is for the reader alone.` */
interface Acceptance {
  rule: string;
  line: number;
  /** The parameter, resource or output that it stands in or above; the whole template where it stands in none. */
  lines: Lines;
}

/** From the first to the last. */
type Lines = readonly [first: number, last: number];

const comment = /^\s*#\s*Accepted ([\w-]+): \S/;

/** The findings that no comment accepts, and the comments that accept no finding. */
export function unexplained(findings: readonly Finding[], files: readonly TemplateFile[]): Finding[] {
  const acceptances = new Map(files.map((file) => [file.path, acceptancesIn(file)]));
  const used = new Set<Acceptance>();
  const left = findings.filter(({ path, line, rule }) => {
    const found = acceptances.get(path)?.filter((one) => one.rule === rule && contains(one.lines, line)) ?? [];
    for (const one of found) used.add(one);
    return found.length === 0;
  });
  for (const [path, all] of acceptances) {
    for (const one of all) {
      if (used.has(one)) continue;
      const message = `nothing here is found by ${one.rule}, so its explanation explains nothing; remove it`;
      left.push({ path, line: one.line, rule: 'accepted', message });
    }
  }
  return left;
}

/** As a person reads them: by place, each once. */
export function shown(findings: readonly Finding[]): string[] {
  const sorted = [...findings].sort((a, b) => a.path.localeCompare(b.path) || a.line - b.line);
  return [...new Set(sorted.map(({ path, line, rule, message }) => `${path}:${line}: ${rule}: ${message}`))];
}

function acceptancesIn(file: TemplateFile): Acceptance[] {
  const lines = file.text.split('\n');
  const entities = entitiesOf(file, lines);
  return lines.flatMap((text, index) => {
    const rule = comment.exec(text)?.[1];
    if (!rule) return [];
    const line = index + 1;
    const own = entities.find((each) => contains(each, line));
    return [{ rule, line, lines: own ?? [1, lines.length] }];
  });
}

/** The lines of each parameter, resource and output, with the comments above it. */
function entitiesOf({ template, places }: TemplateFile, lines: readonly string[]): Lines[] {
  const sections = { Parameters: template.parameters, Resources: template.resources, Outputs: template.outputs };
  return Object.entries(sections).flatMap(([section, entities]) =>
    [...entities.keys()].map((name) => linesOf(places.at(`/${section}/${name}`).line, lines)),
  );
}

function linesOf(key: number, lines: readonly string[]): Lines {
  const indentation = indentationOf(lines[key - 1]!);
  const isComment = (line: number) => /^\s*#/.test(lines[line - 1] ?? '');
  const isOuter = (text: string) => text.trim() !== '' && indentationOf(text) <= indentation;
  const next = lines.findIndex((text, index) => index >= key && isOuter(text));
  let first = key;
  while (isComment(first - 1)) first -= 1;
  return [first, next < 0 ? lines.length : next];
}

function indentationOf(text: string): number {
  return text.length - text.trimStart().length;
}

function contains([first, last]: Lines, line: number): boolean {
  return first <= line && line <= last;
}
