import { type Handler, serve } from '@studio-resources/core';
import { type Thing, thing } from '../thing.ts';

/** A thing that takes long, and a handler of it that does not check the stack. */
export function slowThing(own: Parameters<typeof thing>[0] = {}): Thing & { handler: Handler } {
  const pace = { expectedSeconds: 300, pollIntervalSeconds: 5, inlineSeconds: 0 };
  const one = thing({
    pace: { create: pace, update: pace, delete: pace },
    create: async ({ Name }) => {
      one.things.set(`thing-${Name}`, 'Pending');
      return `thing-${Name}`;
    },
    ...own,
  });
  return { ...one, handler: serve(one.resource, { checksStack: false }) };
}

/** A value as Step Functions keeps it between two polls. */
export function kept<T>(value: T): T {
  return JSON.parse(JSON.stringify(value));
}
