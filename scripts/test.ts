/** `npm test` runs all that has to hold, and says what each step took; what follows `npm test --` is for jest. */
import { run } from './test/run.ts';
import { planOf } from './test/steps.ts';

process.exitCode = await run(planOf(process.argv.slice(2)));
