export const role = 'arn:aws:iam::111122223333:role/studio';

/** A domain's properties as CloudFormation sends them. */
export const domainProperties = {
  DomainName: 'team',
  AuthMode: 'IAM',
  VpcId: 'vpc-1',
  SubnetIds: ['subnet-1', 'subnet-2'],
  DefaultUserSettings: { ExecutionRole: role },
};
