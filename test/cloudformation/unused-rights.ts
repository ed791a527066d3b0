/** Rights that a role has though no recorded run has used them, and why. */
export interface UnusedRights {
  actions: readonly string[];
  /** By their logical ids; every role that has them, if left out. */
  roles?: readonly string[];
  why: string;
}

/** What AWS's own services do with a role, and what takes a key of one's own, which no run has. */
const ofAws: readonly UnusedRights[] = [
  {
    actions: ['ec2:CreateNetworkInterface', 'ec2:DeleteNetworkInterface', 'ec2:DescribeNetworkInterfaces'],
    why: 'Lambda joins a function to a VPC with its role; the local cloud has functions in no network.',
  },
  {
    actions: ['elasticfilesystem:ClientMount', 'elasticfilesystem:ClientRootAccess', 'elasticfilesystem:ClientWrite'],
    why: 'Lambda mounts a file system with the role of the function; the local cloud gives it a directory.',
  },
  {
    actions: [
      'kms:CreateGrant',
      'kms:Decrypt',
      'kms:DescribeKey',
      'kms:GenerateDataKey',
      'kms:GenerateDataKeyWithoutPlaintext',
    ],
    why: 'Callers that read or write data under a customer managed key need it; the local cloud encrypts nothing.',
  },
  {
    actions: ['elasticfilesystem:CreateFileSystem'],
    roles: ['StudioDomainRole'],
    why: "SageMaker makes the file system of a domain with a key of one's own by the caller's right; no run has such a key.",
  },
  {
    actions: ['lambda:InvokeFunction'],
    why: 'Lambda sends a failed event on with the role of the function; the local cloud sends it as Lambda.',
  },
  {
    actions: [
      'logs:CreateLogDelivery',
      'logs:DeleteLogDelivery',
      'logs:DescribeLogGroups',
      'logs:DescribeResourcePolicies',
      'logs:GetLogDelivery',
      'logs:ListLogDeliveries',
      'logs:PutResourcePolicy',
      'logs:UpdateLogDelivery',
    ],
    roles: ['WaiterRole'],
    why: 'Step Functions needs them of the role of a state machine that writes a log, and calls with them itself.',
  },
];

/** What the runtime needs of every role alike, and not every resource has come to in a run. */
const ofRuntime: UnusedRights = {
  actions: [
    'cloudformation:DescribeStackEvents',
    'cloudformation:DescribeStacks',
    'cloudformation:GetTemplate',
    'secretsmanager:GetSecretValue',
  ],
  why: 'It looks at a stack that rolls back, that has overtaken a creation, or whose logical ids were renamed; it reads the key of the waiter for a request that is handed off.',
};

/** What the handlers call for, in what no run that was recorded has done. To be taken out as runs come to it. */
const notYet: readonly UnusedRights[] = [
  {
    actions: ['s3:GetObjectVersion', 's3:ListBucket'],
    roles: ['HomeSeedRole'],
    why: 'A version of a zip that the template names, and a folder.',
  },
  { actions: ['s3:GetObjectVersion'], roles: ['SeedCodeRole'], why: 'A version of a zip that the template names.' },
  {
    actions: ['sagemaker:DescribeSpace'],
    roles: ['StudioImageRole'],
    why: 'Images that spaces use.',
  },
  {
    actions: ['sagemaker:UpdateSpace'],
    roles: ['StudioLifecycleConfigRole'],
    why: 'Scripts that spaces use.',
  },
  {
    actions: ['s3:ListBucket'],
    roles: ['StudioUserProfileFleetRole'],
    why: 'Members from a file that is not there.',
  },
];

export const unused: readonly UnusedRights[] = [...ofAws, ofRuntime, ...notYet];
