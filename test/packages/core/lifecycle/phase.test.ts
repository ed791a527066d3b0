import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import {
  creating,
  firstPhases,
  initialState,
  type Phase,
  type RequestState,
  transition,
  transitions,
  updating,
} from '../../../../packages/core/src/lifecycle/phase.ts';

const examples: { [Name in Phase['name']]: Extract<Phase, { name: Name }> } = {
  planning: { name: 'planning' },
  creating: creating(),
  updating: updating('thing-one', { updateCalled: false }),
  deleting: { name: 'deleting', missingReads: 0 },
  cancelling: { name: 'cancelling', since: 1, missingReads: 0, deletionFailures: 0 },
  done: { name: 'done', outcome: 'not expected' },
};
const names = Object.keys(examples) as Phase['name'][];
const pairs = names.flatMap((from) => names.map((to) => [from, to] as const));

const stateIn = (phase: Phase): RequestState => ({ since: 1, phase, waitingFor: '' });

test.each(pairs)('from %s to %s, a request moves only if the table says so', (from, to) => {
  const state = stateIn(examples[from]);
  const move = () => transition(state, examples[to]);
  if (transitions[from].some((each) => each === to)) {
    move();
    expect(state.phase).toBe(examples[to]);
  } else {
    expect(move).toThrow(`Moving a request from ${from} to ${to}: there is no such transition`);
    expect(state.phase).toBe(examples[from]);
  }
});

test('every phase can be reached, and every request can be done', () => {
  const reached = new Set<Phase['name']>(Object.values(firstPhases));
  for (const name of reached) for (const next of transitions[name]) reached.add(next);
  expect([...reached].sort()).toEqual([...names].sort());
  for (const name of names) expect(name === 'done' || transitions[name].some((next) => next === 'done')).toBe(true);
});

test.each([
  ['Create', 'creating'],
  ['Update', 'planning'],
  ['Delete', 'deleting'],
] as const)('a %s begins with %s', (requestType, name) => {
  expect(initialState({ requestType }, 7)).toMatchObject({ since: 7, phase: { name } });
});

test('nothing but transition writes the phase of a state', () => {
  const folder = join(import.meta.dirname, '../../../../packages/core/src');
  const files = ['create', 'delete', 'observe', 'reconcile', 'update'].map((name) => `lifecycle/${name}.ts`);
  for (const file of [...files, 'serve.ts', 'waiting/poll.ts']) {
    expect(readFileSync(join(folder, file), 'utf8')).not.toMatch(/\.phase =[^=]|phase: Phase \}\)/);
  }
});

test('whatever the order of transitions, a request that is done stays done', () => {
  const walk = fc.array(fc.constantFrom(...names), { maxLength: 12 });
  fc.assert(
    fc.property(fc.constantFrom('Create', 'Update', 'Delete'), walk, (requestType, steps) => {
      const state = initialState({ requestType }, 1);
      for (const to of steps) {
        const isDone = state.phase.name === 'done';
        try {
          transition(state, examples[to]);
          expect(isDone).toBe(false);
        } catch {
          expect(transitions[state.phase.name].some((each) => each === to)).toBe(false);
        }
      }
    }),
  );
});
