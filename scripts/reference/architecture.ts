import { firstPhases, transitions } from '../../packages/core/src/lifecycle/phase.ts';

const begin = '<!-- The phases, written by npm run reference from packages/core/src/lifecycle/phase.ts. -->';
const end = '<!-- End of the phases. -->';

/**
 * ARCHITECTURE.md with a diagram of the phases, generated from the runtime's table.
 *
 * @throws Error if the page lacks the markers
 */
export function withPhases(page: string): string {
  const [from, to] = [page.indexOf(begin), page.indexOf(end)];
  if (from < 0 || to < from) {
    throw new Error(`Writing the phases into ARCHITECTURE.md: it lacks the line ${from < 0 ? begin : end}`);
  }
  return `${page.slice(0, from)}${begin}\n\n\`\`\`mermaid\n${picture()}\n\`\`\`\n\n${page.slice(to)}`;
}

/** A Mermaid state diagram, which GitHub renders. */
function picture(): string {
  const starts = Object.entries(firstPhases).map(([requestType, phase]) => `  [*] --> ${phase}: ${requestType}`);
  const moves = Object.entries(transitions).flatMap(([from, targets]) => targets.map((to) => `  ${from} --> ${to}`));
  return ['stateDiagram-v2', ...starts, ...moves, '  done --> [*]'].join('\n');
}
