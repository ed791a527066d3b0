/** `npm run check` proves the repository's rules; `npm run check -- studio-domain` proves them for one resource alone. */
import { handlerNames } from './handlers.ts';

const names = process.argv.slice(2);
const known = handlerNames();
const unknown = names.find((name) => !known.includes(name));
if (unknown === undefined) {
  // It loads all definitions, which takes a second.
  const { problems } = await import('./check/problems.ts');
  const found = await problems(names, (note) => console.log(`check: ${note}`));
  for (const problem of found) console.error(problem);
  const what = names.length === 0 ? '' : ` of ${names.join(', ')}`;
  console.log(
    found.length === 0
      ? `check: the names, the arrows, the roles and the reference${what} hold`
      : `check: ${found.length} problems`,
  );
  process.exitCode = found.length === 0 ? 0 : 1;
} else {
  console.error(`Checking ${unknown}: there is no handlers/${unknown}.ts; name one of ${known.join(', ')}`);
  process.exitCode = 1;
}
