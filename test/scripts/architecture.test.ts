import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { transitions } from '../../packages/core/src/lifecycle/phase.ts';
import { root } from '../../scripts/handlers.ts';
import { withPhases } from '../../scripts/reference/architecture.ts';

const page = readFileSync(join(root, 'ARCHITECTURE.md'), 'utf8');

test('ARCHITECTURE.md shows the transitions of the runtime, and no other', () => {
  expect(withPhases(page)).toBe(page);
  const [, picture = ''] = /```mermaid\n(stateDiagram-v2\n.*?)```/s.exec(page) ?? [];
  const shown = [...picture.matchAll(/^ {2}(\w+) --> (\w+)$/gm)].map(([, from, to]) => `${from} ${to}`);
  expect(shown).toEqual(Object.entries(transitions).flatMap(([from, targets]) => targets.map((to) => `${from} ${to}`)));
});

test('it describes every phase', () => {
  for (const phase of Object.keys(transitions)) expect(page).toContain(`- **${phase}**: `);
});

test('a page without a place for the phases is an error that names the missing line', () => {
  expect(() => withPhases('# Architecture')).toThrow(
    /^Writing the phases into ARCHITECTURE.md: it lacks the line <!-- The/,
  );
  const [first] = page.split('<!-- End of the phases. -->');
  expect(() => withPhases(first!)).toThrow('it lacks the line <!-- End of the phases. -->');
});
