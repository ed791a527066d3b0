import { firstPhases, transitions } from '../../packages/core/src/lifecycle/phase.ts';

const begin = '<!-- The phases, written by npm run reference from packages/core/src/lifecycle/phase.ts. -->';
const end = '<!-- End of the phases. -->';

/**
 * ARCHITECTURE.md with the picture of the phases as the runtime's table has them.
 *
 * @throws Error when the page has no place for it
 */
export function withPhases(page: string): string {
  const [from, to] = [page.indexOf(begin), page.indexOf(end)];
  if (from < 0 || to < from) {
    throw new Error(`Writing the phases into ARCHITECTURE.md: it lacks the line ${from < 0 ? begin : end}`);
  }
  return `${page.slice(0, from)}${begin}\n\n\`\`\`mermaid\n${picture()}\n\`\`\`\n\n${page.slice(to)}`;
}

/** A state diagram of Mermaid, which GitHub draws. */
function picture(): string {
  const starts = Object.entries(firstPhases).map(([requestType, phase]) => `  [*] --> ${phase}: ${requestType}`);
  const moves = Object.entries(transitions).flatMap(([from, targets]) => targets.map((to) => `  ${from} --> ${to}`));
  return ['stateDiagram-v2', ...starts, ...moves, '  done --> [*]'].join('\n');
}
