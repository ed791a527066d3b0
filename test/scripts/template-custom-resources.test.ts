import { withSections } from './template-problems.ts';

describe('custom resources', () => {
  const domain = (...lines: string[]) => `  Domain:
    Type: Custom::MyDomain
    Properties:
      ServiceToken: !ImportValue StudioDomainServiceToken
      DomainName: research
      VPC: vpc-0123456789abcdef0
      SubnetIds: subnet-0123456789abcdef0,subnet-0123456789abcdef1
      DefaultUserSettings:
        ExecutionRole: arn:aws:iam::111122223333:role/studio-user
${lines.map((line) => `        ${line}\n`).join('')}`;
  test('the handler’s properties and aliases have no finding, whatever the type’s name', async () => {
    expect(await withSections(`Resources:\n${domain()}`)).toEqual([]);
  });

  test('a nested property that the handler does not know is a finding', async () => {
    const idle = 'JupyterLabAppSettings: { AppLifecycleManagement: { IdleSettings: { IdleTimeout: 60 } } }';
    expect(await withSections(`Resources:\n${domain(idle)}`)).toEqual([
      expect.stringMatching(/^14: F3002: Domain .*IdleSettings\.IdleTimeout: Additional properties are not allowed/),
    ]);
  });

  test('a missing property is a finding', async () => {
    const text = domain().replace(/ {6}(DomainName|VPC).*\n/g, '');
    expect(await withSections(`Resources:\n${text}`)).toEqual([
      expect.stringMatching(/^7: F3003: Domain Properties: 'DomainName' is a required property/),
    ]);
  });

  test('an attribute that the handler does not return is a finding', async () => {
    const outputs = `Outputs:
  Good: { Description: A, Value: !GetAtt Domain.Url }
  Bad: { Description: B, Value: !GetAtt Domain.Name }
  Worse: { Description: C, Value: !Sub 'a \${Domain.Color}' }
`;
    const found = await withSections(`Resources:\n${domain()}${outputs}`);
    expect(found.filter((problem) => problem.includes(': attribute: '))).toEqual([
      expect.stringMatching(/^16: attribute: Domain\.Name: Custom::StudioDomain has DomainId, DomainArn, /),
      expect.stringMatching(/^17: attribute: Domain\.Color: /),
    ]);
  });

  test('the finding for a resource without attributes says so', async () => {
    const text = `Resources:
  Seed:
    Type: Custom::HomeSeed
    Properties:
      ServiceToken: !ImportValue { 'Fn::Sub': 'HomeSeedServiceToken-\${AWS::AccountId}' }
      DomainId: d-abc
      Source: s3://bucket/a.zip
Outputs:
  Bad: { Description: A, Value: !GetAtt Seed.Count }
`;
    expect(await withSections(text)).toContain('12: attribute: Seed.Count: Custom::HomeSeed has none at all');
  });

  test('a custom resource without a handler is a finding unless the template has the function', async () => {
    const other = (token: string) => `Resources:
  Other: { Type: Custom::Other, Properties: { ServiceToken: ${token} } }
`;
    expect(await withSections(other('!Ref AWS::StackName'))).toEqual([
      '5: service-token: Other: no handler makes Custom::Other; name an installed one by !ImportValue <name>ServiceToken',
    ]);
    const own = `  Function:
    Type: AWS::Lambda::Function
    Properties:
      Code: { S3Bucket: bucket, S3Key: key }
      Handler: index.handler
      Runtime: nodejs24.x
      Role: !Sub arn:\${AWS::Partition}:iam::\${AWS::AccountId}:role/function
`;
    expect(await withSections(`${other('!GetAtt Function.Arn')}${own}`)).toEqual([]);
  });

  test('an import that nothing exports is a finding', async () => {
    expect(await withSections(`Resources:\n${domain().replace('StudioDomainS', 'S')}`)).toContain(
      '8: import: ServiceToken: no template below cloudformation/ exports it',
    );
  });
});
