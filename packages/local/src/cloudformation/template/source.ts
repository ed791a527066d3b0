import { isAlias, isMap, isScalar, isSeq, LineCounter, type Node, type Pair, parseDocument, type Scalar } from 'yaml';
import { AwsError } from '../../errors.ts';
import { expandShortTag, isShortTag } from './short-tags.ts';
import { withWayOut } from './way-out.ts';
import { readYaml11 } from './yaml-1-1.ts';

/** A place in a template, both counted from 1. */
export interface Position {
  line: number;
  column: number;
}

/** A template's text as plain values, and where each of them stands. */
export interface Source {
  root: unknown;
  /** The place of a value by its path (`/Resources/Domain/Properties`); of its nearest parent where it has none. */
  at(path: string): Position;
}

/** The `ValidationError` that CloudFormation answers for a wrong template, with the place appended, and under it what to do. */
export function templateError(text: string, { line, column }: Position, ways: readonly string[] = []): AwsError {
  return new AwsError('ValidationError', withWayOut(`${text} (line ${line}, column ${column})`, ways));
}

// The scalars of YAML 1.1, as CloudFormation reads them: an unquoted yes, no, on or off is a boolean, in three
// spellings each (a lone y or n is not). Dates stay strings: it does not know the timestamp tag.
const TRUE = /^(?:true|True|TRUE|yes|Yes|YES|on|On|ON)$/;
const FALSE = /^(?:false|False|FALSE|no|No|NO|off|Off|OFF)$/;
const NULL = /^(?:~|null|Null|NULL)?$/;
const CORE_TAG = /^tag:yaml\.org,2002:(?:str|int|float|bool|null|map|seq)$/;
const JSON_LITERAL = /^(?:true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?)$/;

function plainScalar(text: string): unknown {
  if (TRUE.test(text)) return true;
  if (FALSE.test(text)) return false;
  if (NULL.test(text)) return null;
  // Only what prints again as it was written becomes a number: an account id with a leading zero, a version such as
  // 1.10 and a number longer than a double keep their digits.
  const number = Number(text);
  return Number.isFinite(number) && String(number) === text ? number : text;
}

/** Reads YAML 1.1, or JSON where the text starts with a brace, without losing places. */
export function readSource(body: string): Source {
  const json = /^\uFEFF?\s*\{/.test(body);
  const malformed = `Template format error: ${json ? 'JSON' : 'YAML'} not well-formed.`;
  const { text, origin, refused } = json ? { text: body, origin: (offset: number) => offset } : readYaml11(body);
  const lines = new LineCounter();
  for (const { index } of body.matchAll(/^/gm)) lines.addNewLine(index);
  const position = (offset: number) => lineAndColumn(lines, origin(offset));
  // The failsafe schema leaves every scalar as its text; which of them are numbers is decided here.
  const document = parseDocument<Node, true>(text, { schema: 'failsafe', prettyErrors: false });
  if (refused !== undefined) throw templateError(malformed, lineAndColumn(lines, refused));
  const problem = document.errors[0];
  if (problem?.code === 'DUPLICATE_KEY') {
    throw templateError('Template format error: the same key is given twice in one map', position(problem.pos[0]));
  }
  if (problem) throw templateError(malformed, position(problem.pos[0]));

  const places = new Map<string, Position>();
  const placeOf = (node: Node) => position(node.range?.[0] ?? 0);

  function keyOf(pair: Pair<unknown, unknown>, path: string): string {
    const key = pair.key as Node;
    if (!isScalar(key) || (key.tag && !CORE_TAG.test(key.tag))) {
      const received = isMap(key) || !isSeq(key) ? 'map' : 'list';
      throw templateError(
        `Template format error: [${path}] map keys must be strings; received a ${received} instead`,
        placeOf(key),
      );
    }
    if (json && key.type !== 'QUOTE_DOUBLE') throw templateError(malformed, placeOf(key));
    if (key.type === 'PLAIN' && key.value === '<<') {
      throw templateError("Template format error: YAML merge keys ('<<') are not supported", placeOf(key));
    }
    if (key.value === null || key.value === '') throw templateError(malformed, placeOf(key));
    return String(key.value);
  }

  function scalarOf(node: Scalar, path: string): unknown {
    const text = String(node.value ?? '');
    if (json && node.type !== 'QUOTE_DOUBLE' && !(node.type === 'PLAIN' && JSON_LITERAL.test(text))) {
      throw templateError(malformed, placeOf(node));
    }
    const value = node.type === 'PLAIN' && node.tag !== 'tag:yaml.org,2002:str' ? plainScalar(text) : text;
    if (value === null && !isShortTag(node.tag)) {
      throw templateError(`[${path}] 'null' values are not allowed in templates`, places.get(path) ?? placeOf(node));
    }
    return isShortTag(node.tag) ? text : value;
  }

  function convert(node: Node | null, path: string): unknown {
    if (!node) throw templateError(`[${path}] 'null' values are not allowed in templates`, at(path));
    if (isAlias(node)) {
      throw templateError('Template error: YAML aliases are not allowed in CloudFormation templates', placeOf(node));
    }
    const { tag } = node;
    if (isShortTag(tag)) return expandShortTag(tag, (inner) => contents(node, path + inner));
    // `!` alone says that a scalar is text; every other tag that CloudFormation does not know is an error.
    if (tag && tag !== '!' && !CORE_TAG.test(tag)) throw templateError(malformed, placeOf(node));
    return contents(node, path);
  }

  function contents(node: Node, path: string): unknown {
    if (!places.has(path)) places.set(path, placeOf(node));
    if (isSeq<Node>(node)) return node.items.map((item, index) => convert(item, `${path}/${index}`));
    if (!isMap<Node, Node>(node)) return scalarOf(node as Scalar, path);
    const entries = node.items.map((pair): [string, unknown] => {
      const key = keyOf(pair, path);
      const inner = `${path}/${key}`;
      places.set(inner, placeOf(pair.key));
      return [key, convert(pair.value, inner)];
    });
    return Object.fromEntries(entries);
  }

  function at(path: string): Position {
    for (let rest = path; rest; rest = rest.slice(0, rest.lastIndexOf('/'))) {
      const found = places.get(rest);
      if (found) return found;
    }
    return places.get('') ?? { line: 1, column: 1 };
  }

  const root = document.contents ? convert(document.contents, '') : undefined;
  if (json) checkJson(body, malformed, position);
  return { root, at };
}

function lineAndColumn(lines: LineCounter, offset: number): Position {
  const { line, col } = lines.linePos(offset);
  return { line, column: col };
}

/** What YAML allows and JSON does not (a trailing comma, a comment, a raw control character). */
function checkJson(body: string, malformed: string, position: (offset: number) => Position): void {
  try {
    JSON.parse(body.replace(/^\uFEFF/, ''));
  } catch (error) {
    const offset = /at position (\d+)/.exec((error as Error).message)?.[1];
    throw templateError(malformed, position(Number(offset ?? 0)));
  }
}
