import { describeContract } from '../contract.ts';
import { awsError } from './fake-things.ts';
import { homeSeedLacks, homeSeedSubject } from './home-seed-subject.ts';
import { domainId as DomainId, homeSeedWorld } from './home-seed-world.ts';
import { ada, grace } from './home-tree.ts';

const start = async () => {
  const { tree, profiles, bundle, send, answer, close } = await homeSeedWorld();
  const homes = new Map<string, string>();
  for (const [name, uid] of Object.entries({ ada, grace })) {
    profiles.set(name, { statuses: ['InService'], uid: String(uid) });
    homes.set(name, tree.at(String(uid)));
  }
  for (const text of ['one', 'two'])
    await bundle(`${text}.zip`, { 'README.md': text, 'examples/train.py': 'print(1)' });
  const refuse = (code: string, message: string) => answer('GetObject', awsError(code, message));
  return homeSeedSubject({ DomainId, homes, send, refuse, close: async () => close() });
};

describeContract('home-seed against mocks', start, homeSeedLacks);
