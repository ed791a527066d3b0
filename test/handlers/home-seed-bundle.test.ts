import { strToU8, type Zippable, zipSync } from 'fflate';
import { pathProblem } from '../../handlers/home-seed/path.ts';
import { unzip } from '../../handlers/home-seed/unzip.ts';

const limits = { maxFiles: 10, maxBytes: 10_000 };
const unix = (mode: number) => ({ os: 3, attrs: mode * 0x10000 });

/** A zip in which some bytes are others: `at` finds the place. */
function spoiled(zip: Uint8Array, signature: number, offset: number, bytes: number[]): Uint8Array {
  const buffer = Buffer.from(zip);
  const at = buffer.indexOf(Buffer.from(new Uint32Array([signature]).buffer));
  buffer.set(bytes, at + offset);
  return buffer;
}

const one = zipSync({ 'a.txt': strToU8('hello hello hello hello hello') });

test('files come with their content, and with the one bit of their mode that is taken', () => {
  const files: Zippable = {
    'a.txt': [strToU8('a'), { level: 0 }],
    'bin/run': [strToU8('run '.repeat(100)), unix(0o104755)],
    'é/ü.txt': [strToU8('ü'), unix(0o100600)],
    'empty/': [new Uint8Array(), unix(0o040755)],
  };
  expect(unzip(zipSync(files), limits)).toEqual([
    { name: 'a.txt', content: Buffer.from('a'), executable: false },
    { name: 'bin/run', content: Buffer.from('run '.repeat(100)), executable: true },
    { name: 'é/ü.txt', content: Buffer.from('ü'), executable: false },
  ]);
});

test.each<[string, Uint8Array, string]>([
  ['a text', strToU8('hello'), 'it is not a zip'],
  ['a long text', strToU8('hello'.repeat(20_000)), 'it is not a zip'],
  ['the half of a zip', one.subarray(0, one.length / 2), 'it is not a zip'],
  ['a link', zipSync({ 'home/link': [strToU8('/etc/passwd'), unix(0o120777)] }), 'home/link is a link; put a copy'],
  ['a pipe', zipSync({ pipe: [new Uint8Array(), unix(0o010644)] }), 'pipe is neither a file nor a folder'],
  ['a device', zipSync({ null: [new Uint8Array(), unix(0o020666)] }), 'null is neither a file nor a folder'],
  ['an encrypted file', spoiled(one, 0x02014b50, 8, [1, 0]), 'a.txt is encrypted'],
  ['another method', spoiled(one, 0x02014b50, 10, [12, 0]), 'a.txt is packed by method 12'],
  ['a damaged checksum', spoiled(one, 0x02014b50, 16, [0, 0, 0, 0]), 'a.txt is damaged'],
  ['a file that claims to be shorter', spoiled(one, 0x02014b50, 24, [3, 0, 0, 0]), 'a.txt is damaged'],
  ['a file that claims to be longer', spoiled(one, 0x02014b50, 24, [99, 0, 0, 0]), 'a.txt is damaged'],
  ['a file that lies behind the end', spoiled(one, 0x02014b50, 42, [0, 0, 1, 0]), 'a.txt is damaged'],
  ['packed bytes behind the end', spoiled(one, 0x02014b50, 20, [0, 0, 1, 0]), 'a.txt is damaged'],
  ['more entries than there are', spoiled(one, 0x06054b50, 10, [9, 0]), 'its directory is damaged'],
  ['a directory at another offset', spoiled(one, 0x06054b50, 16, [1, 0, 0, 0]), 'its directory is damaged'],
  ['a name longer than the directory', spoiled(one, 0x02014b50, 28, [255, 255]), 'its directory is damaged'],
  [
    'a zip of the very large kind',
    spoiled(one, 0x06054b50, 10, [255, 255]),
    'it is a Zip64 file, which is not supported',
  ],
  ['a name in another encoding', spoiled(one, 0x02014b50, 46, [0xe4]), 'is not in UTF-8'],
  [
    'too many files',
    zipSync(Object.fromEntries(Array.from({ length: 11 }, (_, number) => [`${number}.txt`, strToU8('x')]))),
    'it has more than 10 files',
  ],
  [
    'far more than it seems',
    zipSync({ 'bomb.txt': new Uint8Array(10_000_000) }),
    'it has 10000000 bytes once it is unpacked, and at most 10000 are allowed',
  ],
  [
    'far more than it says',
    spoiled(zipSync({ 'bomb.txt': new Uint8Array(10_000_000) }), 0x02014b50, 24, [16, 0, 0, 0]),
    'bomb.txt is damaged',
  ],
])('a bundle with %s is refused', (_, zip, problem) => {
  expect(() => unzip(zip, limits)).toThrow(problem);
});

test('a zip may have something before it and a comment behind it', () => {
  const buffer = Buffer.concat([one, Buffer.from('bye')]);
  buffer.writeUInt16LE(3, one.length - 2);
  expect(unzip(buffer, limits)).toHaveLength(1);
});

test.each([
  ['/etc/passwd', 'it is absolute'],
  ['../x', 'it leads out of its folder, by ..'],
  ['a/../../x', 'it leads out of its folder, by ..'],
  ['a/..', 'it leads out of its folder, by ..'],
  ['..\\x', 'it has a backslash'],
  ['C:x', 'it begins with a drive letter'],
  ['c:/windows', 'it begins with a drive letter'],
  ['a\0b', 'it has a control character'],
  ['a\nb', 'it has a control character'],
  ['', 'it is empty'],
  ['a//b', 'it has an empty name'],
  ['a/', 'it has an empty name'],
  ['./a', 'or a dot for one'],
  ['a/.', 'or a dot for one'],
  ['a\ud800', 'it is not well-formed Unicode'],
  ['.studio-resources/0123456789abcdef.json', '.studio-resources is reserved for the records of seeds'],
  ['a/.studio-resources-00', 'are for temporary files'],
])('the path %j is refused', (path, problem) => {
  expect(pathProblem(path)).toContain(problem);
});

test('a path that is too long or too deep is refused', () => {
  expect(pathProblem('a/'.repeat(40).concat('b'))).toBe('it is more than 32 folders deep');
  expect(pathProblem('ä'.repeat(128))).toBe('a name in it has over 255 bytes');
  expect(pathProblem('a/b'.repeat(400))).toBe('it has more than 1024 bytes');
});

test.each(['a', 'a/b.txt', '.bashrc', '...', 'a b/c:d', '日本/語.txt', '.studio-resources.txt', '~/x', '-rf'])(
  'the path %j is taken as it is',
  (path) => {
    expect(pathProblem(path)).toBeUndefined();
  },
);
