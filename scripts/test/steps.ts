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

/** The first four are independent, and none of them uses two cores alone. Jest gets what follows `npm test --`. */
export function planOf(jestArguments: readonly string[]): Plan {
  return [
    [script('lint'), script('types'), script('check'), script('build')],
    [{ ...script('jest', ...jestArguments), name: 'tests' }],
  ];
}
