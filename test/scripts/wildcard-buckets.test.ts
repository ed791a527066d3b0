import { withSections } from './template-problems.ts';

/** The declaration of a role with this statement. */
const role = (statement: string) => `  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument: { Version: '2012-10-17', Statement: [] }
      Policies:
        - PolicyName: rights
          PolicyDocument:
            Version: '2012-10-17'
            Statement:
              ${statement}
`;

describe('buckets by wildcard', () => {
  const parameters = `Parameters:
  Names: { Type: String, Description: Names, AllowedPattern: '[a-z0-9*?-]+', ConstraintDescription: a name }
  Name: { Type: String, Description: A name, AllowedPattern: '[a-z0-9][a-z0-9.-]+', ConstraintDescription: a name }
`;
  const withBucket = async (resource: string, condition = '') => {
    const found = await withSections(
      parameters,
      'Resources:\n',
      role(`- { Effect: Allow, Action: s3:GetObject, Resource: ${resource}${condition} }`),
      "  Other: { Type: AWS::SNS::Topic, Properties: { DisplayName: !Sub '${Names}${Name}' } }\n",
    );
    return found.map((problem) => /foreign-bucket: .* named \S+(?=;)/.exec(problem)?.[0] ?? problem);
  };
  const own = ", Condition: { StringEquals: { aws:ResourceAccount: '${aws:PrincipalAccount}' } }";
  const found = (name: string) => [`foreign-bucket: Role: another account can own a bucket named ${name}`];

  test.each([
    ["!Sub 'arn:${AWS::Partition}:s3:::studio-*/*'", 'studio-*'],
    ["'arn:aws:s3:::studio-?/a.txt'", 'studio-?'],
    ["!Sub 'arn:aws:s3:::${Names}/*'", '*'],
    ["!Sub ['arn:aws:s3:::${Some}/*', { Some: !Ref Names }]", '*'],
    ["!Join ['', ['arn:aws:s3:::', !Ref Names, '/*']]", '*'],
    ["[!Sub 'arn:aws:s3:::${Name}/*', 'arn:aws:s3:::sagemaker-*']", 'sagemaker-*'],
  ])('%s is found unless it is only the own account’s', async (resource, name) => {
    expect(await withBucket(resource)).toEqual(found(name));
    expect(await withBucket(resource, own)).toEqual([]);
    const other = own.replace('${aws:PrincipalAccount}', '111122223333');
    expect(await withBucket(resource, other)).toEqual(found(name));
    const optional = own.replace('StringEquals', 'StringEqualsIfExists');
    expect(await withBucket(resource, optional)).toEqual(found(name));
  });

  test.each([
    "!Sub 'arn:aws:s3:::${Name}/*'",
    "'arn:aws:s3:::studio/*'",
    "!Sub 'arn:aws:s3:::studio-${AWS::AccountId}/*'",
  ])('%s names one bucket', async (resource) => {
    expect(await withBucket(resource)).toEqual([]);
  });
});
