/** The modules that a TypeScript file imports, types included, as its statements spell them. */
export function importsOf(text: string): string[] {
  const statements =
    /^\s*(?:import|export)\b[^;'"]*?\bfrom\s*'([^']+)'|\bimport\(\s*'([^']+)'\s*\)|^import\s*'([^']+)'/gm;
  return [...text.matchAll(statements)].map(([, from, dynamic, bare]) => (from ?? dynamic ?? bare)!);
}
