import { pageOf } from '../../pages.ts';
import { getImage } from './image.ts';
import { checkAliases, getVersion, getVersionToChange, versionsOf } from './image-version.ts';
import { inUse, invalid, type Operations } from './records.ts';

/** What is said of a version beside its number, and its aliases, can be changed; what it consists of cannot. */
export const imageAliasOperations: Operations = {
  UpdateImageVersion(request, call) {
    const { ImageName: _, Version: __, Alias: ___, AliasesToAdd = [], AliasesToDelete = [], ...described } = request;
    const version = getVersionToChange(request, call);
    if (version.shown.Status !== 'CREATED') throw inUse(`ImageVersion [${version.arn}] is in an invalid state.`);
    const added = AliasesToAdd.filter((alias) => !version.aliases.includes(alias));
    checkAliases(version.ImageName, added, call);
    const kept = version.aliases.filter((alias) => !AliasesToDelete.includes(alias));
    version.aliases = [...new Set([...kept, ...AliasesToAdd])];
    Object.assign(version.shown, described, { LastModifiedTime: new Date(call.clock.now()) });
    return { ImageVersionArn: version.arn };
  },

  ListAliases(request, call) {
    const { ImageName = '', Version, Alias, NextToken, MaxResults = 100 } = request;
    getImage(ImageName, call);
    const isOne = Version !== undefined || Alias !== undefined;
    const versions = isOne ? [getVersion(request, call)] : versionsOf(ImageName, call);
    const { items, token } = pageOf(
      versions.flatMap(({ aliases }) => aliases),
      (alias) => alias,
      { token: NextToken, size: MaxResults },
      () => invalid('Invalid NextToken'),
    );
    return { SageMakerImageVersionAliases: items, NextToken: token };
  },
};
