/** `npm test` runs every check and test, and prints what each step took; jest gets what follows `npm test --`. */
import { run } from './test/run.ts';
import { planOf } from './test/steps.ts';

process.exitCode = await run(planOf(process.argv.slice(2)));
