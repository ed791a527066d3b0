import type { FaultPlan } from '../../../packages/local/src/faults/rule.ts';
import type { Principal } from '../../../packages/local/src/principal.ts';
import type { Input, OperationName, Output, Service } from '../../../packages/local/src/service.ts';
import { ec2 } from '../../../packages/local/src/services/ec2/index.ts';
import { ecr } from '../../../packages/local/src/services/ecr/index.ts';
import { efs } from '../../../packages/local/src/services/efs/index.ts';
import { iam } from '../../../packages/local/src/services/iam/index.ts';
import { kms } from '../../../packages/local/src/services/kms/index.ts';
import { sagemaker } from '../../../packages/local/src/services/sagemaker/index.ts';
import { localRegistry, pushImages } from '../../pushed-image.ts';
import { AuthorisedCloud, account, root, trusting } from './authorised-cloud.ts';

type SageMaker = typeof sagemaker extends Service<infer M> ? M : never;
type Ec2 = typeof ec2 extends Service<infer M> ? M : never;
type Efs = typeof efs extends Service<infer M> ? M : never;

export const region = 'eu-west-1';

/** Longer than anything in Studio takes, save a deleted app's day in the lists. */
const longEnough = 400_000;

/** Where the cloud can be reached, and the Jupyter server that it leads to. */
interface Served {
  endpoint?: string;
  jupyter?: string;
}

/** A cloud with Studio and all that it stands on: a VPC with two subnets, and a role that SageMaker may take on. */
export class Studio extends AuthorisedCloud {
  VpcId = '';
  SubnetIds: string[] = [];
  roleArn = '';

  constructor(faults?: FaultPlan, { endpoint, jupyter }: Served = {}) {
    super([ec2, ecr, efs, kms, sagemaker], endpoint, faults, jupyter);
  }

  static async open(faults?: FaultPlan, served?: Served): Promise<Studio> {
    const studio = new Studio(faults, served);
    const { Vpc } = await studio.ec2('CreateVpc', { CidrBlock: '10.0.0.0/16' });
    studio.VpcId = Vpc!.VpcId!;
    studio.SubnetIds = [await studio.subnet('10.0.0.0/24', 'a'), await studio.subnet('10.0.1.0/24', 'b')];
    studio.roleArn = await studio.executionRole('Execution');
    return studio;
  }

  /** Pushes images into a new repository of ECR. */
  push(repositoryName: string, imageTags: string[]): Promise<void> {
    const registry = localRegistry((operation, input) => this.call(ecr, operation, input as never));
    return pushImages(registry, repositoryName, imageTags);
  }

  sm<Name extends OperationName<SageMaker>>(
    operation: Name,
    input: Input<SageMaker, Name>,
    principal: Principal = root,
  ): Promise<Output<SageMaker, Name>> {
    return this.call(sagemaker as Service<SageMaker>, operation, input, principal);
  }

  ec2<Name extends OperationName<Ec2>>(
    operation: Name,
    input: Input<Ec2, Name>,
    principal: Principal = root,
  ): Promise<Output<Ec2, Name>> {
    return this.call(ec2 as Service<Ec2>, operation, input, principal);
  }

  efs<Name extends OperationName<Efs>>(
    operation: Name,
    input: Input<Efs, Name>,
    principal: Principal = root,
  ): Promise<Output<Efs, Name>> {
    return this.call(efs as Service<Efs>, operation, input, principal);
  }

  async subnet(CidrBlock: string, zone: 'a' | 'b' | 'c', VpcId = this.VpcId): Promise<string> {
    const { Subnet } = await this.ec2('CreateSubnet', { VpcId, CidrBlock, AvailabilityZone: region + zone });
    return Subnet!.SubnetId!;
  }

  async securityGroup(GroupName: string): Promise<string> {
    const made = await this.ec2('CreateSecurityGroup', { GroupName, Description: GroupName, VpcId: this.VpcId });
    return made.GroupId!;
  }

  /** Makes a role that this service may take on; returns its ARN. */
  async executionRole(RoleName: string, Service = 'sagemaker.amazonaws.com'): Promise<string> {
    const AssumeRolePolicyDocument = trusting({ Service });
    const { Role } = await this.call(iam, 'CreateRole', { RoleName, AssumeRolePolicyDocument });
    return Role!.Arn!;
  }

  /** What a domain is created with; `more` overrides it. */
  domainRequest(more: Partial<Input<SageMaker, 'CreateDomain'>> = {}): Input<SageMaker, 'CreateDomain'> {
    return {
      DomainName: 'team',
      AuthMode: 'IAM',
      VpcId: this.VpcId,
      SubnetIds: this.SubnetIds,
      DefaultUserSettings: { ExecutionRole: this.roleArn },
      ...more,
    };
  }

  /** Lets every status that is under way end. */
  settle(): Promise<void> {
    return this.clock.pass(longEnough);
  }

  /** What `read` shows once its status has ended: that SageMaker may describe an image is decided by data that IAM loads. */
  async ended<Shown extends { Status?: string }>(read: () => Promise<Shown>): Promise<Shown> {
    await this.settle();
    for (;;) {
      const shown = await read();
      if (!/^(Pending|Updating)$/.test(shown.Status!)) return shown;
      await new Promise(setImmediate);
    }
  }

  /** A domain that is InService (or Failed); returns its id. */
  async domain(more: Partial<Input<SageMaker, 'CreateDomain'>> = {}): Promise<string> {
    const { DomainId } = await this.sm('CreateDomain', this.domainRequest(more));
    await this.settle();
    return DomainId!;
  }

  async profile(DomainId: string, UserProfileName: string): Promise<void> {
    await this.sm('CreateUserProfile', { DomainId, UserProfileName });
    await this.settle();
  }

  async space(DomainId: string, SpaceName: string, OwnerUserProfileName: string): Promise<void> {
    await this.sm('CreateSpace', {
      DomainId,
      SpaceName,
      OwnershipSettings: { OwnerUserProfileName },
      SpaceSharingSettings: { SharingType: 'Private' },
      SpaceSettings: { AppType: 'JupyterLab' },
    });
    await this.settle();
  }

  /** One of SageMaker's own tables, such as that of the account's quotas. */
  table(name: 'quotas' | 'behaviour'): Map<string, number | string> {
    return this.store.table('sagemaker', { account, region }, name);
  }

  async nfsGroups(DomainId: string) {
    const Filters = [{ Name: 'group-name', Values: [`security-group-for-*-nfs-${DomainId}`] }];
    const { SecurityGroups = [] } = await this.ec2('DescribeSecurityGroups', { Filters });
    return SecurityGroups.sort((a, b) => (a.GroupName! < b.GroupName! ? -1 : 1));
  }

  arn(kind: string, ...path: string[]): string {
    return `arn:aws:sagemaker:${region}:${account}:${kind}/${path.join('/')}`;
  }
}

/** An error of that name, whose text has this in it. */
export function error(name: string, message: string | RegExp = ''): object {
  const text = typeof message === 'string' ? expect.stringContaining(message) : expect.stringMatching(message);
  return expect.objectContaining({ name, message: text });
}
