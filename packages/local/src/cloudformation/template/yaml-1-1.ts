import { Lexer } from 'yaml';

/** A text of YAML 1.1 as the YAML 1.2 parser at hand reads it the same. */
export interface Yaml11 {
  text: string;
  /** Where an offset of `text` is in the text as it was written. */
  origin(offset: number): number;
  /** The offset, as written, of the first thing that YAML 1.1 does not allow. */
  refused?: number;
}

/** White space that is put into a text, at an offset of the text without it. */
interface Insertion {
  offset: number;
  length: number;
}

/** What YAML 1.1 calls printable: https://yaml.org/spec/1.1/#c-printable */
const UNPRINTABLE = /[^\t\n\r\x20-\x7E\x85\u00A0-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/u;
const QUOTED = /'(?:[^']|'')*'|"(?:[^"\\]|\\.)*"/sy;
const DOCUMENT_MARK = /^(?:---|\.\.\.)(?=\s)/m;
/** What the lexer puts between the parts of the text: a document, the end of a collection that is cut off, a scalar. */
const MARKS = ['\u0002', '\u0018', '\u001F'] as const;
const [, CUT_OFF, SCALAR] = MARKS;

interface Lexeme {
  source: string;
  offset: number;
  /** How many `{` and `[` are open before it. */
  level: number;
  /** Plain, or the text of a block. */
  isScalar: boolean;
  isBlock: boolean;
}

/**
 * Brings YAML 1.1, as PyYAML and SnakeYAML parse it, into a form that is also YAML 1.2. The two differ in that 1.1
 *
 * - has no indentation within quotes, `{ }` and `[ ]` (1.2: deeper than the parent), and no space before a comment there;
 * - ends a plain scalar within `{ }` and `[ ]` at a `?`, so that one there is an error;
 * - has keys of one line within `{ }` and `[ ]`, too;
 * - has no tab between tokens or within a plain scalar, no tag that touches what follows, and no unprintable character.
 */
export function readYaml11(body: string): Yaml11 {
  const unprintable = body.search(UNPRINTABLE);
  if (unprintable >= 0) return { text: body, origin: (offset) => offset, refused: unprintable };
  let text = body;
  let origins: Int32Array | undefined;
  for (;;) {
    const { missing, refused } = differenceIn(text);
    const origin = (offset: number) => origins?.[offset] ?? offset;
    if (!missing) return { text, origin, refused: refused === undefined ? undefined : origin(refused) };
    origins = movedOrigins(origins ?? Int32Array.from({ length: text.length + 1 }, (_, index) => index), missing);
    text = withSpace(text, missing);
  }
}

function withSpace(text: string, missing: readonly Insertion[]): string {
  let from = 0;
  const parts = missing.map(({ offset, length }) => {
    const part = text.slice(from, offset) + ' '.repeat(length);
    from = offset;
    return part;
  });
  return parts.join('') + text.slice(from);
}

/** The origin of each character after the insertions, from the origins before them. */
function movedOrigins(origins: Int32Array, missing: readonly Insertion[]): Int32Array {
  const moved = new Int32Array(missing.reduce((sum, { length }) => sum + length, origins.length));
  let from = 0;
  let to = 0;
  for (const { offset, length } of missing) {
    moved.set(origins.subarray(from, offset), to);
    to += offset - from;
    moved.fill(origins[offset] as number, to, to + length);
    to += length;
    from = offset;
  }
  moved.set(origins.subarray(from), to);
  return moved;
}

/** The first thing that YAML 1.2 refuses, as the space that it misses, or the first one that YAML 1.1 refuses. */
function differenceIn(text: string): { missing?: Insertion[]; refused?: number } {
  const keys = new KeyLines();
  let collection = 0;
  for (const lexeme of lexemes(text)) {
    if (lexeme.isBlock) continue;
    if (lexeme.level === 0 && isOpening(lexeme)) collection = lexeme.offset;
    const missing = missingSpace(text, lexeme, collection);
    if (missing) return { missing };
    const refused = refusedAt(text, lexeme) ?? keys.brokenKey(lexeme);
    if (refused !== undefined) return { refused };
  }
  return {};
}

/** The space that YAML 1.2 needs here; `collection` is where the outermost `{` or `[` is that was last open. */
function missingSpace(text: string, { source, offset, isScalar }: Lexeme, collection: number): Insertion[] | undefined {
  if (isScalar) return undefined;
  if (source === CUT_OFF) return deeper(text, collection, endOfCollection(text, collection));
  if (source.startsWith('#') && /\S/.test(text[offset - 1] ?? '\n')) return [{ offset, length: 1 }];
  if (!/^["']/.test(source)) return undefined;
  QUOTED.lastIndex = offset;
  const whole = QUOTED.exec(text)?.[0];
  const isCutOff = whole !== undefined && whole !== source && !DOCUMENT_MARK.test(whole);
  return isCutOff ? deeper(text, offset, offset + whole.length) : undefined;
}

/** What puts each further line of a part of the text under its beginning, or to the right of it. */
function deeper(text: string, start: number, end: number): Insertion[] | undefined {
  const length = start - (text.lastIndexOf('\n', start - 1) + 1);
  const lines = [...text.slice(start, end).matchAll(/\n/g)].map(({ index }) => ({ offset: start + index + 1, length }));
  return length > 0 && lines.length > 0 ? lines : undefined;
}

/** Read by itself, a collection has no parent that it must be deeper than. */
function endOfCollection(text: string, start: number): number {
  for (const lexeme of lexemes(text.slice(start))) {
    if (lexeme.level === 1 && isClosing(lexeme)) return start + lexeme.offset + 1;
  }
  return text.length;
}

function isOpening({ source, isScalar }: Lexeme): boolean {
  return !isScalar && (source === '{' || source === '[');
}

function isClosing({ source, isScalar }: Lexeme): boolean {
  return !isScalar && (source === '}' || source === ']');
}

function refusedAt(text: string, { source, offset, level, isScalar }: Lexeme): number | undefined {
  const isPlain = isScalar || /^[ \t]+$/.test(source);
  const wrong = isPlain ? source.search(isScalar && level > 0 ? /[?\t]/ : /\t/) : -1;
  if (wrong >= 0) return offset + wrong;
  const next = text[offset + source.length] ?? '\n';
  return !isScalar && source.startsWith('!') && /\S/.test(next) ? offset + source.length : undefined;
}

/** Looks for keys within `{ }` and `[ ]` that end on another line than they begin. */
class KeyLines {
  /** Where the entry began that is being read, of each open collection. */
  readonly #entries: ({ offset: number; lines: number } | undefined)[] = [];
  #lines = 0;

  brokenKey(lexeme: Lexeme): number | undefined {
    const { source, offset, level, isScalar } = lexeme;
    const isToken = isScalar || /^[^\s#]/.test(source);
    const entry = this.#entries[level];
    if (!isScalar && source === ',') this.#entries[level] = undefined;
    else if (!isScalar && source === ':' && entry && entry.lines < this.#lines) return entry.offset;
    else if (isToken && !entry && level > 0) {
      const isExplicit = !isScalar && source === '?';
      this.#entries[level] = { offset, lines: isExplicit ? Number.POSITIVE_INFINITY : this.#lines };
    }
    if (isOpening(lexeme)) this.#entries[level + 1] = undefined;
    this.#lines += source.split('\n').length - 1;
    return undefined;
  }
}

function* lexemes(text: string): Generator<Lexeme> {
  let offset = 0;
  let level = 0;
  let isScalar = false;
  let isBlock = false;
  for (const source of new Lexer().lex(text)) {
    if (source === SCALAR) {
      isScalar = true;
      continue;
    }
    const lexeme: Lexeme = { source, offset, level, isScalar, isBlock: isScalar && isBlock };
    yield lexeme;
    if (source === CUT_OFF) level = 0;
    if (MARKS.some((mark) => mark === source)) continue;
    if (isOpening(lexeme)) level += 1;
    if (isClosing(lexeme)) level = Math.max(0, level - 1);
    isBlock = !isScalar && (isBlock || /^[|>]/.test(source));
    isScalar = false;
    offset += source.length;
  }
}
