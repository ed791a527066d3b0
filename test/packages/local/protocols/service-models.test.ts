import { accountPrincipal } from '../../../../packages/local/src/principal.ts';
import { modelOf } from '../../../../packages/local/src/protocols/model.ts';
import { serviceModel } from '../../../../packages/local/src/protocols/service-model.ts';
import { VirtualCloud } from '../../../../packages/local/src/virtual/virtual-cloud.ts';
import { type BrokenRequest, brokenRequests, unmatched } from './broken-requests.ts';

const { cloud } = new VirtualCloud();
const as = { principal: accountPrincipal('111111111111'), region: 'us-east-1' };

/** How many constraints there are on the requests for each service, at each place where they hold. */
const constraints: Record<string, number> = {
  cloudformation: 230,
  cloudtrail: 66,
  'cloudwatch-logs': 174,
  codebuild: 244,
  codecommit: 100,
  codepipeline: 766,
  ec2: 95,
  ecr: 163,
  efs: 199,
  eventbridge: 223,
  iam: 557,
  kms: 264,
  lambda: 471,
  ram: 48,
  s3: 235,
  sagemaker: 4595,
  'secrets-manager': 109,
  'service-catalog': 621,
  sfn: 112,
  sns: 39,
  ssm: 99,
  sts: 58,
};

/** The codes of services that do not refuse with ValidationException alone. */
const codes: Record<string, RegExp> = {
  cloudformation: /^ValidationError$/,
  cloudtrail: /^InvalidParameterException$/,
  'cloudwatch-logs': /^InvalidParameterException$/,
  codebuild: /^InvalidInputException$/,
  codecommit: /^(Invalid\w+|\w+Required|Validation)Exception$/,
  ec2: /^(InvalidParameterValue|MissingParameter)$/,
  ecr: /^InvalidParameterException$/,
  efs: /^BadRequest$/,
  iam: /^ValidationError$/,
  ram: /^(InvalidParameter|InvalidMaxResults|MissingRequiredParameter)Exception$/,
  s3: /^Invalid(Argument|Request|Tag|LocationConstraint|StorageClass|EncryptionAlgorithmError)$|^MalformedXML$/,
  sns: /^InvalidParameter$/,
  sts: /^ValidationError$/,
};

/** What a service says of the member that is wrong. */
function sentenceOf({ at, member, value = '', rule }: BrokenRequest, service: string): string {
  if (service === 'ecr') return `Invalid parameter at '${at}' failed to satisfy constraint: '${rule}`;
  if (service !== 'ec2') return `${value}at '${at}' failed to satisfy constraint: ${rule}`;
  return rule === 'Member must not be null'
    ? `The request must contain the parameter ${member}`
    : `for parameter ${member} is invalid. ${rule}`;
}

test.each(Object.keys(constraints).map((id) => [id]))(
  '%s refuses a request for each constraint that it breaks, at each place',
  async (id) => {
    const service = cloud.services.get(id)!;
    const wrong: unknown[] = [];
    let count = 0;
    for (const one of brokenRequests(modelOf(service), Object.keys(service.operations))) {
      count += 1;
      const { operation, input } = one;
      const { name, message } = await cloud.call({ service: id, operation, input, ...as }).then(
        () => ({ name: 'none', message: 'carried out' }),
        (error: Error) => error,
      );
      if (!(codes[id] ?? /^ValidationException$/).test(name) || !message.includes(sentenceOf(one, id)))
        wrong.push({ operation, at: one.at, expected: sentenceOf(one, id), name, message });
    }
    expect(wrong).toEqual([]);
    expect(count).toBe(constraints[id]);
  },
);

test('every service has its model, and in it all of its operations whose input has constraints', () => {
  expect(Object.keys(constraints).sort()).toEqual([...cloud.services.keys()].sort());
  for (const [id, { operations }] of cloud.services)
    expect(Object.keys(operations)).toEqual(expect.arrayContaining(Object.keys(serviceModel(id).operations)));
});

test('every pattern has a counterpart in JavaScript', () => {
  for (const id of cloud.services.keys()) expect([id, serviceModel(id).unconverted]).toEqual([id, []]);
});

test('only these patterns match all texts that are tried', () => {
  const unbroken = [...cloud.services.keys()].flatMap((id) =>
    Object.values(serviceModel(id).shapes).flatMap((shape) =>
      shape.pattern === undefined || unmatched(shape) !== undefined ? [] : [`${id} ${shape.pattern}`],
    ),
  );
  expect([...new Set(unbroken)].sort()).toEqual([
    'sagemaker .*(?:[ \\r\\n\\t].*)*',
    'sagemaker [\\S\\s]*',
    'sagemaker [\\S\\s]+',
    'sagemaker [\\s\\S]+',
  ]);
});

test('a value that is a secret is not shown', async () => {
  const input = { Name: 'a', SecretString: 'x'.repeat(65_537) };
  await expect(cloud.call({ service: 'secrets-manager', operation: 'CreateSecret', input, ...as })).rejects.toThrow(
    "1 validation error detected: Value at 'secretString' failed to satisfy constraint: Member must have length less than or equal to 65536",
  );
});
