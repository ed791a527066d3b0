import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { installing, readProvider } from '../../scripts/check/provider.ts';
import { root } from '../../scripts/handlers.ts';
import { reviewPage } from '../../scripts/reference/review/page.ts';
import { readTemplateFile } from '../../scripts/templates/files.ts';

const textOf = (name: string) => readFileSync(join(root, 'handlers', `${name}.ts`), 'utf8');

/** The page that these changes of the templates' texts give. */
function pageOf(change: (text: string) => string = (text) => text): Promise<string> {
  const templates = installing.map((name) => {
    const path = `cloudformation/${name}`;
    const text = change(readFileSync(join(root, path), 'utf8'));
    return { ...readTemplateFile(path, text), functions: readProvider(text, name).functions };
  });
  return reviewPage(templates, textOf);
}

const sectionOf = (page: string, type: string) => page.split(`\n### ${type}\n`)[1]!.split('\n### ')[0]!;

test('each function has its ARN, what narrows it, and the rights of its role that change something apart from others', async () => {
  const page = await pageOf();
  expect(page).toContain('`arn:aws:lambda:<Region>:<account>:function:${NamePrefix}-seed-code`');
  const seedCode = sectionOf(page, 'Custom::SeedCode');
  expect(seedCode).toContain('**Narrowed by:** `SeedCodeBuckets`');
  const [changes, reads] = seedCode.split('<details>');
  expect(changes).toMatch(/`s3:PutObject`.*aws:ResourceAccount/);
  expect(changes).not.toMatch(/s3:GetObject`|logs:|kms:/);
  expect(reads).toContain('`s3:GetObject`');
});

test('a right that is added to a role is on the page, under its condition', async () => {
  const added = (text: string) =>
    text.replaceAll('- s3:DeleteObjectVersion\n', '- s3:DeleteObjectVersion\n                  - s3:PutBucketPolicy\n');
  expect(sectionOf(await pageOf(), 'Custom::SeedCode')).not.toContain('s3:PutBucketPolicy');
  expect(sectionOf(await pageOf(added), 'Custom::SeedCode')).toMatch(/`s3:PutBucketPolicy`.*aws:ResourceAccount/);
});

test('a function that no template installs is an error that names the file with the words', async () => {
  await expect(reviewPage([], textOf)).rejects.toThrow('scripts/reference/review/reach.ts has no HomeSeed');
});
