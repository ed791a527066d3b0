/**
 * `npm run permissions` writes into the templates that install handlers what each function's role may do: what its
 * handler declares; `npm run permissions -- studio-domain` does so for one. `npm run check` says where they differ.
 */
import { handlerNames } from './handlers.ts';
import { writePermissions } from './permissions/write.ts';

const names = process.argv.slice(2);
const known = handlerNames();
const unknown = names.find((name) => !known.includes(name));
if (unknown === undefined) {
  const changed = await writePermissions(names.length > 0 ? names : known);
  console.log(changed.length > 0 ? changed.join('\n') : 'The roles grant what the handlers declare');
} else {
  console.error(`Writing the role of ${unknown}: there is no handlers/${unknown}.ts; name one of ${known.join(', ')}`);
  process.exitCode = 1;
}
