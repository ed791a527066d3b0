import { readOptions } from '../../../scripts/deploy/options.ts';

test('the template and the values of parameters may come in any order', () => {
  const wanted = { file: 'a.yaml', stack: 'studio', parameters: { A: '1', B: 'x=y' }, yes: false };
  expect(readOptions(['a.yaml', '--stack', 'studio', '--parameters', 'A=1', 'B=x=y'])).toMatchObject(wanted);
  expect(readOptions(['--parameters', 'A=1', 'B=x=y', '--stack', 'studio', 'a.yaml'])).toMatchObject(wanted);
});

test('capabilities are given with commas or one by one', () => {
  const capabilities = ['CAPABILITY_IAM', 'CAPABILITY_AUTO_EXPAND'];
  const base = ['a.yaml', '--stack', 'studio', '--capabilities'];
  expect(readOptions([...base, capabilities.join(',')])).toMatchObject({ capabilities });
  expect(readOptions([...base, capabilities[0]!, '--capabilities', capabilities[1]!])).toMatchObject({ capabilities });
});

test.each([
  [['--stack', 'studio'], 'it takes one template FILE, not none'],
  [['a.yaml', 'b.yaml', '--stack', 'studio'], 'it takes one template FILE, not a.yaml and b.yaml'],
  [['a.yaml'], '--stack takes the name of a stack such as studio, not ""'],
  [['a.yaml', '--stack', 'my_stack'], 'not "my_stack"'],
  [['a.yaml', '--stack', 's', '--endpoint', 'http://a', '--profile', 'p'], 'it takes either --profile or --endpoint'],
  [['a.yaml', '--stack', 's', '--endpoint', 'localhost'], '--endpoint takes an address such as'],
  [['a.yaml', '--stack', 's', '--region', 'Frankfurt'], '--region takes a Region such as eu-west-1, not "Frankfurt"'],
  [['a.yaml', '--stack', 's', '--capabilities', 'IAM'], '--capabilities takes CAPABILITY_IAM, CAPABILITY_NAMED_IAM'],
  [['a.yaml', '--stack', 's', '--parameter', 'A=1'], 'there is no option --parameter (did you mean --parameters?)'],
  [['a.yaml', '--stack', 's', '--parameters', '=1'], '"=1" is not of the form NAME=VALUE, as --parameters takes them'],
])('%j is refused and says what is right', (args, message) => {
  expect(() => readOptions(args)).toThrow(message);
});
