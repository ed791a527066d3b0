import { createHash } from 'node:crypto';
import { S3Client } from '@aws-sdk/client-s3';
import { SageMakerClient } from '@aws-sdk/client-sagemaker';
import { jest } from '@jest/globals';
import { mockClient } from 'aws-sdk-client-mock';
import { handler, studioSetup } from '../../handlers/studio-setup.ts';
import { responseBucket } from '../packages/core/bucket.ts';
import { captured } from '../packages/core/console.ts';
import { lambda } from '../packages/core/event.ts';
import type { Answer, Sent } from '../subject.ts';
import { awsError } from './aws-error.ts';
import { envelope, withoutPauses } from './in-process.ts';

type Members = Record<string, unknown>;

/** The handler, with SageMaker and S3 played by a test, and with a Jupyter server that is real. */
export interface MockSetup {
  /** What SageMaker has, by the operation that describes it. */
  readonly has: Record<'DescribeDomain' | 'DescribeUserProfile' | 'DescribeSpace' | 'DescribeApp', Members | undefined>;
  /** What an app that starts becomes, after a few calls that describe it. */
  appBecomes: Members;
  /** What was called. */
  readonly calls: string[];
  /** Answers the next call of an operation; an Error is thrown. */
  answer(operation: string, answer: unknown): void;
  /** Puts an object into the bucket `setup`; gives its address, with its SHA-256 in the key. */
  put(text: string, ending?: string): string;
  send(request: Sent & { RequestId?: string }): Promise<Answer>;
  /** Sends an event that is not a request. */
  tell(event: unknown): Promise<unknown>;
  /** What the handler wrote to its log. */
  log(): Record<string, unknown>[];
  logged(): string;
  close(): void;
}

/** Every presigned URL is `url`. */
export function mockSetup(url: string): MockSetup {
  const has: MockSetup['has'] = {
    DescribeDomain: { DomainId: 'd-1', AuthMode: 'IAM', Status: 'InService' },
    DescribeUserProfile: { UserProfileName: 'ada', Status: 'InService' },
    DescribeSpace: undefined,
    DescribeApp: {
      AppArn: 'arn:aws:sagemaker:eu-west-1:111122223333:app/d-1/ada/jupyterserver/default',
      CreationTime: new Date(),
      Status: 'InService',
    },
  };
  const calls: string[] = [];
  const answers = new Map<string, unknown>();
  const objects = new Map<string, string>();
  let looks = 0;

  function sagemaker(operation: string): Members {
    if (operation === 'CreatePresignedDomainUrl') return { AuthorizedUrl: url };
    if (operation === 'CreateApp') {
      looks = 0;
      has.DescribeApp = {
        AppArn: 'arn:aws:sagemaker:eu-west-1:111122223333:app/new',
        CreationTime: new Date(),
        Status: 'Pending',
      };
      return {};
    }
    // A resource of this provider has created the domain.
    if (operation === 'ListTags' && has.DescribeDomain) {
      return { Tags: [{ Key: 'studio-resources:provider', Value: 'studio-resources' }] };
    }
    looks += 1;
    if (has.DescribeApp?.Status === 'Pending' && looks > 6) Object.assign(has.DescribeApp, world.appBecomes);
    const found = has[operation as keyof typeof has];
    if (!found) throw awsError('ResourceNotFound', `There is nothing for ${operation}`);
    return { ...found };
  }

  const mocks = { sagemaker: mockClient(SageMakerClient), s3: mockClient(S3Client) };
  for (const [service, mock] of Object.entries(mocks)) {
    mock.send.callsFake(async (command) => {
      const operation = command.constructor.name.replace(/Command$/, '');
      calls.push(operation);
      if (!studioSetup.permissions.some(({ action }) => action === `${service}:${operation}`)) {
        throw awsError('AccessDeniedException', `not authorized to perform: ${service}:${operation}`);
      }
      const answer = answers.get(operation);
      answers.delete(operation);
      if (answer instanceof Error) throw answer;
      if (answer !== undefined) return answer as never;
      if (service === 'sagemaker') return sagemaker(operation) as never;
      const { Bucket, Key } = Object(command.input);
      const text = objects.get(`s3://${Bucket}/${Key}`);
      if (text === undefined) throw awsError('NoSuchKey', 'The specified key does not exist.');
      return { Body: { transformToByteArray: async () => Buffer.from(text) } } as never;
    });
  }
  const lines = captured();
  withoutPauses();
  let requests = 0;

  const world: MockSetup = {
    appBecomes: { Status: 'InService' },
    has,
    calls,
    answer: (operation, answer) => void answers.set(operation, answer),
    put(text, ending = '.sh') {
      const uri = `s3://setup/${createHash('sha256').update(text).digest('hex')}${ending}`;
      objects.set(uri, text);
      return uri;
    },
    async send({ RequestId, ...sent }) {
      const bucket = await responseBucket();
      requests += 1;
      const event = { ...envelope(sent), RequestId: RequestId ?? `request-${requests}`, ResponseURL: bucket.url };
      await handler(event, lambda());
      await bucket.close();
      return bucket.answer() as Answer;
    },
    tell: (event) => handler(event, lambda()),
    log: () => lines.json(),
    logged: () => lines.text(),
    close() {
      for (const mock of Object.values(mocks)) mock.restore();
      jest.restoreAllMocks();
    },
  };
  return world;
}
