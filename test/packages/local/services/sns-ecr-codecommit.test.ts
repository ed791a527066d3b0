import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { servicePrincipal } from '../../../../packages/local/src/principal.ts';
import { codecommit } from '../../../../packages/local/src/services/codecommit/index.ts';
import { ecr } from '../../../../packages/local/src/services/ecr/index.ts';
import { sns } from '../../../../packages/local/src/services/sns/index.ts';
import { AuthorisedCloud, account, policyOf } from '../authorised-cloud.ts';
import { error } from '../studio.ts';

const cloud = new AuthorisedCloud([codecommit, ecr, sns]);
afterAll(() => cloud.cloud.close());

const bytes = (text: string) => new TextEncoder().encode(text);

test('a topic reaches an HTTP endpoint that has confirmed, and lets services in by its policy alone', async () => {
  const got: { Type: string; Token?: string; Subject?: string; Message: string }[] = [];
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    got.push(JSON.parse(body));
    response.end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const Endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  const { TopicArn } = await cloud.call(sns, 'CreateTopic', { Name: 'told' });
  expect(TopicArn).toBe(`arn:aws:sns:eu-west-1:${account}:told`);
  await cloud.call(sns, 'Subscribe', { TopicArn, Protocol: 'http', Endpoint });
  await cloud.call(sns, 'Publish', { TopicArn, Message: 'nobody has confirmed' });
  await expect(cloud.call(sns, 'ConfirmSubscription', { TopicArn, Token: 'x' })).rejects.toEqual(
    error('InvalidParameter'),
  );
  await cloud.call(sns, 'ConfirmSubscription', { TopicArn, Token: got[0]!.Token });
  const events = servicePrincipal('events.amazonaws.com', account);
  const publish = () => cloud.call(sns, 'Publish', { TopicArn, Subject: 'News', Message: 'hello' }, events);
  await expect(publish()).rejects.toEqual(error('AuthorizationError', 'SNS:Publish'));
  const AttributeValue = policyOf({
    Effect: 'Allow',
    Principal: { Service: 'events.amazonaws.com' },
    Action: 'sns:Publish',
    Resource: TopicArn,
  });
  await cloud.call(sns, 'SetTopicAttributes', { TopicArn, AttributeName: 'Policy', AttributeValue });
  await publish();
  await cloud.clock.pass(1000);
  while (got.length < 2) await new Promise((resolve) => setTimeout(resolve, 5));
  expect(got.map(({ Type, Subject, Message }) => [Type, Subject, Message])).toEqual([
    ['SubscriptionConfirmation', undefined, expect.stringContaining('told')],
    ['Notification', 'News', 'hello'],
  ]);
  await cloud.call(sns, 'DeleteTopic', { TopicArn });
  await expect(cloud.call(sns, 'Publish', { TopicArn, Message: 'x' })).rejects.toEqual(error('NotFound'));
  server.closeAllConnections();
  server.close();
});

test('an immutable tag is given once, and a repository with images goes only by force', async () => {
  const repositoryName = 'team/tools';
  const { repository } = await cloud.call(ecr, 'CreateRepository', {
    repositoryName,
    imageTagMutability: 'IMMUTABLE',
    imageScanningConfiguration: { scanOnPush: true },
  });
  expect(repository!.repositoryUri).toBe(`${account}.dkr.ecr.eu-west-1.amazonaws.com/team/tools`);
  const put = (text: string, imageTag: string) =>
    cloud.call(ecr, 'PutImage', { repositoryName, imageTag, imageManifest: JSON.stringify({ text }) });
  const { image } = await put('one', '1');
  await expect(put('two', '1')).rejects.toEqual(error('ImageTagAlreadyExistsException'));
  await expect(put('one', '1')).rejects.toEqual(error('ImageAlreadyExistsException'));
  await put('one', 'also');
  await cloud.clock.pass(60_000);
  const { imageDetails } = await cloud.call(ecr, 'DescribeImages', {
    repositoryName,
    imageIds: [{ imageTag: 'also' }],
  });
  expect(imageDetails).toMatchObject([
    { imageDigest: image!.imageId!.imageDigest, imageTags: ['1', 'also'], imageScanStatus: { status: 'COMPLETE' } },
  ]);
  await expect(cloud.call(ecr, 'DescribeImages', { repositoryName, imageIds: [{ imageTag: 'no' }] })).rejects.toEqual(
    error('ImageNotFoundException'),
  );
  await expect(cloud.call(ecr, 'DeleteRepository', { repositoryName })).rejects.toEqual(
    error('RepositoryNotEmptyException'),
  );
  await cloud.call(ecr, 'DeleteRepository', { repositoryName, force: true });
  await expect(put('three', '3')).rejects.toEqual(error('RepositoryNotFoundException'));
  await expect(cloud.call(ecr, 'CreateRepository', { repositoryName: 'Not-Small' })).rejects.toEqual(
    error('InvalidParameterException'),
  );
});

test('commits follow their parents on a branch, and files are read as of any of them', async () => {
  const repositoryName = 'app';
  await cloud.call(codecommit, 'CreateRepository', { repositoryName });
  const commit = (parentCommitId: string | undefined, path: string, text: string) =>
    cloud.call(codecommit, 'CreateCommit', {
      repositoryName,
      branchName: 'main',
      parentCommitId,
      putFiles: [{ filePath: path, fileContent: bytes(text) }],
    });
  const first = await commit(undefined, 'in/a.txt', 'one');
  await expect(commit(undefined, 'b.txt', 'x')).rejects.toEqual(error('ParentCommitIdRequiredException'));
  await expect(commit('0', 'b.txt', 'x')).rejects.toEqual(error('ParentCommitIdOutdatedException'));
  await expect(commit(first.commitId, 'in/a.txt', 'one')).rejects.toEqual(error('NoChangeException'));
  await expect(commit(first.commitId, '../a.txt', 'one')).rejects.toEqual(error('InvalidPathException'));
  const second = await commit(first.commitId, 'in/a.txt', 'two');
  expect(second.filesUpdated).toMatchObject([{ absolutePath: 'in/a.txt' }]);
  const { branch } = await cloud.call(codecommit, 'GetBranch', { repositoryName, branchName: 'main' });
  expect(branch!.commitId).toBe(second.commitId);
  const read = async (commitSpecifier?: string) => {
    const { fileContent } = await cloud.call(codecommit, 'GetFile', {
      repositoryName,
      commitSpecifier,
      filePath: 'in/a.txt',
    });
    return new TextDecoder().decode(fileContent);
  };
  expect([await read(), await read('main'), await read(first.commitId)]).toEqual(['two', 'two', 'one']);
  expect(await cloud.call(codecommit, 'GetFolder', { repositoryName, folderPath: '/' })).toMatchObject({
    subFolders: [{ absolutePath: 'in' }],
    files: [],
  });
});
