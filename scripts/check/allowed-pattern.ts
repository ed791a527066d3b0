/** A regular expression as parameters have it: what may follow, in this order. */
interface Item {
  atom: string | Pattern;
  least: number;
  most: number;
}

/** One of several sequences. */
type Pattern = Item[][];

/** Reads an `AllowedPattern`: groups, alternatives, classes and quantifiers. Lookaheads match no characters. */
export function readPattern(text: string): Pattern {
  const reader = { text, at: 0 };
  const pattern = readAlternatives(reader);
  if (reader.at < text.length) throw new Error(`Reading the pattern ${text}: ${text.slice(reader.at)} is left over`);
  return pattern;
}

/** The length of the shortest text that matches. */
export function leastLength(pattern: Pattern): number {
  return Math.min(...pattern.map((items) => sum(items, ({ atom, least }) => least * lengthOf(atom, leastLength))));
}

/** The length of the longest text that matches; infinite if there is none. */
export function mostLength(pattern: Pattern): number {
  return Math.max(
    ...pattern.map((items) =>
      sum(items, ({ atom, most }) => {
        const length = lengthOf(atom, mostLength);
        return length === 0 ? 0 : most * length;
      }),
    ),
  );
}

/** The length of the shortest text that matches and is not empty. */
export function leastFilledLength(pattern: Pattern): number {
  return Math.min(
    ...pattern.map((items) => {
      const length = sum(items, ({ atom, least }) => least * lengthOf(atom, leastLength));
      if (length > 0) return length;
      const filled = items.map(({ atom, least }) => Math.max(1, least) * lengthOf(atom, leastFilledLength));
      return Math.min(...filled);
    }),
  );
}

/**
 * The length of the shortest item of a list with commas, its comma included; undefined if the pattern is no list. An
 * alternative that stands for one text alone, such as `*`, is in a list once, and so no measure.
 */
export function leastItemLength(pattern: Pattern): number | undefined {
  const items = pattern.flat();
  const repeated = items.filter(({ atom, most }) => most > 1 && holdsComma(atom));
  const here = repeated.map(({ atom }) => lengthOf(atom, leastVariedLength));
  const within = items.flatMap(({ atom }) => (typeof atom === 'string' ? [] : [leastItemLength(atom)]));
  const all = [...here, ...within].filter((length) => length !== undefined);
  return all.length > 0 ? Math.min(...all) : undefined;
}

function leastVariedLength(pattern: Pattern): number {
  const varied = pattern.filter((items) => !items.every(isFixed));
  const considered = varied.length > 0 ? varied : pattern;
  return Math.min(
    ...considered.map((items) => sum(items, ({ atom, least }) => least * lengthOf(atom, leastVariedLength))),
  );
}

/** One character that stands for itself, once. */
function isFixed({ atom, least, most }: Item): boolean {
  return typeof atom === 'string' && /^([^.[]|\\[^dswDSW])$/.test(atom) && least === 1 && most === 1;
}

function holdsComma(atom: Item['atom']): boolean {
  return typeof atom === 'string' ? atom === ',' : atom.flat().some((item) => holdsComma(item.atom));
}

function lengthOf(atom: Item['atom'], of: (pattern: Pattern) => number): number {
  return typeof atom === 'string' ? 1 : of(atom);
}

function sum(items: readonly Item[], of: (item: Item) => number): number {
  return items.reduce((total, item) => total + of(item), 0);
}

interface Reader {
  readonly text: string;
  at: number;
}

function readAlternatives(reader: Reader): Pattern {
  const pattern: Pattern = [[]];
  while (reader.at < reader.text.length && reader.text[reader.at] !== ')') {
    if (reader.text[reader.at] === '|') {
      reader.at += 1;
      pattern.push([]);
    } else {
      const atom = readAtom(reader);
      const item = { atom, ...readQuantifier(reader) };
      if (atom !== '') pattern.at(-1)!.push(item);
    }
  }
  return pattern;
}

/** One character, a class of them, or a group. The ends of the text, `^` and `$`, are no characters. */
function readAtom(reader: Reader): Item['atom'] {
  const [text] = /^(?:\\.|\[(?:\\.|[^\]])*\]|\((?:\?[:!=])?|.)/s.exec(reader.text.slice(reader.at))!;
  reader.at += text.length;
  if (text === '^' || text === '$') return '';
  if (!text.startsWith('(')) return text;
  const group = readAlternatives(reader);
  reader.at += 1;
  return /[!=]$/.test(text) ? '' : group;
}

function readQuantifier(reader: Reader): Pick<Item, 'least' | 'most'> {
  const found = /^(?:([*+?])|\{(\d+)(,?)(\d*)\})/.exec(reader.text.slice(reader.at));
  if (!found) return { least: 1, most: 1 };
  reader.at += found[0].length;
  const [, sign, least, comma, most] = found;
  if (sign) return { least: sign === '+' ? 1 : 0, most: sign === '?' ? 1 : Number.POSITIVE_INFINITY };
  const upper = most ? Number(most) : Number.POSITIVE_INFINITY;
  return { least: Number(least), most: comma ? upper : Number(least) };
}
