import { DescribeUserProfileCommand } from '@aws-sdk/client-sagemaker';
import type { Rule } from '../../packages/local/src/faults/rule.ts';
import { startCloud } from '../stacks/cloud.ts';
import type { TestCloud } from '../stacks/test-cloud.ts';
import { attackerOf, executionOf, invoke, startWaiter, statusOf } from './attacker.ts';
import { runApp, studioTemplate } from './studio-stack.ts';

const minute = 60_000;
let cloud: TestCloud;

beforeAll(async () => {
  const faults: Rule[] = [{ on: 'resource', fault: 'stuck', kind: 'app', during: 'delete', seconds: 300, count: 1 }];
  cloud = await startCloud({ faults });
});

afterAll(() => cloud.stop());

test('the state of a Delete that is over deletes nothing that the same stack has created since', async () => {
  const mallory = await attackerOf(cloud);
  const template = studioTemplate('studio-again');
  const { outputs } = await cloud.deploy('studio-again', { template });
  const DomainId = outputs.DomainId!;
  await runApp(cloud, DomainId);
  const removal = cloud.deploy('studio-again', { template: studioTemplate('studio-again', { hasProfile: false }) });
  const old = await executionOf(cloud, 'studio-again', 'UserProfile');
  expect(old.waiter.event.RequestType).toBe('Delete');
  expect((await removal).failures).toEqual([]);
  // It has the same physical id, and belongs to the same stack and logical id.
  expect((await cloud.deploy('studio-again', { template })).failures).toEqual([]);
  await cloud.pass(2 * minute);

  const profile = new DescribeUserProfileCommand({ DomainId, UserProfileName: 'ada' });
  for (const wait of [0, 60 * minute]) {
    // Within the time of that request, and once it is over.
    await cloud.pass(wait);
    expect(await invoke(mallory, 'studio-user-profile', { waiter: old.waiter })).toBeUndefined();
    const execution = await startWaiter(mallory, old);
    await cloud.until(async () => (await statusOf(mallory, execution)) !== 'RUNNING', 'the execution to end');
    await cloud.pass(minute);
    expect(await cloud.clients.sagemaker.send(profile)).toMatchObject({ Status: 'InService' });
  }
});
