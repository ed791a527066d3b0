import { S3Client } from '@aws-sdk/client-s3';
import { handler, seedCode } from '../../handlers/seed-code.ts';
import { s3 } from '../../packages/local/src/services/s3/index.ts';
import { describeContract } from '../contract.ts';
import { mockService } from './mock-service.ts';
import { seedLacks, seedSubject } from './seed-subject.ts';
import { mockedWorld } from './service-world.ts';

const start = () => seedSubject(mockedWorld(mockService(handler, seedCode, S3Client, s3)), 'eu-west-1');

describeContract('seed-code against mocks', start, seedLacks);
