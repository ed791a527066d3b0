/**
 * Reads a regular expression of a service model, whose syntax is that of Java's `java.util.regex.Pattern`, as one that
 * matches whole texts. Throws for what JavaScript cannot express, such as possessive quantifiers.
 */
export function javaPattern(pattern: string): RegExp {
  const [, flags = '', rest = ''] = /^(?:\(\?([is]+)\))?([\s\S]*)$/.exec(pattern)!;
  return new RegExp(`^(?:${new Reader(rest).read()})$`, `v${flags}`);
}

/** What Java's names of ASCII's classes stand for, within brackets. */
const asciiClasses: Record<string, string> = {
  ASCII: '\\x00-\\x7F',
  Alnum: 'a-zA-Z0-9',
  Alpha: 'a-zA-Z',
  Blank: ' \\t',
  Cntrl: '\\x00-\\x1F\\x7F',
  Digit: '0-9',
  Graph: '\\x21-\\x7E',
  Lower: 'a-z',
  Print: '\\x20-\\x7E',
  Punct: '\\x21-\\x2F\\x3A-\\x40\\x5B-\\x60\\x7B-\\x7E',
  Space: ' \\t\\n\\x0B\\f\\r',
  Upper: 'A-Z',
  XDigit: '0-9a-fA-F',
};

/** What means the same in both syntaxes, after a backslash. */
const sameEscape =
  /^(?:[dDwWbBtnrf]|x[0-9a-fA-F]{2}|u[dD][89abAB]\w{2}\\u[dD][c-fC-F]\w{2}|u[0-9a-fA-F]{4}|[1-9]|[pP]\{[A-Z][a-z]?\})/;

class Reader {
  readonly #text: string;
  #at = 0;
  /** What closes the groups that are open. */
  readonly #ends: string[] = [];

  constructor(text: string) {
    this.#text = text;
  }

  read(): string {
    let result = '';
    while (this.#at < this.#text.length) result += this.#next();
    return result;
  }

  #next(): string {
    const rest = this.#text.slice(this.#at);
    if (/^(?:\(\?>|(?:[*+?]|\{[\d,]+\})\+)/.test(rest)) throw new Error(`${this.#text} does not backtrack`);
    // JavaScript repeats no assertion; Java does.
    const assertion = /^\(\?<?[=!]/.exec(rest)?.[0];
    if (assertion !== undefined) {
      this.#ends.push('))');
      return `(?:${this.#take(assertion.length)}`;
    }
    if (rest[0] === '^' || rest[0] === '$') return `(?:${this.#take(1)})`;
    if (rest[0] === '(') {
      this.#ends.push(')');
      return this.#take(/^\((?:\?(?::|<\w+>))?/.exec(rest)![0].length);
    }
    if (rest[0] === ')') {
      this.#at += 1;
      return this.#ends.pop() ?? ')';
    }
    const token = /^(?:[*+?]\??|\{\d+(?:,\d*)?\}\??|[.|])/.exec(rest)?.[0];
    if (token !== undefined) return this.#take(token.length);
    if (rest[0] === '[') return this.#class();
    if (rest[0] === '\\') return this.#escape(false);
    return literal(this.#character());
  }

  /** Brackets nest, and `-` stands for itself where no range is possible. */
  #class(): string {
    const isNegative = this.#text[this.#at + 1] === '^';
    let result = this.#take(isNegative ? 2 : 1);
    for (;;) {
      const next = this.#text[this.#at];
      if (next === undefined) throw new Error(`${this.#text} does not close a bracket`);
      if (next === ']') return result + this.#take(1);
      if (next === '[') result += this.#class();
      else if (this.#text.startsWith('&&', this.#at)) throw new Error(`${this.#text} intersects classes`);
      else result += this.#range();
    }
  }

  #range(): string {
    const from = this.#member();
    const isRange = this.#text[this.#at] === '-' && !/^-[\][]/.test(this.#text.slice(this.#at, this.#at + 2));
    if (!isRange || isClass(from)) return from;
    this.#at += 1;
    return `${from}-${this.#member()}`;
  }

  #member(): string {
    return this.#text[this.#at] === '\\' ? this.#escape(true) : literal(this.#character());
  }

  #escape(inClass: boolean): string {
    const rest = this.#text.slice(this.#at + 1);
    const ascii = /^([pP])\{(\w+)\}/.exec(rest);
    const members = ascii && asciiClasses[ascii[2]!];
    if (ascii && members) {
      this.#at += ascii[0].length + 1;
      return `[${ascii[1] === 'P' ? '^' : ''}${members}]`;
    }
    // Java's white space is that of ASCII.
    if (/^[sS]/.test(rest)) {
      this.#at += 2;
      return `[${rest[0] === 'S' ? '^' : ''}${asciiClasses.Space}]`;
    }
    const same = sameEscape.exec(rest)?.[0];
    if (same !== undefined && !(inClass && /^[bB1-9]/.test(same))) return this.#take(same.length + 1);
    if (/^[a-zA-Z0-9]/.test(rest)) throw new Error(`${this.#text} has \\${rest[0]}`);
    this.#at += 1;
    return literal(this.#character());
  }

  #take(length: number): string {
    const taken = this.#text.slice(this.#at, this.#at + length);
    this.#at += length;
    return taken;
  }

  #character(): string {
    const character = String.fromCodePoint(this.#text.codePointAt(this.#at)!);
    return this.#take(character.length);
  }
}

function isClass(member: string): boolean {
  return member.startsWith('[') || /^\\[dDwWpP]/.test(member);
}

function literal(character: string): string {
  return /[\w\s]/.test(character) || character > '\x7F'
    ? character
    : `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`;
}
