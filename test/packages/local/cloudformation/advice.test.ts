import { sagemaker } from '../../../../packages/local/src/services/sagemaker/index.ts';
import { Store } from '../../../../packages/local/src/store.ts';
import { StackCloud } from '../stack-cloud.ts';

/** The text with which CloudFormation refuses a template. */
async function refusal(TemplateBody: string): Promise<string> {
  const cloud = new StackCloud();
  const call = cloud.call('CreateStack', { StackName: 'studio', TemplateBody });
  return call.then(
    () => 'accepted',
    (error: Error) => error.message,
  );
}

/** The reason for which the resource `Thing` fails. */
async function reason(TemplateBody: string): Promise<string> {
  const cloud = new StackCloud(new Store(), [sagemaker]);
  await cloud.call('CreateStack', { StackName: 'studio', TemplateBody });
  await cloud.ended('studio');
  const failed = (await cloud.history('studio')).find((line) => line.startsWith('Thing CREATE_FAILED: '));
  return (failed ?? '').replace('Thing CREATE_FAILED: ', '').replace(/RequestToken: [0-9a-f-]{36}/, 'RequestToken: …');
}

const thing = (type: string, ...properties: string[]) =>
  ['Resources:', '  Thing:', `    Type: ${type}`, '    Properties:', ...properties.map((line) => `      ${line}`)].join(
    '\n',
  );

describe('under AWS’s text, a line names the property, its line in the template, and the way out', () => {
  test.each([
    [
      'a misspelt property',
      thing('AWS::S3::Bucket', 'Buckettname: a'),
      '#: extraneous key [Buckettname] is not permitted',
      '/Resources/Thing/Properties/Buckettname (line 5): give BucketName instead of Buckettname',
    ],
    [
      'a property that is like none',
      thing('AWS::SSM::Parameter', 'Type: String', 'Value: a', 'Zzzzzzzz: a'),
      '#: extraneous key [Zzzzzzzz] is not permitted',
      expect.stringMatching(
        /^\/Resources\/Thing\/Properties\/Zzzzzzzz \(line 7\): leave out Zzzzzzzz, or give one of (?!.*\bValue\b).*\bDescription\b/,
      ),
    ],
    [
      'a property that is not there',
      thing('AWS::EC2::Subnet', 'CidrBlock: 10.0.0.0/24'),
      '#: required key [VpcId] not found',
      '/Resources/Thing/Properties/VpcId (line 4): add VpcId',
    ],
    [
      'several at once',
      thing('AWS::EC2::Subnet', 'CidrBlok: 10.0.0.0/24'),
      '#: extraneous key [CidrBlok] is not permitted\n#: required key [VpcId] not found',
      '/Resources/Thing/Properties/CidrBlok (line 5): give CidrBlock instead of CidrBlok; /Resources/Thing/Properties/VpcId (line 4): add VpcId',
    ],
  ])('for %s, when the template is refused', async (_, template, text, line) => {
    const [heading, ...rest] = (await refusal(template)).split('\n');
    expect(heading).toBe('Properties validation failed for resource Thing with message:');
    expect(rest.slice(0, -1).join('\n')).toBe(text);
    expect(rest.at(-1)?.replace(/^Local cloud: /, '')).toEqual(line);
  });

  test.each([
    [
      'within a list that AWS may have',
      thing(
        'AWS::EC2::VPC',
        'CidrBlock: 10.0.0.0/16',
        'Tags:',
        '  - Key: a',
        '    Value: b',
        '    PropagateAtLaunch: true',
      ),
      '#/Tags/0: extraneous key [PropagateAtLaunch] is not permitted',
      '/Resources/Thing/Properties/Tags/0/PropagateAtLaunch (line 9): leave out PropagateAtLaunch; if AWS has PropagateAtLaunch here, it is what the local cloud lacks',
    ],
    [
      'within a list',
      thing('AWS::EC2::VPC', 'CidrBlock: 10.0.0.0/16', 'Tags:', '  - Key: a', '    Valu: b'),
      '#/Tags/0: extraneous key [Valu] is not permitted\n#/Tags/0: required key [Value] not found',
      '/Resources/Thing/Properties/Tags/0/Valu (line 8): give Value instead of Valu; /Resources/Thing/Properties/Tags/0/Value (line 7): add Value',
    ],
    [
      'of the wrong type',
      thing('AWS::EC2::VPC', 'CidrBlock: [10.0.0.0/16]'),
      '#/CidrBlock: expected type: String, found: JSONArray',
      '/Resources/Thing/Properties/CidrBlock (line 5): give a string',
    ],
    [
      'none of the values that there are',
      thing('AWS::S3::Bucket', 'AccessControl: Privat'),
      '#/AccessControl: Privat is not a valid enum value',
      '/Resources/Thing/Properties/AccessControl (line 5): give Private instead of Privat',
    ],
    [
      'that only the service’s model shows to be unknown, and which the type’s schema refuses in AWS',
      thing(
        'AWS::SageMaker::Domain',
        ...['DomainName: a', 'AuthMode: IAM', 'DefaultUserSettings:', '  SecurityGroups: []', '  ExecutionRol: b'],
      ),
      '#/DefaultUserSettings: extraneous key [ExecutionRol] is not permitted',
      '/Resources/Thing/Properties/DefaultUserSettings/ExecutionRol (line 9): give ExecutionRole instead of ExecutionRol',
    ],
  ])('for a property %s, in the event', async (_, template, text, line) => {
    expect(await reason(template)).toBe(
      `Properties validation failed for resource Thing with message:\n${text}\nLocal cloud: ${line}`,
    );
  });

  test.each([
    [
      'a constraint',
      [
        'StudioLifecycleConfigName: a_b',
        'StudioLifecycleConfigAppType: JupyterLab',
        'StudioLifecycleConfigContent: YQ==',
      ],
      "Value 'a_b' at 'studioLifecycleConfigName' failed to satisfy constraint: Member must satisfy regular expression pattern: ",
      '/Resources/Thing/Properties/StudioLifecycleConfigName (line 5): change the value; it must satisfy regular expression pattern: ',
    ],
    [
      'an enum',
      [
        'StudioLifecycleConfigName: a',
        'StudioLifecycleConfigAppType: JupiterLab',
        'StudioLifecycleConfigContent: YQ==',
      ],
      "Value 'JupiterLab' at 'studioLifecycleConfigAppType' failed to satisfy constraint: Member must satisfy enum value set: ",
      '/Resources/Thing/Properties/StudioLifecycleConfigAppType (line 6): give JupyterLab instead of JupiterLab',
    ],
  ])('for a value that breaks %s of the service’s model', async (_, properties, text, line) => {
    const [first, second, ...more] = (
      await reason(thing('AWS::SageMaker::StudioLifecycleConfig', ...properties))
    ).split('\n');
    expect(first).toContain(`Resource handler returned message: "1 validation error detected: ${text}`);
    expect(first).toMatch(
      / \(Service: SageMaker, Status Code: 400, Error Code: ValidationException\)" \(RequestToken: …, HandlerErrorCode: InvalidRequest\)$/,
    );
    expect(second).toContain(`Local cloud: ${line}`);
    expect(more).toEqual([]);
  });

  test('not for what the template does not have, such as a refusal for another reason', async () => {
    expect(await reason(thing('AWS::EC2::Subnet', 'VpcId: vpc-00000000', 'CidrBlock: 10.0.0.0/24'))).not.toContain(
      '\n',
    );
  });
});
