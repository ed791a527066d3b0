/** How wide a line of a template may be before a list of actions takes a line each. */
const width = 110;

/** A statement of a policy that is about to be written: actions that have their resource and their condition in common. */
export interface NewStatement {
  actions: string[];
  /** As a handler declares it: `arn:*:sagemaker:*:*:space/*`. */
  resource: string;
  condition?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
}

/**
 * The statement as an item of a list in YAML, with a comment where its resource has to be all.
 *
 * @throws Error where the value of a condition comes from a parameter: a handler declares `*` for it, which in a role
 * would allow any value
 */
export function statementText(statement: NewStatement, indentation: number): string {
  const { actions, resource, condition } = statement;
  const reason = actions.every((action) => /:List/.test(action))
    ? '# Lists, which support no resource-level permissions.'
    : '# It supports no resource-level permissions.';
  const inner = ' '.repeat(indentation + 2);
  const lines = [
    ...(resource === '*' ? [`${' '.repeat(indentation)}${reason}`] : []),
    `${' '.repeat(indentation)}- Effect: Allow`,
    `${inner}Action:${actionsText(actions, indentation + 2)}`,
    `${inner}Resource: ${resourceText(statement)}`,
    ...(condition ? [`${inner}Condition:`, ...conditionLines(condition, `${inner}  `)] : []),
  ];
  return lines.map((line) => `${line}\n`).join('');
}

/** What follows `Action:`: one action, a list on the same line, or a line each where that would be too long. */
export function actionsText(actions: readonly string[], indentation: number): string {
  const inline = actions.length === 1 ? ` ${actions[0]}` : ` [${actions.join(', ')}]`;
  if (indentation + 'Action:'.length + inline.length <= width) return inline;
  return actions.map((action) => `\n${' '.repeat(indentation + 2)}- ${action}`).join('');
}

/** The tag that names the provider whose resources created something. */
const ofProvider = /^aws:(Resource|Request)Tag\/studio-resources:provider$/;

/** Only the roles that the provider's parameter allows are passed on. */
function resourceText({ actions, resource }: NewStatement): string {
  return actions.includes('iam:PassRole') ? "!Split [',', !Ref ExecutionRoleArns]" : valueText(resource);
}

function conditionLines(condition: NonNullable<NewStatement['condition']>, inner: string): string[] {
  return Object.entries(condition).flatMap(([operator, keys]) => [
    `${inner}${operator}:`,
    ...Object.entries(keys).flatMap(([key, value]) => {
      if (value === '*' && ofProvider.test(key)) return [`${inner}  ${key}: !Ref NamePrefix`];
      if (value === '*') {
        throw new Error(
          `Writing the condition ${operator} ${key}: its value comes from a parameter, which the handler does not name. ` +
            'Write the statement into the template by hand',
        );
      }
      if (typeof value === 'string') return [`${inner}  ${key}: ${valueText(value)}`];
      return [`${inner}  ${key}:`, ...value.map((each) => `${inner}    - ${valueText(each)}`)];
    }),
  ]);
}

/** An ARN that a handler declares for any account, for the account and Region of the stack. */
function valueText(value: string): string {
  if (!value.startsWith('arn:')) return /^[\w*]/.test(value) && value !== '*' ? value : `'${value}'`;
  const [, partition, service, region, account, ...name] = value.split(':');
  const own = (part: string | undefined, pseudo: string) => (part === '*' ? `\${AWS::${pseudo}}` : part);
  const fields = [own(partition, 'Partition'), service, own(region, 'Region'), own(account, 'AccountId'), ...name];
  return `!Sub arn:${fields.join(':')}`;
}
