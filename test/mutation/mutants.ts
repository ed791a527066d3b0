import { parse } from '@babel/parser';

/** A change of one condition in a source. */
export interface Mutant {
  /** From the repository's root. */
  file: string;
  line: number;
  /** Where the text stands that is replaced. */
  start: number;
  end: number;
  from: string;
  to: string;
}

interface Node {
  type: string;
  start: number;
  end: number;
  loc: { start: { line: number } };
  [member: string]: unknown;
}

/** The other side of each operator. Where equality is one side, a boundary is not the other. */
const operators: Record<string, string> = {
  '===': '!==',
  '!==': '===',
  '<': '>=',
  '>=': '<',
  '>': '<=',
  '<=': '>',
  '&&': '||',
  '||': '&&',
};

/** Every condition of a source, turned round. */
export function mutantsOf(file: string, text: string): Mutant[] {
  const found: Mutant[] = [];
  const replace = ({ start, end, loc }: Node, to: string) =>
    found.push({ file, line: loc.start.line, start, end, from: text.slice(start, end), to });
  visit(parse(text, { sourceType: 'module', plugins: ['typescript'] }).program as unknown as Node, (node) => {
    const { type, operator, argument, test } = node as Node & { operator: string; argument: Node; test?: Node };
    const other = operators[operator];
    if ((type === 'BinaryExpression' || type === 'LogicalExpression') && other) {
      const { left, right } = node as Node & { left: Node; right: Node };
      replace(node, `${text.slice(left.start, left.end)} ${other} ${text.slice(right.start, right.end)}`);
    } else if (type === 'UnaryExpression' && operator === '!') {
      replace(node, text.slice(argument.start, argument.end));
    } else if (type === 'BooleanLiteral') {
      replace(node, String(!node.value));
    } else if ((type === 'IfStatement' || type === 'ConditionalExpression') && test && isPlain(test)) {
      replace(test, `!(${text.slice(test.start, test.end)})`);
    }
  });
  return found;
}

/** A condition that is no operator's, whose other side is not among the mutants yet. */
function isPlain({ type, operator }: Node): boolean {
  return !operators[String(operator)] && type !== 'UnaryExpression' && type !== 'BooleanLiteral';
}

/** Types are no code: nothing in them can be turned round. */
function visit(node: Node, see: (node: Node) => void): void {
  if (node.type.startsWith('TS') && !/^TS(As|NonNull|Satisfies)/.test(node.type)) return;
  see(node);
  for (const value of Object.values(node)) {
    for (const one of Array.isArray(value) ? value : [value]) {
      if (typeof one === 'object' && one !== null && typeof one.type === 'string') visit(one as Node, see);
    }
  }
}
