import { CookieJar } from '../../../packages/jupyter/src/cookies.ts';

const studio = new URL('https://d-1.studio.eu-west-1.sagemaker.aws/auth');

function setting(...cookies: string[]): Headers {
  const headers = new Headers();
  for (const cookie of cookies) headers.append('set-cookie', cookie);
  return headers;
}

test('cookies are sent to the origin that set them, and to no other', () => {
  const jar = new CookieJar();
  jar.store(studio, setting('session=secret; Path=/; HttpOnly', '_xsrf="2|a|b"; Path=/jupyter/default/'));
  expect(jar.headerFor(new URL('/jupyter/default/api', studio))).toBe('session=secret; _xsrf="2|a|b"');
  expect(jar.find(studio, '_xsrf')).toBe('2|a|b');
  for (const other of ['https://d-2.studio.eu-west-1.sagemaker.aws', 'http://d-1.studio.eu-west-1.sagemaker.aws']) {
    expect(jar.headerFor(new URL(other))).toBeUndefined();
    expect(jar.find(new URL(other), 'session')).toBeUndefined();
  }
});

test('a cookie can be replaced and removed', () => {
  const jar = new CookieJar();
  jar.store(studio, setting('a=1', 'b=2', 'c=3'));
  jar.store(studio, setting('a=4=5', 'b=; Max-Age=0', 'c=""; expires=Thu, 01 Jan 1970 00:00:00 GMT', 'nonsense'));
  expect(jar.headerFor(studio)).toBe('a=4=5');
});

test('what no header may contain, and what is too much, is not kept', () => {
  const jar = new CookieJar();
  jar.store(
    studio,
    setting('a b=1', 'c=\u00e9', 'd=\u0001'.replace('\u0001', '\u0080'), `e=${'v'.repeat(5000)}`, 'f=6'),
  );
  expect(jar.headerFor(studio)).toBe('f=6');
  jar.store(studio, setting(...Array.from({ length: 1000 }, (_, index) => `n${index}=${'v'.repeat(100)}`)));
  const header = jar.headerFor(studio) ?? '';
  expect(header).toMatch(/^f=6; n0=/);
  expect(header.length).toBeLessThan(12_200);
});
