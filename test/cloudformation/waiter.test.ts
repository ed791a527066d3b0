import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { parse } from 'yaml';

const validate: (definition: unknown) => Promise<{ isValid: boolean; errorsText(): string }> = createRequire(
  import.meta.url,
)('asl-validator');

interface State {
  Type: string;
  Next?: string;
  Catch?: { ErrorEquals: string[]; ResultPath: string; Next: string }[];
  Retry?: { ErrorEquals: string[]; MaxAttempts: number }[];
}

/** The waiter as provider.yaml defines it; `!Sub` and `!GetAtt` are ARNs. */
async function definition(): Promise<{ StartAt: string; States: Record<string, State> }> {
  const text = await readFile(join(import.meta.dirname, '../../cloudformation/provider.yaml'), 'utf8');
  const substituted = (value: string) => value.replace('${AWS::Partition}', 'aws');
  const arn = (name: string) => `arn:aws:lambda:eu-west-1:111122223333:function:${name}`;
  const template = parse(text, {
    logLevel: 'silent',
    customTags: [
      { tag: '!Sub', resolve: substituted },
      { tag: '!GetAtt', resolve: arn },
    ],
  });
  return template.Resources.Waiter.Properties.Definition;
}

test('the waiter is a valid state machine', async () => {
  const result = await validate(await definition());
  expect(result.errorsText()).toBe('');
  expect(result.isValid).toBe(true);
});

test('a state machine that names a missing state is not valid', async () => {
  const waiter = await definition();
  waiter.States.Wait!.Next = 'Nowhere';
  expect((await validate(waiter)).isValid).toBe(false);
});

test('every error of a poll leads to the responder, with the request intact', async () => {
  const { Poll } = (await definition()).States;
  expect(Poll!.Catch).toEqual([{ ErrorEquals: ['States.ALL'], ResultPath: '$.error', Next: 'Respond' }]);
});

test('an undelivered response goes to the responder at once, and the request is not handled again', async () => {
  const { Poll } = (await definition()).States;
  expect(Poll!.Retry![0]).toMatchObject({ ErrorEquals: expect.arrayContaining(['UndeliveredError']), MaxAttempts: 0 });
});

test('every state is reached', async () => {
  const { StartAt, States } = await definition();
  const text = JSON.stringify(States);
  for (const name of Object.keys(States)) {
    expect(name === StartAt || text.includes(`"Next":"${name}"`) || text.includes(`"Default":"${name}"`)).toBe(true);
  }
});
