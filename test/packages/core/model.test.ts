import { jest } from '@jest/globals';
import fc from 'fast-check';
import { captured } from './console.ts';
import { plan } from './model/plan.ts';
import { play } from './model/stack.ts';
import { virtualTime } from './model/virtual-time.ts';

/** `MODEL_RUNS=100000 npm run jest -- test/packages/core/model.test.ts` plays that many, of another seed each time. */
const runs = Number(process.env.MODEL_RUNS ?? 300);
const seed = process.env.MODEL_RUNS ? Number(process.env.MODEL_SEED ?? Date.now()) : 1;

afterEach(() => jest.restoreAllMocks());

test(
  'whatever comes, in whatever order, each request gets one response, and nothing is created twice, lost or left behind',
  async () => {
    const lines = captured();
    const property = fc.asyncProperty(plan, async (each) => {
      const time = virtualTime();
      try {
        expect(await play(each, time, lines.take)).toEqual([]);
      } finally {
        time.uninstall();
      }
    });
    await fc.assert(property, { numRuns: runs, seed });
  },
  60_000 + 300 * runs,
);
