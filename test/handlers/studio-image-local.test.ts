import { studioImage } from '../../handlers/studio-image.ts';
import { describeContract } from '../contract.ts';
import { imageSubject } from './image-subject.ts';
import { localWorld } from './local-world.ts';

const start = async () => {
  const world = await localWorld('studio-image', 'Image', studioImage);
  return imageSubject(world, { DomainId: await world.makeDomain('team'), executionRole: world.executionRole });
};

describeContract('studio-image, built, against the local cloud', start, ['collisions']);
