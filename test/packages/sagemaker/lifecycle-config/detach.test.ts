import {
  DescribeDomainCommand,
  ListDomainsCommand,
  ListSpacesCommand,
  ListUserProfilesCommand,
  SageMakerClient,
  UpdateDomainCommand,
} from '@aws-sdk/client-sagemaker';
import type { Context } from '@studio-resources/core';
import { detachOrReplace } from '@studio-resources/sagemaker/lifecycle-config/attach';
import { mockClient } from 'aws-sdk-client-mock';

const sagemaker = mockClient(SageMakerClient);
afterAll(() => sagemaker.restore());

const DomainId = 'd-1';
const version = { name: 'setup-1', arn: 'arn:aws:sagemaker:eu-west-1:111122223333:studio-lifecycle-config/setup-1' };

/** The domain has the lifecycle configuration, and its last update failed then. */
function failedAt(LastModifiedTime: Date): void {
  const DefaultUserSettings = { JupyterLabAppSettings: { LifecycleConfigArns: [version.arn] } };
  const FailureReason = 'EFS is out of space';
  const domain = { DomainId, Status: 'Update_Failed', FailureReason, LastModifiedTime, DefaultUserSettings } as const;
  sagemaker.on(DescribeDomainCommand).resolves(domain);
}

beforeEach(() => {
  sagemaker.reset();
  sagemaker.on(ListDomainsCommand).resolves({ Domains: [{ DomainId }] });
  sagemaker.on(ListUserProfilesCommand).resolves({ UserProfiles: [] });
  sagemaker.on(ListSpacesCommand).resolves({ Spaces: [] });
  sagemaker.on(UpdateDomainCommand).resolves({});
});

test('of a creation that is cancelled, a domain whose attaching failed is detached once', async () => {
  const begun = Date.now() - 60_000;
  const ctx = { since: new Date(begun), notes: {} } as unknown as Context;
  failedAt(new Date(begun + 1000));
  expect(await detachOrReplace(version, undefined, ctx)).toEqual([]);
  const [call] = sagemaker.commandCalls(UpdateDomainCommand);
  expect(call?.args[0].input).toMatchObject({
    DefaultUserSettings: { JupyterLabAppSettings: { LifecycleConfigArns: [] } },
  });

  failedAt(new Date(Date.now() + 1000));
  expect(await detachOrReplace(version, undefined, ctx)).toEqual([
    'domain d-1: it is Update_Failed: EFS is out of space',
  ]);
  expect(sagemaker.commandCalls(UpdateDomainCommand)).toHaveLength(1);
});
