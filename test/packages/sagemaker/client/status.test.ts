import { jest } from '@jest/globals';
import { BusyError } from '../../../../packages/sagemaker/src/client/client.ts';
import { updateWhenIdle } from '../../../../packages/sagemaker/src/client/status.ts';

const before = { Status: 'InService', LastModifiedTime: new Date(1000) };
const refusal = Object.assign(new Error('Unable to update Domain because it is in Updating status'), {
  name: 'ResourceInUse',
});
const refuse = () => Promise.reject(refusal);

function update(change: () => Promise<unknown>, now?: { Status: string; LastModifiedTime?: Date }, was = before) {
  return updateWhenIdle('Updating domain d-1', was, change, () => Promise.resolve(now));
}

test('a change is not sent while the resource is in transition', async () => {
  const change = jest.fn<() => Promise<unknown>>();
  await expect(update(change, undefined, { ...before, Status: 'Updating' })).rejects.toThrow(
    new BusyError('Updating domain d-1: it is Updating'),
  );
  expect(change).not.toHaveBeenCalled();
});

test('a refusal because an earlier attempt is in progress is retried, and is the cause', async () => {
  const busy = await update(refuse, { ...before, Status: 'Updating' }).catch((error: BusyError) => error);
  expect(busy).toMatchObject({ name: 'BusyError', message: 'Updating domain d-1: it is Updating', cause: refusal });
});

test('a refusal because of a change that has since ended is retried', async () => {
  await expect(update(refuse, { ...before, LastModifiedTime: new Date(2000) })).rejects.toThrow(BusyError);
});

test('a refusal while the resource is in a steady status is final, because waiting would not help', async () => {
  await expect(update(refuse, before)).rejects.toBe(refusal);
});

test('any other error is passed on unchanged, without another read', async () => {
  const error = new Error('Subnets are in another VPC');
  const look = jest.fn<() => Promise<undefined>>();
  await expect(updateWhenIdle('Updating', before, () => Promise.reject(error), look)).rejects.toBe(error);
  expect(look).not.toHaveBeenCalled();
});
