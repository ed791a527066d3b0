import type { Request } from '../request/request.ts';
import type { Stack } from './stack.ts';

/**
 * What a direct invocation has in place of a stack: nothing rolls back, nothing is cancelled without a message, and what
 * others hold stays theirs.
 */
export function withoutStack({ stackId }: Pick<Request, 'stackId'>): Stack {
  return {
    expectsResponse: async () => true,
    // The fallback says whether the creation goes on, or is already being taken back.
    wantsResource: async (_, fallback) => fallback,
    isRollingBack: async () => false,
    hasCompleted: async () => true,
    hasRetained: async () => false,
    holderStatus: async (holder) => (holder.stackId === stackId ? 'sibling' : 'other'),
    tags: async () => [],
  };
}
