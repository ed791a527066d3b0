import { PassThrough } from 'node:stream';
import { askAt } from '../../../scripts/deploy/ask.ts';

/** A terminal whose user types `keys`, and what it shows. */
function terminal(keys: string) {
  const input = Object.assign(new PassThrough(), { isTTY: true, setRawMode() {} });
  const output = Object.assign(new PassThrough(), { isTTY: true, columns: 80 });
  let screen = '';
  output.on('data', (chunk) => {
    screen += chunk;
  });
  input.write(keys);
  const ask = askAt(input as unknown as NodeJS.ReadStream, output as unknown as NodeJS.WriteStream);
  return { ask: ask!, screen: () => screen };
}

test('an answer is what the user types', async () => {
  const { ask, screen } = terminal('d-abc\r');
  expect(await ask('DomainId: ')).toBe('d-abc');
  expect(screen()).toContain('DomainId: ');
  expect(screen()).toContain('d-abc');
});

test('what is not to be seen is not shown while it is typed', async () => {
  const { ask, screen } = terminal('secret\r');
  expect(await ask('Token: ', { hidden: true })).toBe('secret');
  expect(screen()).toBe('Token: \n');
});

test.each([
  ['Ctrl-C', '\u0003'],
  ['Ctrl-D', '\u0004'],
])('%s is no answer', async (_, key) => {
  await expect(terminal(key).ask('DomainId: ')).rejects.toThrow('Asking: no answer was given');
});

test('where the input or the output is no terminal, nothing can be asked', () => {
  const stream = new PassThrough();
  const [reading, writing] = [stream as unknown as NodeJS.ReadStream, stream as unknown as NodeJS.WriteStream];
  expect(askAt(reading, writing)).toBeUndefined();
});
