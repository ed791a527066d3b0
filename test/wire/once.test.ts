import { run } from '../stacks/run.ts';
import { recording } from '../stacks/wire-cloud.ts';

test('npm start -- --once creates a domain and a profile, changes them in place, rolls back a failure, and leaves nothing behind', async () => {
  // Quick services rather than a quick clock, on which a machine's slow moment is minutes.
  const pace = ['--speed', '2', '--durations', '0.01'];
  const start = run('scripts/start.ts', ['--once', '--port', '0', ...pace, ...(await recording())]);
  const code = await start.exit;
  const output = start.output();

  expect(output).toMatch(/CREATE_COMPLETE +Domain /);
  expect(output).toMatch(/CREATE_COMPLETE +UserProfile /);
  expect(output).toMatch(/Still the same domain: d-\w+/);
  expect(output).toMatch(/Rolled back: .*sg-00000000000000000/);
  expect(output).toMatch(/What is left in the account\n {2}nothing/);
  expect(code).toBe(0);
}, 300_000);
