import { readOptions } from '../../scripts/start/options.ts';

test('without arguments the example is served on port 4566', () => {
  expect(readOptions([])).toMatchObject({ port: 4566, speed: 60, once: false, parameters: {} });
});

test('parameters follow one another, and their values may hold anything', () => {
  const { template, parameters } = readOptions([
    '--template',
    'a.yaml',
    '--parameters',
    'A=1',
    'B=x=y',
    'C=',
    '--port',
    '0',
  ]);
  expect(template).toBe('a.yaml');
  expect(parameters).toEqual({ A: '1', B: 'x=y', C: '' });
});

test.each([
  [['--port', 'http'], '--port takes a whole number from 0 to 65535, not "http"'],
  [['--port', ''], '--port takes a whole number from 0 to 65535, not ""'],
  [['--durations', '0'], '--durations takes a number above 0 and up to 100, not "0"'],
  [['--speed', '0'], '--speed takes a whole number from 1 to 1000, not "0"'],
  [['--jupyter', 'localhost:8888'], '--jupyter takes the address of a Jupyter server, such as http://127.0.0.1:8888'],
  [['--parameters', 'DomainName'], '"DomainName" is not of the form NAME=VALUE'],
  [['--once', '--template', 'a.yaml'], '--once uses the example and takes no --template'],
  [['--onec'], "Unknown option '--onec'"],
])('%j is refused and says what is right', (args, message) => {
  expect(() => readOptions(args)).toThrow(message);
});
