/** A step of `npm test`: a script of package.json, and its arguments. */
export interface Step {
  name: string;
  command: readonly [file: string, ...args: string[]];
}

/** One after another; those of a group do not need each other, and run concurrently. */
export type Plan = readonly (readonly Step[])[];

const script = (name: string, ...args: string[]): Step => ({
  name,
  command: ['npm', 'run', '--silent', name, ...(args.length > 0 ? ['--', ...args] : [])],
});

/** None of the first four needs another, and none of them fills two cores by itself. Jest is given what follows `npm test --`. */
export function planOf(jestArguments: readonly string[]): Plan {
  return [
    [script('lint'), script('types'), script('check'), script('build')],
    [{ ...script('jest', ...jestArguments), name: 'tests' }],
  ];
}
