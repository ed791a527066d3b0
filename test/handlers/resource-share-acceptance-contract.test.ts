import { RAMClient } from '@aws-sdk/client-ram';
import { handler, resourceShareAcceptance } from '../../handlers/resource-share-acceptance.ts';
import { ram } from '../../packages/local/src/services/ram/index.ts';
import { describeContract } from '../contract.ts';
import { mockService } from './mock-service.ts';
import { mockedWorld } from './service-world.ts';
import { shareLacks, shareSubject } from './share-subject.ts';

const start = () =>
  shareSubject(mockedWorld(mockService(handler, resourceShareAcceptance, RAMClient, ram)), 'eu-west-1');

describeContract('resource-share-acceptance against mocks', start, shareLacks);
