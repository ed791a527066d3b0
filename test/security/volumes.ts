/**
 * How many hostile inputs of each kind the tests make up. SECURITY.md gives the same figures: `volumes.test.ts` compares
 * them.
 */
export const volumes = {
  'Replies and messages of a Jupyter server': { count: 2000, test: 'jupyter.test.ts' },
} as const;
