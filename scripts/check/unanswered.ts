import type { ProviderTemplate } from './provider.ts';

/** What stands for the responder: its own function, and what other templates import. */
const responders = ['${Responder.Arn}', '${StudioResourcesResponder}'];

/** The functions whose crash or long wait would leave CloudFormation without an answer. */
export function checkUnanswered({ functions, waiter }: ProviderTemplate, responder = 'Responder'): string[] {
  const problems: string[] = [];
  const invoked = waiter.filter(({ actions }) => actions.includes('lambda:InvokeFunction'));
  for (const [id, { template, name, variables, onFailure }] of functions) {
    const wanted: [boolean, string][] = [
      [
        invoked.some(({ resources }) => resources.some((arn) => arn.endsWith(`:function:${patternOf(name)}`))),
        'the waiter may not call it',
      ],
      ['STATE_KEY_ARN' in variables, 'it has no STATE_KEY_ARN'],
    ];
    if (id !== responder) {
      wanted.push(
        ['WAITER_ARN' in variables, 'it has no WAITER_ARN'],
        [responders.includes(onFailure ?? ''), 'its failed events do not go to the responder'],
      );
    }
    for (const [right, problem] of wanted) if (!right) problems.push(`${template}: ${id}: ${problem}`);
  }
  return problems;
}

/** A function's name as provider.yaml writes it: it knows the prefix, and of a domain only how its id begins. */
function patternOf(name: string): string {
  return name.replace('${ProviderNamePrefix}', '${NamePrefix}').replace('${DomainId}', 'd-*');
}
