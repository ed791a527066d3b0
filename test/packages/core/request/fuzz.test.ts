import { jest } from '@jest/globals';
import { serve } from '@studio-resources/core';
import fc from 'fast-check';
import { isAllowed } from '../allow-list.ts';
import { captured } from '../console.ts';
import { lambda } from '../event.ts';
import { hostileEvent } from '../hostile-events.ts';
import { type ThingProps, type ThingState, thing } from '../thing.ts';
import { type Wire, type WireRequest, wire } from '../wire.ts';

/** `MODEL_RUNS=100000 npm run jest -- test/packages/core/request/fuzz.test.ts` sends that many, of another seed each time. */
const runs = Number(process.env.MODEL_RUNS ?? 1_500);
const seed = process.env.MODEL_RUNS ? Number(process.env.MODEL_SEED ?? Date.now()) : 1;

let wires: Wire;
const requests: WireRequest[] = [];

beforeEach(() => {
  wires = wire((request) => {
    requests.push(request);
    return { status: 200 };
  });
});
afterEach(() => {
  wires.restore();
  jest.restoreAllMocks();
});

/** Sends an event; gives what became of it: an answer, or the error of an invocation that could not give one. */
async function send(event: unknown): Promise<{ answer?: Record<string, unknown>; error?: unknown }> {
  requests.length = 0;
  const { resource } = thing();
  const handler = serve<ThingProps, ThingState>(resource);
  const error = await handler(event, lambda()).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  const [request] = requests;
  return { error, ...(request ? { answer: JSON.parse(String(request.body)) } : {}) };
}

test(
  'every event gets a response to CloudFormation, or is refused with one clear error, and no other host gets a request',
  async () => {
    const lines = captured();
    const outcomes = { answered: 0, refused: 0 };
    const property = fc.asyncProperty(hostileEvent, async (event) => {
      const { answer, error } = await send(event);
      expect(wires.escaped).toEqual([]);
      expect(requests.filter(({ origin, path }) => !isAllowed(origin, path))).toEqual([]);
      expect(requests.length).toBe(error === undefined ? 1 : 0);
      if (answer) {
        outcomes.answered++;
        const { StackId, RequestId, LogicalResourceId } = Object(event);
        expect(answer).toMatchObject({ StackId, RequestId, LogicalResourceId });
        expect(String(answer.PhysicalResourceId)).not.toBe('');
        expect(requests[0]?.body.byteLength).toBeLessThanOrEqual(4096);
      } else {
        outcomes.refused++;
        expect(error).toMatchObject({
          name: 'InvalidRequestError',
          message: expect.stringMatching(/^Reading the event: /),
        });
        expect(String(error)).not.toMatch(/5ecre7/);
      }
      expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false);
      expect(lines.take()).not.toMatch(/5ecre7|polluted"?:"yes/);
    });
    await fc.assert(property, { numRuns: runs, seed });
    expect(Math.min(outcomes.answered, outcomes.refused)).toBeGreaterThan(runs / 20);
  },
  60_000 + 300 * runs,
);
