import {
  AddTagsCommand,
  CreateUserProfileCommand,
  DeleteDomainCommand,
  DeleteTagsCommand,
  DescribeAppCommand,
  DescribeDomainCommand,
  DescribeUserProfileCommand,
  UpdateDomainCommand,
} from '@aws-sdk/client-sagemaker';
import { code, refusal } from '../answers.ts';
import type { Scenario } from '../scenario.ts';
import {
  createDomain,
  createGroup,
  inService,
  nfsGroups,
  profileInService,
  removeDomain,
  requestProfile,
  sharedDomain,
  sharedNetwork,
  sharedProfile,
} from '../shared.ts';

const apiReference = 'SageMaker API Reference';

export const domains: readonly Scenario[] = [
  {
    name: 'domain-missing',
    fact: 'A domain that does not exist is ResourceNotFound.',
    asks: 'DescribeDomain with an id that no domain has',
    expected: 'ResourceNotFound',
    source: `${apiReference}, DescribeDomain, Errors`,
    certainty: 'documented',
    observe: ({ clients: { sagemaker } }) =>
      code(sagemaker.send(new DescribeDomainCommand({ DomainId: 'd-conformmissing' }))),
  },
  {
    name: 'domain-after-create',
    fact: 'A domain can be described as soon as CreateDomain has answered.',
    asks: 'DescribeDomain at once after CreateDomain',
    expected: 'Pending',
    source: "AWS's samples do so without a retry; AWS's own resource handler waits and expects ResourceNotFound",
    certainty: 'unverified',
    makes: 'a second Studio domain with its EFS file system',
    needs: ['network', 'role'],
    async observe(account) {
      const DomainId = await createDomain(account, 'after-create');
      const { sagemaker } = account.clients;
      const answer = await sagemaker.send(new DescribeDomainCommand({ DomainId })).catch((error: Error) => error);
      return answer instanceof Error ? answer.name : (answer.Status ?? '');
    },
  },
  {
    name: 'domain-name-twice',
    fact: 'Two domains of an account and Region cannot have the same name.',
    asks: 'CreateDomain with the name of a domain that exists',
    expected: 'ResourceInUse',
    source:
      'the API Reference lists ResourceInUse for CreateDomain, without saying when; the handler looks for the name first',
    certainty: 'unverified',
    makes: 'a third Studio domain, if that is allowed',
    needs: ['domain'],
    async observe(account) {
      await sharedDomain(account);
      return code(createDomain(account, 'shared'));
    },
  },
  {
    name: 'domain-with-profile',
    fact: 'A domain with a user profile cannot be deleted.',
    asks: 'DeleteDomain while a user profile is in it',
    expected: 'ResourceInUse',
    source: `${apiReference}, DeleteDomain, Errors`,
    certainty: 'documented',
    needs: ['profile'],
    async observe(account) {
      const { DomainId } = await sharedProfile(account);
      return code(account.clients.sagemaker.send(new DeleteDomainCommand({ DomainId })));
    },
  },
  {
    name: 'domain-nfs-groups',
    fact: 'The two security groups for NFS stay when a domain is deleted together with its file system.',
    asks: 'DescribeSecurityGroups after DeleteDomain with RetentionPolicy Delete',
    expected: 'they stay',
    source: 'no source was found; the local cloud keeps them, and the handler deletes them if they stay',
    certainty: 'unverified',
    makes: 'a fourth Studio domain with its EFS file system',
    needs: ['network', 'role'],
    async observe(account) {
      const { VpcId } = await sharedNetwork(account);
      const DomainId = await createDomain(account, 'groups');
      await inService(account, DomainId);
      await removeDomain(account, DomainId);
      const groups = await nfsGroups(account.clients.ec2, VpcId);
      return groups.some(({ GroupName }) => GroupName!.endsWith(DomainId)) ? 'they stay' : 'they are deleted';
    },
  },
  {
    name: 'domain-security-groups-emptied',
    fact: "An empty list of a domain's own security groups is taken, and then ignored.",
    asks: 'UpdateDomain with DomainSettingsForUpdate.SecurityGroupIds, and then with an empty list',
    expected: 'kept',
    source: 'Terraform AWS provider, issue 40726',
    certainty: 'reported',
    makes: 'a security group',
    needs: ['domain'],
    async observe(account) {
      const DomainId = await sharedDomain(account);
      const { sagemaker } = account.clients;
      const update = async (SecurityGroupIds: string[]) => {
        const DomainSettingsForUpdate = { SecurityGroupIds };
        await sagemaker.send(new UpdateDomainCommand({ DomainId, DomainSettingsForUpdate }));
        await inService(account, DomainId);
      };
      await update([await createGroup(account, 'of-domain')]);
      await update([]);
      const { DomainSettings } = await sagemaker.send(new DescribeDomainCommand({ DomainId }));
      return DomainSettings?.SecurityGroupIds?.length ? 'kept' : 'emptied';
    },
  },
  {
    name: 'tags-case',
    fact: 'Tag keys of SageMaker that differ only by case are the same key.',
    asks: 'AddTags with the keys Team and team',
    expected: /^ValidationException: .*case insensitive/,
    source: 'no source was found for the text; handlers remove old keys before they add new ones',
    certainty: 'unverified',
    needs: ['domain'],
    async observe(account) {
      const ResourceArn = await domainArn(account);
      const Tags = ['Team', 'team'].map((Key) => ({ Key, Value: 'a' }));
      const answer = await refusal(account.clients.sagemaker.send(new AddTagsCommand({ ResourceArn, Tags })));
      const TagKeys = Tags.map(({ Key }) => Key);
      if (answer === 'no error') await account.clients.sagemaker.send(new DeleteTagsCommand({ ResourceArn, TagKeys }));
      return answer;
    },
  },
  {
    name: 'profile-after-create',
    fact: 'A user profile can be described as soon as CreateUserProfile has answered.',
    asks: 'DescribeUserProfile at once after CreateUserProfile',
    expected: /^(Pending|InService)$/,
    source: "AWS's samples do so without a retry; AWS's own resource handler expects ResourceNotFound",
    certainty: 'unverified',
    needs: ['domain'],
    async observe(account) {
      await sharedDomain(account);
      const profile = await requestProfile(account, 'after-create');
      const asked = account.clients.sagemaker.send(new DescribeUserProfileCommand(profile));
      const answer = await asked.catch((error: Error) => error);
      // It cannot be deleted before it is in service.
      await profileInService(account, profile);
      return answer instanceof Error ? answer.name : (answer.Status ?? '');
    },
  },
  {
    name: 'profile-name-case',
    fact: 'The name of a user profile is the same in any case.',
    asks: 'DescribeUserProfile with the name in lower case',
    expected: 'found',
    source: `${apiReference}, CreateUserProfile: "This value is not case sensitive"`,
    certainty: 'documented',
    needs: ['profile'],
    async observe(account) {
      const { DomainId, UserProfileName } = await sharedProfile(account);
      const lower = { DomainId, UserProfileName: UserProfileName.toLowerCase() };
      const answer = await code(account.clients.sagemaker.send(new DescribeUserProfileCommand(lower)));
      return answer === 'no error' ? 'found' : answer;
    },
  },
  {
    name: 'profile-name-invalid',
    fact: 'A member that violates the API model is refused in the words of the service framework.',
    asks: 'CreateUserProfile with a name that begins with a hyphen',
    expected:
      /^ValidationException: 1 validation error detected: Value '-a' at 'userProfileName' failed to satisfy constraint: Member must satisfy regular expression pattern: /,
    source: 'aws-samples/sagemaker-ssh-helper, issue 70',
    certainty: 'reported',
    needs: ['domain'],
    async observe(account) {
      const DomainId = await sharedDomain(account);
      const request = new CreateUserProfileCommand({ DomainId, UserProfileName: '-a' });
      return refusal(account.clients.sagemaker.send(request));
    },
  },
  {
    name: 'app-missing',
    fact: 'An app that does not exist is ResourceNotFound.',
    asks: 'DescribeApp of an app that was never created',
    expected: 'ResourceNotFound',
    source: `${apiReference}, DescribeApp, Errors; whether the domain or the profile is named first is unverified`,
    certainty: 'documented',
    needs: ['profile'],
    async observe(account) {
      const profile = await sharedProfile(account);
      const app = { ...profile, AppType: 'JupyterServer' as const, AppName: 'default' };
      return code(account.clients.sagemaker.send(new DescribeAppCommand(app)));
    },
  },
];

async function domainArn(account: Parameters<Scenario['observe']>[0]): Promise<string> {
  const DomainId = await sharedDomain(account);
  const { DomainArn } = await account.clients.sagemaker.send(new DescribeDomainCommand({ DomainId }));
  return DomainArn!;
}
