/** Who can use a function. */
export const introduction = `For security reviewers: what a principal who may use a function of this project reaches with it, which right that takes, how to narrow it, and what CloudTrail shows.

A function works with the rights of its own role, whichever principal deploys the stack. So a principal who may create stacks and invoke a function has the rights that are listed here, within the limits that the handler and the role enforce. CloudFormation invokes the function with the rights of the caller, or of the stack's service role if it has one: without \`lambda:InvokeFunction\` on the function, the resource fails before the function runs. The exported ServiceToken is a name, and no secret.

Allow each team only the functions that it needs, by their names. A principal who may pass a service role to CloudFormation (\`iam:PassRole\`) has what that role may invoke.`;

/** What AllowedDomains means, where the provider has it. */
export function domainWords(hasAllowedDomains: boolean): string {
  const words = hasAllowedDomains
    ? [
        "By default, a function reaches domains of the same stack, and domains that this provider's resources created: the domain of another team is refused before the first call that changes something. `AllowedDomains` opens more by their ids, all with `*`, and `AllowedDomainTag` (`Key=Value`) those that have the tag; a principal who may tag a domain can open it. `Custom::StudioContents` deletes what is in a domain only if the same stack has the domain or a parameter opens it, and what no resource of this provider created is adopted only in a domain that a parameter opens. With `NativeDomains` at `false`, domains of the same stack are refused as well.",
        'The roles allow no more than that for what has the tag of another provider: `aws:ResourceTag/studio-resources:provider` has to be the own `NamePrefix`. For what has no such tag (`StringEqualsIfExists`), the function alone decides.',
        "Give each team a provider of its own if its templates must not reach the domains that another team's resources created.",
      ]
    : ['The functions reach every domain of the account and Region.'];
  const prefix =
    'Another `NamePrefix` gives a provider functions, roles, logs, exports and a waiter of its own; `lambda:InvokeFunction` on `<prefix>-*` allows the functions of one provider, if no other prefix begins with the same letters.';
  return ['### The domains that it may use', ...words, prefix].join('\n\n');
}

// Lambda's Invoke and S3's calls on objects are data events, which a trail logs only if it is told to:
// https://docs.aws.amazon.com/awscloudtrail/latest/userguide/logging-data-events-with-cloudtrail.html
export const trail = `## What CloudTrail shows

| What happens | Event | Principal |
| --- | --- | --- |
| A caller deploys a stack | \`CreateStack\`, \`UpdateStack\`, \`DeleteStack\`, \`CreateChangeSet\`, \`ExecuteChangeSet\` of \`cloudformation.amazonaws.com\` | the caller |
| CloudFormation invokes a function | \`Invoke\` of \`lambda.amazonaws.com\`, only in a trail with data events of Lambda | the caller, or the stack's service role; \`invokedBy\` is \`cloudformation.amazonaws.com\` |
| The function works | the calls in the tables below; those on S3 objects only in a trail with data events of S3 | an assumed role: the function's role, and the function's name as the session's |
| A long operation is waited for | \`StartExecution\` of \`states.amazonaws.com\` | the function's role |
| New Jupyter servers or profiles are set up | \`CreateApp\`, \`CreateUserProfile\` of \`sagemaker.amazonaws.com\`, then the function's calls | the user, then the function's role |

From a call of the function back to the caller: the function's log has the stack's id, the logical id and the request id of each request; the stack's id is in the tag \`studio-resources:stack-id\` of what was created, and in the event of the caller's \`CreateStack\`.`;

// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-calledvia
/** What lambda:InvokeFunction allows beside stacks, and how to take that away. */
export const directly = `## Invocations that are not CloudFormation's

\`lambda:InvokeFunction\` also lets a principal invoke a function directly, with an event of its own that names any stack of the account. The function asks CloudFormation whether the stack's resource expects such a request, and changes nothing if it does not. It cannot tell such an event apart while that stack's resource is being changed, or once the stack no longer exists. Allow invocations through CloudFormation only:

\`\`\`json
{
  "Effect": "Allow",
  "Action": "lambda:InvokeFunction",
  "Resource": "arn:aws:lambda:*:111122223333:function:studio-resources-studio-space",
  "Condition": { "ForAnyValue:StringEquals": { "aws:CalledVia": "cloudformation.amazonaws.com" } }
}
\`\`\`

AWS sets \`aws:CalledVia\` when CloudFormation calls with the caller's rights, and not when it calls with a service role, which no person should have. The local cloud does not have this key.

With the provider's parameter \`DirectInvocations\` at \`true\`, functions also answer direct invocations as Terraform sends them: a caller then changes and deletes whatever such invocations have created through this provider, and never what a stack holds ([what it lends](../SECURITY.md#direct-invocations)). It is \`false\` by default. Such a caller needs \`lambda:InvokeFunction\` without that condition.`;

/** What gives the rights of the functions, or disturbs their work. */
export const equalRights = `## Rights for the platform team only

- \`lambda:UpdateFunctionCode\`, \`lambda:UpdateFunctionConfiguration\` and \`lambda:AddPermission\` on the functions, and \`iam:PassRole\` for their roles: these give what the roles allow
- \`s3:PutObject\` in the artifact bucket, from which an update takes the functions' code
- \`secretsmanager:GetSecretValue\` on the key of the waiter's states, \`states:StartExecution\` on the waiter, and \`lambda:InvokeFunction\` on the responder: they concern the responses of all stacks`;

/** What every role has. */
export const everyRole = `Beside what is listed below, each role may write its own log, start the waiter, invoke the responder, read the key of the waiter's states, and read the stacks of the account and Region with their templates: that is how a function learns who holds what. With \`KmsKeyArn\` it may use that key, and with \`SubnetIds\` create network interfaces. \`PermissionsBoundaryArn\` limits all roles.`;
