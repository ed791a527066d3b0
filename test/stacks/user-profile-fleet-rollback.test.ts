import { paginateListUserProfiles } from '@aws-sdk/client-sagemaker';
import type { Rule } from '../../packages/local/src/faults/rule.ts';
import { account } from '../../scripts/start/clients.ts';
import { deployTemplate, removeStack, startCloud } from './cloud.ts';
import type { TestCloud } from './test-cloud.ts';

let cloud: TestCloud;
let DomainId: string;

beforeAll(async () => {
  // Longer than it takes until the rollback has begun, and looked for the first time.
  const faults: Rule[] = [{ on: 'resource', fault: 'late', kind: 'user-profile', seconds: 20 }];
  cloud = await startCloud({ faults });
  DomainId = (await deployTemplate(cloud, 'studio', 'examples/studio.yaml')).DomainId!;
});

afterAll(() => cloud.stop());

async function profiles(): Promise<string[]> {
  const pages = paginateListUserProfiles({ client: cloud.clients.sagemaker }, { DomainIdEquals: DomainId });
  const all = (await Array.fromAsync(pages)).flatMap(({ UserProfiles = [] }) => UserProfiles);
  return all.map(({ UserProfileName }) => UserProfileName!).sort();
}

test('an update that fails with AllOrNothing is rolled back, however many profiles that removes, and even if they are listed late', async () => {
  const template = (more: object) =>
    JSON.stringify({
      Resources: {
        Users: {
          Type: 'Custom::StudioUserProfileFleet',
          Properties: {
            ServiceToken: { 'Fn::ImportValue': 'StudioUserProfileFleetServiceToken' },
            DomainId,
            AllOrNothing: true,
            MaxRemovals: 0,
            ...more,
          },
        },
      },
    });
  const few = { Members: [{ UserProfileName: 'eve' }] };
  const made = await cloud.deploy('few', { template: template(few) });
  expect(made.failures).toEqual([]);
  const Tags = [{ Key: 'team', Value: 'red' }];
  // The provider passes no such role.
  const UserSettings = { ExecutionRole: `arn:aws:iam::${account}:role/stronger` };
  const Members = [
    ...['eve', 'fay', 'gil'].map((UserProfileName) => ({ UserProfileName, Tags })),
    { UserProfileName: 'hal', UserSettings },
  ];
  const failed = await cloud.deploy('few', { template: template({ Members }) });
  expect(failed.status).toBe('UPDATE_ROLLBACK_COMPLETE');
  const reason =
    '1 of 4 members failed, and AllOrNothing rolls the others back: Members[3] hal: AccessDeniedException: ';
  expect(failed.failures.join('\n')).toContain(reason);
  const deleted = (await cloud.calls()).filter(({ operation }) => operation === 'DeleteUserProfile');
  const names = deleted.map(({ request }) => (request as { UserProfileName: string }).UserProfileName);
  expect(names.sort()).toEqual(['fay', 'gil']);
  expect(await profiles()).toEqual(['ada', 'eve']);
  await removeStack(cloud, 'few');
  expect(await profiles()).toEqual(['ada']);
});
