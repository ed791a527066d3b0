/** `npm run commit-message -- FILE` checks the subject of a commit message; git's commit-msg hook calls it. */
import { readFileSync } from 'node:fs';

const types = ['build', 'chore', 'ci', 'docs', 'feat', 'fix', 'perf', 'refactor', 'revert', 'style', 'test'];
const conventional = new RegExp(`^(${types.join('|')})(\\([a-z0-9-]+\\))?!?: \\S.*[^.\\s]$`);

/** Subjects that git writes: of a merge, of a revert, and of commits that a rebase folds into another. */
const byGit = /^(Merge |Revert "|(fixup|squash|amend)! )/;

const file = process.argv[2];
if (file === undefined) {
  console.error('Checking a commit message: name the file that holds it, such as .git/COMMIT_EDITMSG');
  process.exitCode = 1;
} else {
  const subject = readFileSync(file, 'utf8').split('\n', 1)[0]!.trimEnd();
  if (!conventional.test(subject) && !byGit.test(subject)) {
    console.error(
      `Checking the commit subject "${subject}": write it as "type(scope): summary" with no full stop at the end, such as "fix(studio-domain): wait for the file system". The types are ${types.join(', ')}`,
    );
    process.exitCode = 1;
  }
}
