import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { servicePrincipal } from '../../packages/local/src/principal.ts';
import { sns } from '../../packages/local/src/services/sns/index.ts';
import { AuthorisedCloud, account, policyOf } from '../packages/local/authorised-cloud.ts';
import { error } from '../packages/local/studio.ts';
import { eventually } from './processes.ts';

const cloud = new AuthorisedCloud([sns]);
afterAll(() => cloud.cloud.close());

test('a topic delivers to a confirmed HTTP endpoint, and its policy decides which services may publish', async () => {
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
  await cloud.call(sns, 'Publish', { TopicArn, Message: 'no subscription is confirmed' });
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
  await eventually(() => got[1]);
  expect(got.map(({ Type, Subject, Message }) => [Type, Subject, Message])).toEqual([
    ['SubscriptionConfirmation', undefined, expect.stringContaining('told')],
    ['Notification', 'News', 'hello'],
  ]);
  await cloud.call(sns, 'DeleteTopic', { TopicArn });
  await expect(cloud.call(sns, 'Publish', { TopicArn, Message: 'x' })).rejects.toEqual(error('NotFound'));
  server.closeAllConnections();
  server.close();
});
