import { recording } from './cloud.ts';
import { run } from './run.ts';

test('one line builds a domain and a profile, changes them in place, rolls back what fails, and leaves nothing behind', async () => {
  const start = run('scripts/start.ts', ['--once', '--port', '0', ...(await recording())]);
  const code = await start.exit;
  const output = start.output();

  expect(output).toMatch(/CREATE_COMPLETE +Domain /);
  expect(output).toMatch(/CREATE_COMPLETE +UserProfile /);
  expect(output).toMatch(/Still the same domain: d-\w+/);
  expect(output).toMatch(/Rolled back: .*sg-00000000000000000/);
  expect(output).toMatch(/What is left in the account\n {2}nothing/);
  expect(code).toBe(0);
}, 300_000);
