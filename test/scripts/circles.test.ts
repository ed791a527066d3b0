import { checkCircles } from '../../scripts/check/circles.ts';

const file = (path: string, ...lines: string[]) => ({ path, text: lines.join('\n') });
const remedy = 'break this import circle; move what its modules share into a module of its own';

describe('import circles', () => {
  test('modules that import each other are one finding, with the whole way round', () => {
    const sources = [
      file('packages/core/src/a.ts', "import { b } from './b.ts';"),
      file('packages/core/src/b.ts', "import { c } from './folder/c.ts';"),
      file('packages/core/src/folder/c.ts', "import { a } from '../a.ts';", "import { b } from '../b.ts';"),
      file('packages/core/src/d.ts', "import { a } from './a.ts';"),
    ];
    expect(checkCircles(sources)).toEqual([
      `packages/core/src/a.ts → packages/core/src/b.ts → packages/core/src/folder/c.ts → packages/core/src/a.ts: ${remedy}`,
    ]);
  });

  test.each([
    ['a type', "import type { B } from './b.ts';"],
    ['an inline type', "import { type B } from './b.ts';"],
    ['what is exported again', "export { b } from './b.ts';"],
    ['what is loaded on demand', "const { b } = await import('./b.ts');"],
    ['names on several lines', "import {\n  b,\n  c,\n} from './b.ts';"],
  ])('an import of %s closes a circle', (_, statement) => {
    const sources = [file('test/a.ts', statement), file('test/b.ts', "import './a.ts';")];
    expect(checkCircles(sources)).toEqual([`test/a.ts → test/b.ts → test/a.ts: ${remedy}`]);
  });

  test('a module that imports itself is a circle', () => {
    expect(checkCircles([file('scripts/a.ts', "import { b } from './a.ts';")])).toEqual([
      `scripts/a.ts → scripts/a.ts: ${remedy}`,
    ]);
  });

  test('two circles are two findings', () => {
    const pair = (folder: string) => [
      file(`${folder}/a.ts`, "import './b.ts';"),
      file(`${folder}/b.ts`, "import './a.ts';"),
    ];
    expect(checkCircles([...pair('scripts'), ...pair('test')])).toHaveLength(2);
  });

  test('a circle through the names of packages is found, by a subpath as well', () => {
    const exports = { '.': { 'studio-resources': './src/index.ts', default: './dist/index.js' }, './*': './src/*.ts' };
    const circle = (name: string) => [
      file('packages/core/package.json', JSON.stringify({ name: '@studio-resources/core', exports })),
      file('packages/core/src/index.ts', "export { a } from './folder/a.ts';"),
      file('packages/core/src/folder/a.ts', `import { b } from '${name}';`),
    ];
    expect(checkCircles(circle('@studio-resources/core'))).toHaveLength(1);
    expect(checkCircles(circle('@studio-resources/core/folder/a'))).toHaveLength(1);
    expect(checkCircles(circle('@studio-resources/core/folder/other'))).toEqual([]);
    expect(checkCircles(circle('@studio-resources/local'))).toEqual([]);
  });

  test('imports that lead in one direction are silent', () => {
    const sources = [
      file('handlers/a.ts', "import { b } from './b.ts';", "import { c } from './c.ts';", "import 'node:fs';"),
      file('handlers/b.ts', "import { c } from './c.ts';"),
      file('handlers/c.ts', "import { S3Client } from '@aws-sdk/client-s3';"),
    ];
    expect(checkCircles(sources)).toEqual([]);
  });
});
