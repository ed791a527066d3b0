import type { Graph, Node } from './graph.ts';

/** Up to this many names are listed; more are counted. */
const most = 14;

/** A graph as a Mermaid flowchart, which GitHub renders. */
export function picture({ nodes, edges }: Graph): string {
  const conditional = nodes.flatMap(({ isConditional }, place) => (isConditional ? [`n${place}`] : []));
  const stacks = nodes.flatMap(({ type }, place) => (type ? [] : [`n${place}`]));
  return [
    'flowchart LR',
    ...nodes.map((node, place) => `  n${place}${shape(node)}`),
    ...edges.map(([from, to]) => `  n${from} ${nodes[to]!.type ? '-->' : '-.->'} n${to}`),
    ...classed('conditional', 'stroke-dasharray: 5 5', conditional),
    ...classed('stack', 'stroke-width: 3px', stacks),
  ].join('\n');
}

function shape(node: Node): string {
  const label = `"${labelOf(node).join('<br/>')}"`;
  if (!node.type) return `([${label}])`;
  if (/::(Bucket|FileSystem|Table|Secret|Repository|LogGroup)$/.test(node.type)) return `[(${label})]`;
  return node.type.startsWith('Custom::') ? `[[${label}]]` : `[${label}]`;
}

function labelOf({ names, type, extras }: Node): string[] {
  if (!type) return names.map((path) => path.replace('cloudformation/', ''));
  const shown = names.length > most ? [`${names.length} of them`] : names;
  return [...shown, words(type), ...(extras.length > 0 ? [`with ${extras.map(extraWords).join(', ')}`] : [])];
}

/** `Lambda Function`; a custom resource by its own name. */
function words(type: string): string {
  const [, service, name] = type.split('::');
  return name ? `${service} ${name}` : type;
}

/** `log group`. */
function extraWords(type: string): string {
  return type
    .split('::')
    .at(-1)!
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .toLowerCase();
}

function classed(name: string, style: string, ids: readonly string[]): string[] {
  return ids.length > 0 ? [`  classDef ${name} ${style}`, `  class ${ids.join(',')} ${name}`] : [];
}
