import { isMap } from './intrinsics.ts';
import type { Section } from './section.ts';

const EXTENSIONS = 'AWS::LanguageExtensions';

/** What to do about the transforms that the local cloud does not have, by the beginning of their names. */
const INSTEAD: [name: RegExp, text: string][] = [
  [
    /^AWS::Serverless/,
    ' (SAM). Use what it makes: aws cloudformation get-template --template-stage Processed gives it of a stack in AWS',
  ],
  [/^AWS::Include$/, '. Put the text of the file in its place'],
];

/**
 * The transforms that a template declares. Throws `ValidationError` for those, and for the `Fn::Transform` and `Hooks`, that
 * the local cloud does not have.
 */
export function readTransforms(root: Section): string[] {
  const given = [root.members.Transform ?? []].flat();
  for (const transform of given) {
    const name = isMap(transform) ? transform.Name : transform;
    if (transform === EXTENSIONS) continue;
    throw missing(
      root,
      `the transform ${typeof name === 'string' ? name : JSON.stringify(name)}`,
      'Transform',
      String(name),
    );
  }
  const path = findTransform(root.members);
  if (path) {
    const { Name } = Object(path.argument);
    throw missing(root, `Fn::Transform of ${Name}`, path.path, String(Name));
  }
  if ('Hooks' in root.members) throw missing(root, 'the section Hooks', 'Hooks');
  return given as string[];
}

function missing(root: Section, what: string, member: string, name = '') {
  const instead = INSTEAD.find(([known]) => known.test(name))?.[1] ?? '. Write out what it stands for';
  return root.error(
    `Template error: the local cloud does not have ${what}${instead}. It has ${EXTENSIONS} only`,
    member,
  );
}

/** The first `Fn::Transform` anywhere in the template, and its path. Metadata is the template's own affair. */
function findTransform(value: unknown, path = ''): { argument: unknown; path: string } | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  for (const [key, member] of Object.entries(value)) {
    if (path === '' && key === 'Metadata') continue;
    const inner = path === '' ? key : `${path}/${key}`;
    const found = key === 'Fn::Transform' ? { argument: member, path: inner } : findTransform(member, inner);
    if (found) return found;
  }
  return undefined;
}
