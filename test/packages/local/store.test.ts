import { Store } from '../../../packages/local/src/store.ts';

const scope = { account: '000000000000', region: 'us-east-1' };

test('a saved state is loaded with its tables, its tasks and its counter', () => {
  const store = new Store();
  store.table<{ Name: string }>('efs', scope, 'fileSystems').set('fs-1', { Name: 'home' });
  store.tasks.set(1, { id: 1, at: 5, service: 'efs', ...scope, task: 'available', argument: 'fs-1' });
  const last = store.next();

  const again = new Store();
  expect(again.load(store.save(1234))).toBe(1234);
  expect(again.table('efs', scope, 'fileSystems').get('fs-1')).toEqual({ Name: 'home' });
  expect([...again.tasks.values()]).toEqual([...store.tasks.values()]);
  expect(again.next()).toBe(last + 1);
});
