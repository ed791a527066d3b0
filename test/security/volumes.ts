/**
 * How many hostile inputs of each kind the tests make up. SECURITY.md gives the same figures: `volumes.test.ts` compares
 * them.
 */
export const volumes = {
  'Replies and messages of a Jupyter server': { count: 2000, test: 'jupyter.test.ts' },
  'Zips of content for homes': { count: 5000, test: 'hostile-inputs.test.ts' },
  'Paths in homes': { count: 10_000, test: 'hostile-inputs.test.ts' },
  'Files of members, CSV and JSON lines': { count: 4000, test: 'hostile-inputs.test.ts' },
  'S3 URIs': { count: 10_000, test: 'hostile-inputs.test.ts' },
  'Events of EventBridge': { count: 20_000, test: 'hostile-inputs.test.ts' },
} as const;
